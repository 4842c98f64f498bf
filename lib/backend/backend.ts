import type { Duration } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Problem } from '../errors';
import { checkBackendOptions } from './check-options';
import {
  applicationListenerTarget,
  applicationLoadBalancerTarget,
  type LoadBalancerTarget,
  networkLoadBalancerTarget,
} from './load-balancer-target';

/**
 * What becomes of a service's answers.
 */
export enum BackendResponses {
  /** They pass as they are, and so do headers of requests that nobody declared. */
  PROXIED = 'proxied',
  /**
   * Only what the document declares passes: statuses, and headers of each. HSTS and `nosniff` are added; an answer
   * of an undeclared kind becomes the gateway's own 400 or 502. Requests carry declared headers only. An operation
   * needs some 3.2 KB of the template then, in place of 1.2 KB: 250 fit in one.
   */
  MAPPED = 'mapped',
}

/**
 * How requests reach a private service.
 */
export interface BackendOptions {
  /**
   * Name in the service's certificate. It is the host of every request to the service, and API Gateway
   * verifies the certificate against it; it need not resolve in DNS.
   */
  readonly serverName: string;

  /**
   * Path put before each operation's own, for example `/v2`.
   *
   * @default - none
   */
  readonly basePath?: string;

  /**
   * Port of the load balancer's listener.
   *
   * @default 443 (the listener's own where one is given; 80 with `allowPlainHttp`)
   */
  readonly port?: number;

  /**
   * How long API Gateway waits for the service, 50 milliseconds to 5 minutes. More than 29 seconds need a
   * raised account quota.
   *
   * @default Duration.seconds(29)
   */
  readonly timeout?: Duration;

  /**
   * Headers sent with every request to the service, in place of a caller's of the same name: a text, which stands
   * in the template and so is no place for a secret, or a variable that every request has, such as
   * `$context.identity.sourceIp` or `$context.requestTimeEpoch`.
   *
   * @default - none
   */
  readonly headers?: Record<string, string>;

  /**
   * Shows a certificate to the service: one that API Gateway makes, the same for all services of the gateway. AWS
   * does not say whether it comes through a VPC link; the service must refuse connections without it all the same.
   *
   * @default false
   */
  readonly clientCertificate?: boolean;

  /**
   * What becomes of the service's answers.
   *
   * @default BackendResponses.PROXIED
   */
  readonly responses?: BackendResponses;

  /**
   * VPC of the load balancer.
   *
   * @default - the load balancer's; needed when it was imported without
   */
  readonly vpc?: ec2.IVpc;

  /**
   * Subnets the VPC link stands in: private, in at least two availability zones. Backends in one VPC share
   * its link, so they must name the same.
   *
   * @default - one private subnet of each availability zone
   */
  readonly linkSubnets?: ec2.SubnetSelection;

  /**
   * Talks to the service in clear text within the VPC.
   *
   * @default false
   */
  readonly allowPlainHttp?: boolean;

  /**
   * Accepts a certificate of a private CA: only the issuer goes unverified; name and expiry are still checked.
   *
   * @default false
   */
  readonly skipIssuerVerification?: boolean;

  /**
   * Accepts a load balancer that anyone on the internet can call past the gateway.
   *
   * @default false
   */
  readonly allowInternetFacing?: boolean;

  /**
   * Accepts a load balancer whose security group admits any address, or that has no security group.
   *
   * @default false
   */
  readonly allowOpenGroup?: boolean;
}

/**
 * How requests reach the service behind a listener.
 */
export interface BackendListenerOptions extends BackendOptions {
  /**
   * Load balancer of the listener.
   *
   * @default - the listener's own; needed when the listener was imported
   */
  readonly loadBalancer?: elbv2.IApplicationLoadBalancer;
}

/**
 * A private service that is reached through a VPC link only.
 *
 * The load balancer may be new or imported, and live in this stack or another. The gateway's VPC link gets a
 * security group of its own; rules let it reach the listener's port, and the load balancer admit it.
 *
 * @example
 *
 * Backend.applicationLoadBalancer(alb, { serverName: 'orders.internal.example.com' });
 */
export class Backend {
  /** A service behind an Application Load Balancer. */
  public static applicationLoadBalancer(
    loadBalancer: elbv2.IApplicationLoadBalancer,
    options: BackendOptions,
  ): Backend {
    return new Backend(applicationLoadBalancerTarget(loadBalancer, options), options);
  }

  /** A service behind one listener of an Application Load Balancer. */
  public static applicationListener(
    listener: elbv2.IApplicationListener,
    options: BackendListenerOptions,
  ): Backend {
    return new Backend(applicationListenerTarget(listener, options), options);
  }

  /** A service behind a Network Load Balancer, which needs a security group. */
  public static networkLoadBalancer(
    loadBalancer: elbv2.INetworkLoadBalancer,
    options: BackendOptions,
  ): Backend {
    return new Backend(networkLoadBalancerTarget(loadBalancer, options), options);
  }

  private constructor(
    /** @internal */
    public readonly _target: LoadBalancerTarget,
    /** @internal */
    public readonly _options: BackendOptions,
  ) {}

  /**
   * Prefix of every URI of the service, without a slash at its end.
   *
   * @internal
   */
  public get _uri(): string {
    const { serverName, basePath = '', allowPlainHttp = false } = this._options;
    const scheme = allowPlainHttp ? 'http' : 'https';
    const port = this._target.port === (allowPlainHttp ? 80 : 443) ? '' : `:${this._target.port}`;
    return `${scheme}://${serverName}${port}${basePath}`;
  }

  /**
   * What is wrong with the options, in terms of the props.
   *
   * @internal
   */
  public _problems(at: string, identityHeaders: readonly string[]): Problem[] {
    return [...checkBackendOptions(at, this._options, identityHeaders), ...this._target.problems(at)];
  }
}
