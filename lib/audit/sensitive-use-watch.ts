import { Duration, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { SENSITIVE_OPERATIONS_FILE, type SensitiveUseConfiguration } from '../protocol/watches';
import type { GatewayLogs } from './gateway-logs';
import { ScheduledWatch } from './scheduled-watch';

export interface SensitiveUseWatchProps {
  readonly apiId: string;
  /** Ids of the operations. */
  readonly operations: readonly string[];
  readonly accessLogGroup: ILogGroup;
  readonly memory: Duration;
  readonly logs: GatewayLogs;
}

const EVERY = Duration.hours(6);

/**
 * Looks every six hours for callers of sensitive operations who did not call them before. A scheduled query of
 * CloudWatch Logs itself could only write to a bucket, where nobody is called.
 */
export function sensitiveUseWatch(
  scope: Construct,
  id: string,
  { apiId, operations, accessLogGroup, memory, logs }: SensitiveUseWatchProps,
): ScheduledWatch {
  const configuration: SensitiveUseConfiguration = {
    apiId,
    logGroup: accessLogGroup.logGroupName,
    everySeconds: EVERY.toSeconds(),
    memorySeconds: memory.toSeconds(),
  };
  const watch = new ScheduledWatch(scope, id, {
    bundle: 'sensitive-use',
    files: { [SENSITIVE_OPERATIONS_FILE]: JSON.stringify(operations) },
    description: `Counts new callers of sensitive operations of ${Stack.of(scope).stackName}`,
    configuration,
    every: EVERY,
    permissions: [
      new iam.PolicyStatement({ actions: ['logs:StartQuery'], resources: [accessLogGroup.logGroupArn] }),
      // the id of a query says nothing of its log group, and IAM takes none
      new iam.PolicyStatement({ actions: ['logs:GetQueryResults'], resources: ['*'] }),
    ],
    logs,
  });
  Validations.of(watch).acknowledge({
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
    reason: 'answers are fetched by the id of a query, which nobody else knows; IAM takes no resource for it',
  });
  return watch;
}
