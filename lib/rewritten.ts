import { Aws, type CfnResource } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { callByRule } from './call-by-rule';

/**
 * Calls a function as soon as CloudFormation has updated one of these resources, so that it puts back what it keeps in
 * them. Whatever an update is about, a tag of the stack say, CloudFormation writes all that the template says, and that
 * is nothing.
 *
 * CloudFormation's events reach EventBridge without CloudTrail, and none gets lost
 * (https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-cloudformation.html). A rollback is an update too.
 */
export function callAfterUpdate(
  scope: Construct,
  id: string,
  resources: readonly CfnResource[],
  handler: lambda.Function,
  request: object,
): void {
  const eventPattern = {
    source: ['aws.cloudformation'],
    'detail-type': ['CloudFormation Resource Status Change'],
    detail: {
      'stack-id': [Aws.STACK_ID],
      'logical-resource-id': resources.map(({ logicalId }) => logicalId),
      'status-details': { status: ['UPDATE_COMPLETE'] },
    },
  };
  callByRule(scope, id, { eventPattern }, handler, request);
}
