import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { GatewayAlarms } from './audit/alarms';
import type { AuditOptions } from './audit/audit-options';
import { GatewayMetrics, type MeasuredGateway } from './audit/gateway-metrics';
import { type QueriedLogs, SavedQueries } from './audit/saved-queries';
import { type IWebAcl, WebAcl } from './edge/web-acl';

export interface AuditParts {
  readonly options: AuditOptions;
  readonly measured: MeasuredGateway;
  readonly logs: QueriedLogs;
  readonly webAcl: IWebAcl;
  readonly expiryAlarms: readonly cloudwatch.Alarm[];
}

/** What watches the gateway: metrics, saved queries, and alarms where they are to go somewhere. */
export function defineAudit(
  scope: Construct,
  { options, measured, logs, webAcl, expiryAlarms }: AuditParts,
): GatewayMetrics {
  const { alarmTopic, alarmThresholds = {} } = options;
  const metrics = new GatewayMetrics(scope, 'Metrics', measured);
  new SavedQueries(scope, 'Queries', logs);
  if (alarmTopic) {
    const staleFeeds = webAcl instanceof WebAcl ? webAcl.staleFeedAlarms : [];
    new GatewayAlarms(scope, 'Alarms', {
      metrics,
      topic: alarmTopic,
      thresholds: alarmThresholds,
      others: [...expiryAlarms, ...staleFeeds],
    });
  }
  return metrics;
}
