import { type Duration, Stack, type StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Construct } from 'constructs';
import {
  ApiKeyStore,
  Authentication,
  Backend,
  OpenApiDocument,
  SecureApiGateway,
  type Throttle,
} from '../lib';

export interface ServiceStackProps extends StackProps {
  readonly definition: string;
  readonly jwtScheme?: string;
  readonly issuer: string;
  readonly audience: string;
  readonly apiKeyScheme?: string;
  readonly backend: string;
  readonly serverName: string;
  readonly loadBalancerArn: string;
  readonly loadBalancerSecurityGroupId: string;
  readonly vpcId: string;
  readonly availabilityZones: string[];
  readonly privateSubnetIds: string[];
  readonly throttle: Throttle;
  readonly revokeWithin: Duration;
}

/**
 * A gateway before a service that exists already.
 */
export class ServiceStack extends Stack {
  constructor(scope: Construct, id: string, props: ServiceStackProps) {
    super(scope, id, props);

    new SecureApiGateway(this, 'Gateway', {
      definition: OpenApiDocument.fromFile(props.definition),
      authentication: this.authentication(props),
      backends: {
        [props.backend]: Backend.applicationLoadBalancer(this.loadBalancer(props), {
          serverName: props.serverName,
        }),
      },
      throttle: props.throttle,
      revokeWithin: props.revokeWithin,
    });
  }

  private authentication({ jwtScheme, issuer, audience, apiKeyScheme }: ServiceStackProps) {
    return {
      ...(jwtScheme && { [jwtScheme]: Authentication.jwt({ issuer, audiences: [audience] }) }),
      ...(apiKeyScheme && {
        [apiKeyScheme]: Authentication.apiKey({ keys: new ApiKeyStore(this, 'Keys') }),
      }),
    };
  }

  private loadBalancer(props: ServiceStackProps): elb.IApplicationLoadBalancer {
    const { vpcId, availabilityZones, privateSubnetIds } = props;
    return elb.ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(this, 'LoadBalancer', {
      loadBalancerArn: props.loadBalancerArn,
      securityGroupId: props.loadBalancerSecurityGroupId,
      vpc: ec2.Vpc.fromVpcAttributes(this, 'Vpc', { vpcId, availabilityZones, privateSubnetIds }),
    });
  }
}
