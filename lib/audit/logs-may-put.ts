import { Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** One role for all subscription filters of a gateway, which only log groups of this account and region get to use. */
export function logsMayPut(scope: Construct): Role {
  return new Role(scope, 'Sender', {
    description: 'Hands the lines of log groups to a delivery stream',
    assumedBy: new ServicePrincipal('logs.amazonaws.com', {
      conditions: {
        StringLike: { 'aws:SourceArn': Stack.of(scope).formatArn({ service: 'logs', resource: '*' }) },
      },
    }),
  });
}
