import { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmThresholds } from './alarm-thresholds';
import type { GatewayMetrics } from './gateway-metrics';

export interface AlarmRow {
  readonly name: string;
  readonly metric: cloudwatch.IMetric;
  /** Above which it goes off. Absent: above what is usual for the hour, and above `least`. */
  readonly threshold?: number | undefined;
  /** Below which nothing is unusual. */
  readonly least?: number;
  /** Whether there is always something to count, so that its lack is told. @default false */
  readonly isSteady?: boolean;
  /** How many periods in a row. @default 1 */
  readonly periods?: number;
  /** What happened, and what to do. */
  readonly description: string;
}

/** The tenant that calls most. */
export interface BusiestTenant {
  readonly metric: cloudwatch.IMetric;
  /** More than one tenant of many should take, where nobody said how much that is. */
  readonly muchOfAll: number;
}

/** What there is to watch, beside what every gateway has. */
export interface WatchedFeatures {
  /** Keys or certificates may be revoked. */
  readonly revocations: boolean;
  readonly introspection: boolean;
  /** Rotations of the signing key that failed, or were not begun. */
  readonly notRotated: cloudwatch.IMetric;
  /** Absent where nobody has a tenant. */
  readonly busiestTenant?: BusiestTenant | undefined;
  /** Absent where there are no API keys. */
  readonly keysExpiring?: cloudwatch.IMetric | undefined;
  /** Absent where no operation is sensitive. */
  readonly sensitiveNewcomers?: cloudwatch.IMetric | undefined;
}

/** The alarms of a gateway, by what it has. */
export function alarmRows(
  metrics: GatewayMetrics,
  thresholds: AlarmThresholds,
  features: WatchedFeatures,
): AlarmRow[] {
  return [
    ...healthRows(metrics, thresholds),
    ...surgeRows(metrics, thresholds, features),
    ...partRows(metrics, thresholds, features),
    ...misuseRows(metrics, features),
  ];
}

function healthRows(metrics: GatewayMetrics, thresholds: AlarmThresholds): AlarmRow[] {
  const { serverErrors = 5, latency = Duration.seconds(3) } = thresholds;
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
  ];
}

/** A fixed number would be silly: what is a flood to one API is a quiet hour to another. */
function surgeRows(
  metrics: GatewayMetrics,
  { unauthenticated, forbidden, rateLimited, blocked, tenantRequests, tenantBand = false }: AlarmThresholds,
  { busiestTenant }: WatchedFeatures,
): AlarmRow[] {
  return [
    {
      name: 'Unauthenticated',
      metric: metrics.authorizer('unauthenticated'),
      threshold: unauthenticated,
      least: 50,
      description:
        "Many 401: somebody guesses credentials, or a client's expired. Count the authorizer's log by sourceIp and reason; deny the addresses that guess.",
    },
    {
      name: 'Forbidden',
      metric: metrics.authorizer('forbidden'),
      threshold: forbidden,
      least: 25,
      description:
        "Many 403: a known caller asks for what it may not have. Count the authorizer's log by credentialId and operation; revoke the key if it is not a mistake.",
    },
    {
      name: 'RateLimited',
      metric: metrics.rateLimited(),
      threshold: rateLimited,
      least: 100,
      description:
        'Many 429. Count the access log by gateway.key_id, organization.id and source.ip: one heavy caller needs another tier or a word, many mean a flood.',
    },
    {
      name: 'Blocked',
      metric: metrics.blocked(),
      threshold: blocked,
      least: 100,
      description:
        "The web ACL refuses much. Count its log by terminatingRuleId: an attack needs nothing done, a rule that hits customers needs 'exempt' or 'count'.",
    },
    ...(busiestTenant
      ? [
          {
            name: 'TenantVolume',
            metric: busiestTenant.metric,
            ...(tenantBand
              ? { least: tenantRequests ?? 1_000 }
              : { threshold: tenantRequests ?? busiestTenant.muchOfAll }),
            description:
              'One tenant calls far more than its share: a loop, a stolen key, or success. Contributor Insights names it; `keys usage --tenant` shows what it did.',
          },
        ]
      : []),
  ];
}

function partRows(
  metrics: GatewayMetrics,
  { authorizerDuration = Duration.seconds(3) }: AlarmThresholds,
  { introspection, notRotated }: WatchedFeatures,
): AlarmRow[] {
  return [
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
    ...(introspection
      ? [
          {
            name: 'IntrospectionFailed',
            metric: metrics.authorizer('introspectionFailed'),
            threshold: 0,
            description:
              "An issuer does not say what it knows of tokens; their callers get 500. The error in the authorizer's log names its address: tell its owner, or see whether our secret there still holds.",
          },
        ]
      : []),
    {
      name: 'SigningKeyRotation',
      metric: notRotated,
      threshold: 0,
      isSteady: true,
      description:
        'The key that signs identities was not rotated, or nobody begins to; the one at hand goes on signing. The log of the rotation function says why; `aws secretsmanager rotate-secret` tries again, and turns the rotation on. Without data nobody looks: see that the function and its schedule are there.',
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
        "The store of exact limits fails; 'onStoreFailure' holds meanwhile, by default without limits. See that the table or the server answers. ThrottledKeyError in the authorizer's log is more than a table takes, mostly of one caller: deny it, or take Redis.",
    },
  ];
}

function misuseRows(
  metrics: GatewayMetrics,
  { revocations, keysExpiring, sensitiveNewcomers }: WatchedFeatures,
): AlarmRow[] {
  return [
    ...(revocations
      ? [
          {
            name: 'RevokedUsed',
            metric: metrics.authorizer('revokedUsed'),
            threshold: 0,
            description:
              "Somebody presents a revoked key or certificate, and has its secret. credentialId and sourceIp stand in the authorizer's log, reason REVOKED: a client nobody told, or whom it was revoked for.",
          },
        ]
      : []),
    ...(keysExpiring
      ? [
          {
            name: 'KeysExpiring',
            metric: keysExpiring,
            threshold: 0,
            isSteady: true,
            description:
              'API keys end soon and have no successor, or nobody could tell: the function’s log names them. `keys list --expiring-within 14d` shows whose they are; `keys rotate` makes the next. Without data nobody looks: see that the function and its schedule are there.',
          },
        ]
      : []),
    ...(sensitiveNewcomers
      ? [
          {
            name: 'SensitiveNewcomers',
            metric: sensitiveNewcomers,
            threshold: 0,
            isSteady: true,
            description:
              'Somebody used a sensitive operation for the first time in long, or nobody could tell: the function’s log names caller and operation. Ask whether that was meant; revoke the credential if not. Without data nobody looks: see that the function and its schedule are there.',
          },
        ]
      : []),
  ];
}
