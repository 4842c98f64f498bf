import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { GatewayAlarms } from './audit/alarms';
import type { AuditOptions } from './audit/audit-options';
import { ChangeControl } from './audit/change-control';
import { GatewayMetrics, type MeasuredGateway } from './audit/gateway-metrics';
import { type QueriedLogs, SavedQueries } from './audit/saved-queries';
import { type IWebAcl, WebAcl } from './edge/web-acl';
import { type ChangeableParts, changesOf } from './gateway-changes';

export interface AuditParts {
  readonly options: AuditOptions;
  readonly measured: MeasuredGateway;
  readonly logs: QueriedLogs;
  readonly webAcl: IWebAcl;
  readonly expiryAlarms: readonly cloudwatch.Alarm[];
  readonly changeable: ChangeableParts;
}

/** What watches the gateway: metrics, saved queries, and alarms where they are to go somewhere. */
export function defineAudit(
  scope: Construct,
  { options, measured, logs, webAcl, expiryAlarms, changeable }: AuditParts,
): GatewayMetrics {
  const { alarmTopic, alarmThresholds = {}, unreportedRoles = [] } = options;
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
    new ChangeControl(scope, 'Changes', {
      topic: alarmTopic,
      watched: changesOf(scope, changeable),
      unreportedRoles,
    });
    allowWatchers(alarmTopic);
  }
  return metrics;
}

/**
 * Lets EventBridge and the alarms publish. A policy replaces the one a topic is born with, by which alarms may, so
 * both are named. The policy of an imported topic is its owner's.
 */
function allowWatchers(topic: ITopic): void {
  for (const service of ['events', 'cloudwatch']) {
    topic.grantPublish(new ServicePrincipal(`${service}.amazonaws.com`));
  }
}
