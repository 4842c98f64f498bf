import { join } from 'node:path';
import { Annotations, type Duration, Stack, type StackProps } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import {
  ApiKeyStore,
  Authentication,
  Backend,
  Countries,
  InjectionDetection,
  OpenApiDocument,
  Quota,
  SecureApiGateway,
  type Throttle,
} from 'cdk-secure-api-gateway';
import type { Construct } from 'constructs';

export interface OrdersStackProps extends StackProps {
  /** OpenID provider whose tokens are accepted. */
  readonly issuer: string;
  readonly audience: string;
  /** Name in the certificate of the internal load balancer. */
  readonly serverName: string;
  /** That certificate; without it the template can be read and run here, but not deployed. */
  readonly certificateArn?: string;
  readonly throttle?: Throttle;
  /** How long a revoked API key may still work. */
  readonly revokeWithin?: Duration;
  /** Who is told when something is wrong; nobody by default. */
  readonly alarmTopic?: ITopic;
}

/**
 * A private network, a service behind an internal load balancer, and the gateway as the only way in.
 */
export class OrdersStack extends Stack {
  public readonly gateway: SecureApiGateway;

  constructor(scope: Construct, id: string, props: OrdersStackProps) {
    super(scope, id, props);

    this.gateway = new SecureApiGateway(this, 'Gateway', {
      definition: OpenApiDocument.fromFile(join(__dirname, 'openapi.yaml')),
      authentication: {
        customer: Authentication.jwt({ issuer: props.issuer, audiences: [props.audience] }),
        machine: Authentication.apiKey({ keys: new ApiKeyStore(this, 'Keys') }),
      },
      backends: {
        orders: Backend.applicationLoadBalancer(this.service(props.certificateArn), {
          serverName: props.serverName,
        }),
      },
      tiers: {
        trial: { rate: 5, burst: 10, quota: Quota.perDay(2) },
        partner: { rate: 50, burst: 100 },
      },
      edge: {
        deny: ['198.51.100.0/24'],
        countries: Countries.allBut('KP'),
        injection: InjectionDetection.OWN,
      },
      throttle: props.throttle,
      revokeWithin: props.revokeWithin,
      audit: { alarmTopic: props.alarmTopic },
    });
  }

  /** Stands for your service. Its network has no way in or out but through the gateway's VPC link. */
  private service(certificateArn = this.placeholderCertificate()): elb.ApplicationLoadBalancer {
    const vpc = new ec2.Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'Service', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
    });
    const loadBalancer = new elb.ApplicationLoadBalancer(this, 'LoadBalancer', {
      vpc,
      internetFacing: false,
      dropInvalidHeaderFields: true,
    });
    loadBalancer.addListener('Https', {
      port: 443,
      open: false,
      sslPolicy: elb.SslPolicy.TLS13_RES,
      certificates: [acm.Certificate.fromCertificateArn(this, 'Certificate', certificateArn)],
      defaultAction: elb.ListenerAction.fixedResponse(200, {
        contentType: 'application/json',
        messageBody: '{"status":"ok"}',
      }),
    });
    return loadBalancer;
  }

  private placeholderCertificate(): string {
    Annotations.of(this).addWarningV2(
      'orders:placeholder-certificate',
      "no 'certificateArn': this template can be read and run here, but not deployed",
    );
    return this.formatArn({
      service: 'acm',
      resource: 'certificate',
      resourceName: '00000000-0000-0000-0000-000000000000',
    });
  }
}
