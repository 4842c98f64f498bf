import { Resource, type ResourceEnvironment, Token } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IConstruct } from 'constructs';
import type { Problem } from '../errors';
import { renderedProperties } from '../rendered-properties';
import type { BackendListenerOptions, BackendOptions } from './backend';
import { groupExposures, schemeExposures } from './exposure';

/** The load balancer a backend stands behind, whatever its kind. */
export interface LoadBalancerTarget {
  readonly arn: string;
  readonly port: number;
  readonly vpc?: ec2.IVpc;
  readonly connectable: ec2.IConnectable;

  /** What can be told when the backend is given. */
  problems(at: string): Problem[];

  /** Where the gateway stands that it cannot be reached from. */
  distances(at: string, gateway: ResourceEnvironment): Problem[];

  /** What can be told only when the app is complete: listeners and rules may come after the gateway. */
  exposures(at: string): Problem[];

  /** What changes when CloudFormation replaces the load balancer, to be asked when the app is complete. */
  identity(): string;
}

export function applicationLoadBalancerTarget(
  loadBalancer: elbv2.IApplicationLoadBalancer,
  options: BackendOptions,
): LoadBalancerTarget {
  const port = options.port ?? defaultPort(options);
  const listeners = (): IConstruct[] | undefined =>
    loadBalancer instanceof elbv2.ApplicationLoadBalancer ? loadBalancer.listeners : undefined;

  return target({ loadBalancer, connectable: loadBalancer, port, options, listeners });
}

export function applicationListenerTarget(
  listener: elbv2.IApplicationListener,
  options: BackendListenerOptions,
): LoadBalancerTarget {
  const owned = listener instanceof elbv2.ApplicationListener ? listener : undefined;

  return target({
    loadBalancer: options.loadBalancer ?? owned?.loadBalancer,
    connectable: listener,
    port: options.port ?? owned?.port ?? defaultPort(options),
    options,
    listeners: () => (owned ? [owned] : undefined),
  });
}

export function networkLoadBalancerTarget(
  loadBalancer: elbv2.INetworkLoadBalancer,
  options: BackendOptions,
): LoadBalancerTarget {
  const listeners = (): IConstruct[] | undefined =>
    loadBalancer instanceof elbv2.NetworkLoadBalancer
      ? loadBalancer.node.findAll().filter((child) => child instanceof elbv2.NetworkListener)
      : undefined;

  return target({
    loadBalancer,
    connectable: loadBalancer,
    port: options.port ?? defaultPort(options),
    options,
    listeners,
  });
}

interface TargetParts {
  readonly loadBalancer: elbv2.IApplicationLoadBalancer | elbv2.INetworkLoadBalancer | undefined;
  readonly connectable: ec2.IConnectable;
  readonly port: number;
  readonly options: BackendOptions;
  /** Undefined where they cannot be known: the load balancer was imported. */
  readonly listeners: () => IConstruct[] | undefined;
}

function target({ loadBalancer, connectable, port, options, listeners }: TargetParts): LoadBalancerTarget {
  const vpc = options.vpc ?? loadBalancer?.vpc;
  const schemeProblems = (at: string) =>
    loadBalancer && !options.allowInternetFacing ? schemeExposures(at, loadBalancer) : [];

  return {
    arn: loadBalancer?.loadBalancerArn ?? '',
    port,
    ...(vpc && { vpc }),
    connectable,

    problems: (at) => [
      ...(loadBalancer ? [] : [noLoadBalancer(at)]),
      ...(vpc ? [] : [noVpc(at)]),
      ...schemeProblems(at),
    ],

    // what is imported may be a stand-in until it is looked up
    distances: (at, gateway) =>
      loadBalancer && Resource.isOwnedResource(loadBalancer) ? distances(at, loadBalancer.env, gateway) : [],

    exposures: (at) => [
      // once more: the scheme may be overridden later
      ...schemeProblems(at),
      ...listenerProblems(at, port, options, listeners()),
      ...(options.allowOpenGroup ? [] : groupExposures(at, connectable)),
    ],

    identity: () => identityOf(loadBalancer),
  };
}

/** Its reference keeps its text when one of these replaces it. */
function identityOf(loadBalancer: IConstruct | undefined): string {
  const resource = loadBalancer?.node.defaultChild;
  if (!(resource instanceof elbv2.CfnLoadBalancer)) return '';

  const { Name, Scheme, Type } = renderedProperties(resource);
  return JSON.stringify([Name, Scheme, Type]);
}

function listenerProblems(
  at: string,
  port: number,
  options: BackendOptions,
  listeners: IConstruct[] | undefined,
): Problem[] {
  if (!listeners) return [];
  if (Token.isUnresolved(port)) return [unknownPort(at)];

  const protocols = listeners
    .map(({ node }) => node.defaultChild)
    .filter((child) => child instanceof elbv2.CfnListener)
    .map(renderedProperties)
    .filter(({ Port }) => Port === port)
    .map(({ Protocol }) => Protocol);

  if (protocols.length === 0) return [noListener(at, port)];
  return protocols.includes('HTTP') && !options.allowPlainHttp ? [plainListener(at, port)] : [];
}

function defaultPort({ allowPlainHttp }: BackendOptions): number {
  return allowPlainHttp ? 80 : 443;
}

function noLoadBalancer(at: string): Problem {
  return {
    code: 'BACKEND_LOAD_BALANCER',
    at,
    message: 'the load balancer of an imported listener is not known',
    remedy: "name it in 'loadBalancer'",
  };
}

function noVpc(at: string): Problem {
  return {
    code: 'BACKEND_VPC',
    at,
    message: 'the VPC of an imported load balancer is not known',
    remedy: "name it in 'vpc', or in the attributes the load balancer is imported with",
  };
}

/** A VPC link reaches load balancers of its own account and region (aws-facts 1.1). */
function distances(at: string, target: ResourceEnvironment, gateway: ResourceEnvironment): Problem[] {
  const isElsewhere = (['account', 'region'] as const).some(
    (part) =>
      !Token.isUnresolved(target[part]) &&
      !Token.isUnresolved(gateway[part]) &&
      target[part] !== gateway[part],
  );
  if (!isElsewhere) return [];

  return [
    {
      code: 'BACKEND_ENVIRONMENT',
      at,
      message: `the load balancer stands in ${target.account}, ${target.region}, and the gateway in ${gateway.account}, ${gateway.region}: a VPC link reaches neither another account nor another region`,
      remedy: 'put a load balancer where the gateway is, or the gateway where the load balancer is',
    },
  ];
}

function unknownPort(at: string): Problem {
  return {
    code: 'BACKEND_PORT',
    at,
    message: 'the port is known at deployment only, so that nobody can tell whether its listener speaks TLS',
    remedy: "write a number in 'port', and give the listener the same",
  };
}

function noListener(at: string, port: number): Problem {
  return {
    code: 'BACKEND_LISTENER',
    at,
    message: `the load balancer has no listener on port ${port}`,
    remedy: "add one, or name the port of an existing one in 'port'",
  };
}

function plainListener(at: string, port: number): Problem {
  return {
    code: 'BACKEND_PLAIN_HTTP',
    at,
    message: `the listener on port ${port} speaks plain HTTP`,
    remedy: "give it a certificate, or set 'allowPlainHttp: true' to accept clear text within the VPC",
  };
}
