import { Duration, Stack } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { TENANT_INDEX } from '../protocol/key-table';
import type { KeyExpiryConfiguration } from '../protocol/watches';
import type { GatewayLogs } from './gateway-logs';
import { ScheduledWatch } from './scheduled-watch';

export interface KeyExpiryWatchProps {
  readonly apiId: string;
  readonly table: ITable;
  readonly within: Duration;
  readonly logs: GatewayLogs;
}

/** Looks twice a day for API keys that end soon and have no successor. It may read the index without the hashes, and nothing else. */
export function keyExpiryWatch(scope: Construct, id: string, props: KeyExpiryWatchProps): ScheduledWatch {
  const { apiId, table, within, logs } = props;
  const configuration: KeyExpiryConfiguration = {
    apiId,
    table: table.tableName,
    withinSeconds: within.toSeconds(),
  };
  const watch = new ScheduledWatch(scope, id, {
    bundle: 'key-expiry',
    description: `Counts API keys of ${Stack.of(scope).stackName} that end soon`,
    configuration,
    every: Duration.hours(12),
    permissions: [
      new iam.PolicyStatement({
        actions: ['dynamodb:Scan'],
        resources: [`${table.tableArn}/index/${TENANT_INDEX}`],
      }),
    ],
    logs,
  });
  table.encryptionKey?.grantDecrypt(watch.handler);
  return watch;
}
