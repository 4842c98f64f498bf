import { Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { GatewayAlarms } from './audit/alarms';
import type { AuditOptions } from './audit/audit-options';
import { ChangeControl } from './audit/change-control';
import type { GatewayLogs } from './audit/gateway-logs';
import { GatewayMetrics, type MeasuredGateway } from './audit/gateway-metrics';
import { type QueriedLogs, SavedQueries } from './audit/saved-queries';
import { TrailExport } from './audit/trail-export';
import type { CompiledApi } from './definition/compiled-api';
import { type IWebAcl, WebAcl } from './edge/web-acl';
import { type ChangeableParts, changesOf } from './gateway-changes';
import { watchedFeatures } from './gateway-watches';
import type { Throttle } from './traffic/throttle';

export interface AuditParts {
  readonly options: AuditOptions;
  readonly compiled: CompiledApi;
  readonly measured: MeasuredGateway;
  readonly logs: QueriedLogs;
  /** Makes log groups of one kind. */
  readonly logGroups: GatewayLogs;
  readonly webAcl: IWebAcl;
  readonly expiryAlarms: readonly cloudwatch.Alarm[];
  readonly changeable: ChangeableParts;
  /** What all callers together may ask for. */
  readonly throttle: Throttle;
}

export interface GatewayAudit {
  readonly metrics: GatewayMetrics;
  /** None without a topic. */
  readonly alarms: readonly cloudwatch.Alarm[];
  /** Where the trail goes; none where it stays in its log groups. */
  readonly trail?: TrailExport;
}

/** What watches the gateway: metrics, saved queries, the trail's way out, and, where they are to go somewhere, alarms and changes. */
export function defineAudit(scope: Construct, parts: AuditParts): GatewayAudit {
  const { options, measured, logs, logGroups } = parts;
  const metrics = new GatewayMetrics(scope, 'Metrics', measured);
  new SavedQueries(scope, 'Queries', logs);
  const trail =
    options.export &&
    new TrailExport(scope, 'Trail', { target: options.export, trail: logs, logs: logGroups });
  const alarms = options.alarmTopic
    ? defineAlarms(scope, options.alarmTopic, { ...parts, metrics, ...(trail && { trail }) })
    : [];
  return { metrics, alarms, ...(trail && { trail }) };
}

function defineAlarms(
  scope: Construct,
  topic: ITopic,
  {
    options,
    compiled,
    measured,
    logGroups,
    webAcl,
    expiryAlarms,
    changeable,
    throttle,
    metrics,
    trail,
  }: AuditParts & Omit<GatewayAudit, 'alarms'>,
): readonly cloudwatch.Alarm[] {
  const { alarmThresholds: thresholds = {}, unreportedRoles = [] } = options;
  const features = watchedFeatures(scope, metrics, {
    compiled,
    measured,
    logs: logGroups,
    thresholds,
    authorizer: changeable.authorizer,
    signingKey: changeable.identity.signingKey,
    throttle,
  });
  const own = webAcl instanceof WebAcl ? webAcl : undefined;
  const { alarms } = new GatewayAlarms(scope, 'Alarms', {
    metrics,
    topic,
    thresholds,
    features,
    talkative: [...expiryAlarms, ...(own?.denialAlarm ? [own.denialAlarm] : [])],
    others: [...(own?.staleFeedAlarms ?? []), ...(trail?.alarms ?? [])],
  });
  new ChangeControl(scope, 'Changes', {
    topic,
    watched: changesOf(scope, { ...changeable, ...(trail && { trail }) }),
    unreportedRoles,
  });
  allowWatchers(scope, topic);
  return alarms;
}

/**
 * Lets EventBridge and the alarms of this account publish. A policy replaces the one a topic is born with, by which
 * alarms may, so both are named. The policy of an imported topic is its owner's.
 *
 * Alarms of other accounts may not: they can name any topic. EventBridge has others act by roles of their own. The key
 * of an encrypted topic is theirs without a condition, for with one EventBridge may not use it
 * (https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html); it is of no use to whom the topic refuses.
 */
function allowWatchers(scope: Construct, topic: ITopic): void {
  topic.grantPublish(new ServicePrincipal('events.amazonaws.com'));
  topic.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  );
  topic.masterKey?.grant(
    new ServicePrincipal('cloudwatch.amazonaws.com'),
    'kms:Decrypt',
    'kms:GenerateDataKey*',
  );
}
