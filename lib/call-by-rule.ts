import { Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

/** When a function is called: by the clock, or as something happens. */
export type Occasion = Required<
  Pick<events.CfnRuleProps, 'scheduleExpression'> | Pick<events.CfnRuleProps, 'eventPattern'>
>;

/** Lets EventBridge call a function, with the event or with `request` in its place. */
export function callByRule(
  scope: Construct,
  id: string,
  occasion: Occasion,
  handler: lambda.Function,
  request?: object,
): void {
  const input = request && { input: Stack.of(scope).toJsonString(request) };
  const rule = new events.CfnRule(scope, id, {
    ...occasion,
    targets: [{ id: 'Handler', arn: handler.functionArn, ...input }],
  });
  handler.addPermission(id, {
    principal: new iam.ServicePrincipal('events.amazonaws.com'),
    sourceArn: rule.attrArn,
  });
}
