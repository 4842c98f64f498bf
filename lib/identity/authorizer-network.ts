import { Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** A network the authorizer's function has to be in. */
export interface AuthorizerNetwork {
  readonly vpc: ec2.IVpc;
  /** @default private subnets with a way out */
  readonly vpcSubnets?: ec2.SubnetSelection;
  /** What it is there to reach. */
  readonly server: { readonly securityGroup: ec2.ISecurityGroup; readonly port: number };
}

/** Properties of a function in a network: it may speak to the server there and to HTTPS, and nobody to it. */
export function placeInNetwork(
  scope: Construct,
  role: iam.Role,
  { vpc, vpcSubnets, server }: AuthorizerNetwork,
) {
  const securityGroup = new ec2.SecurityGroup(scope, 'SecurityGroup', {
    vpc,
    description: 'Authorizer: out to its store and to HTTPS, in from nowhere',
    allowAllOutbound: false,
  });
  // issuers of tokens, and AWS's services
  securityGroup.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'HTTPS');
  // written from the function's side: the server may live in another stack
  securityGroup.connections.allowTo(server.securityGroup, ec2.Port.tcp(server.port), 'counts exact limits');

  allowInterfaces(role);
  return {
    vpc,
    vpcSubnets: vpcSubnets ?? { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
    securityGroups: [securityGroup],
  };
}

/** Lambda makes the function's network interfaces in its name. They have no ARN before they are made. */
function allowInterfaces(role: iam.Role): void {
  // below the role, which the function waits for
  const policy = new iam.Policy(role, 'NetworkPolicy', {
    statements: [
      new iam.PolicyStatement({
        actions: [
          'ec2:CreateNetworkInterface',
          'ec2:DescribeNetworkInterfaces',
          'ec2:DescribeSubnets',
          'ec2:DeleteNetworkInterface',
          'ec2:AssignPrivateIpAddresses',
          'ec2:UnassignPrivateIpAddresses',
        ],
        resources: ['*'],
      }),
    ],
  });
  policy.attachToRole(role);
  Validations.of(policy).acknowledge({
    id: 'AwsSolutions::AwsSolutions-IAM5',
    reason:
      'Lambda demands these permissions on all network interfaces of whoever places a function in a VPC',
  });
}
