import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { AlarmThresholds } from './alarm-thresholds';
import type { GatewayMetrics } from './gateway-metrics';

interface AlarmRow {
  readonly name: string;
  readonly metric: cloudwatch.IMetric;
  /** Above which it goes off. */
  readonly threshold: number;
  /** How many periods in a row. @default 1 */
  readonly periods?: number;
  /** What happened, and what to do. */
  readonly description: string;
}

export interface AlarmParts {
  readonly metrics: GatewayMetrics;
  readonly topic: ITopic;
  readonly thresholds: AlarmThresholds;
  /** Alarms defined elsewhere that go to the same topic. */
  readonly others: readonly cloudwatch.Alarm[];
}

/** The alarms of a gateway, all to one topic, each saying what to do. */
export class GatewayAlarms extends Construct {
  constructor(scope: Construct, id: string, { metrics, topic, thresholds, others }: AlarmParts) {
    super(scope, id);
    const action = new SnsAction(topic);
    const alarms = rows(metrics, thresholds).map((row) => this.define(row));
    for (const alarm of [...alarms, ...others]) alarm.addAlarmAction(action);
    // those who were called want to know when it is over
    for (const alarm of alarms) alarm.addOkAction(action);
  }

  private define({ name, metric, threshold, periods = 1, description }: AlarmRow): cloudwatch.Alarm {
    return new cloudwatch.Alarm(this, name, {
      alarmDescription: description,
      metric,
      threshold,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: periods,
      // nothing is counted where nothing happens
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }
}

function rows(metrics: GatewayMetrics, thresholds: AlarmThresholds): AlarmRow[] {
  const {
    serverErrors = 5,
    unauthenticated = 200,
    forbidden = 100,
    rateLimited = 500,
    blocked = 500,
    latency = Duration.seconds(3),
    authorizerDuration = Duration.seconds(3),
  } = thresholds;
  return [
    {
      name: 'ServerErrors',
      metric: metrics.serverErrors(),
      threshold: serverErrors,
      description:
        'Requests fail with 5xx. Group the access log by error.type: INTEGRATION_… is the service, AUTHORIZER_… is the gateway.',
    },
    {
      name: 'Latency',
      metric: metrics.latency(),
      threshold: latency.toMilliseconds(),
      periods: 3,
      description:
        'One request in a hundred is slow. Compare gateway.integration.latency and gateway.authorizer.latency in the access log to see whose time it is.',
    },
    {
      name: 'Unauthenticated',
      metric: metrics.authorizer('unauthenticated'),
      threshold: unauthenticated,
      description:
        "Many 401: somebody guesses credentials, or a client's expired. Count the authorizer's log by sourceIp and reason; deny the addresses that guess.",
    },
    {
      name: 'Forbidden',
      metric: metrics.authorizer('forbidden'),
      threshold: forbidden,
      description:
        "Many 403: a known caller asks for what it may not have. Count the authorizer's log by credentialId and operation; revoke the key if it is not a mistake.",
    },
    {
      name: 'RateLimited',
      metric: metrics.rateLimited(),
      threshold: rateLimited,
      description:
        'Many 429. Count the access log by gateway.key_id, organization.id and source.ip: one heavy caller needs another tier or a word, many mean a flood.',
    },
    {
      name: 'Blocked',
      metric: metrics.blocked(),
      threshold: blocked,
      description:
        "The web ACL refuses much. Count its log by terminatingRuleId: an attack needs nothing done, a rule that hits customers needs 'exempt' or 'count'.",
    },
    {
      name: 'Undecided',
      metric: metrics.authorizerFailures(),
      threshold: 0,
      description:
        'The authorizer gave no decision; callers got 500. Look for level ERROR in its log: an identity provider or a table is down, or it ran out of time.',
    },
    {
      name: 'AuthorizerThrottles',
      metric: metrics.authorizerThrottles(),
      threshold: 0,
      description:
        "Lambda throttles the authorizer; callers get 500. Raise its reserved concurrency or the account's, or lower the rates per address.",
    },
    {
      name: 'AuthorizerDuration',
      metric: metrics.authorizerDuration(),
      threshold: authorizerDuration.toMilliseconds(),
      periods: 3,
      description:
        'The authorizer is slow. Its calls are to key sets, introspection, tables and the limit store: see which of them answers late.',
    },
    {
      name: 'KeySetUnavailable',
      metric: metrics.authorizer('keySetUnavailable'),
      threshold: 0,
      periods: 3,
      description:
        "An issuer's keys cannot be fetched; known ones serve for a day. Its name is the detail of the authorizer's log line: tell its owner.",
    },
    {
      name: 'UnknownPlanKey',
      metric: metrics.unknownPlanKeys(),
      threshold: 0,
      description:
        'API Gateway knows no key of a plan that the authorizer chose; callers get 400 in error. See that the API keys of the usage plans are there and enabled.',
    },
    {
      name: 'PassedRefusal',
      metric: metrics.passedRefusals(),
      threshold: 0,
      description:
        "A request over a limit reached the service, without a signed identity. See that the usage plan 'exhausted' still has rate 0 and burst 0, and nobody added its key to another.",
    },
    {
      name: 'LimitStore',
      metric: metrics.authorizer('limitStoreFailed'),
      threshold: 0,
      description:
        "The store of exact limits fails; 'onStoreFailure' holds meanwhile, by default without limits. See that the table or the server answers.",
    },
  ];
}
