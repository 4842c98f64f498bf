import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { WatchedFeatures } from './audit/alarm-rows';
import type { AlarmThresholds } from './audit/alarm-thresholds';
import { SENSITIVE_MEMORY } from './audit/check-thresholds';
import type { GatewayLogs } from './audit/gateway-logs';
import type { GatewayMetrics, MeasuredGateway } from './audit/gateway-metrics';
import { keyExpiryWatch } from './audit/key-expiry-watch';
import { sensitiveUseWatch } from './audit/sensitive-use-watch';
import { PERIOD, TenantVolume } from './audit/tenant-volume';
import type { CompiledApi } from './definition/compiled-api';
import type { GatewayAuthorizer } from './gateway-authorizer';
import type { SigningKey } from './identity/signing-key';
import type { SchemeConfiguration } from './protocol/authorizer-configuration';
import type { Throttle } from './traffic/throttle';

/** Of what all callers may send: no tenant of several should take more. */
const SHARE_OF_ONE = 1 / 2;

export interface WatchParts {
  readonly compiled: CompiledApi;
  readonly measured: MeasuredGateway;
  readonly logs: GatewayLogs;
  readonly thresholds: AlarmThresholds;
  readonly authorizer: GatewayAuthorizer;
  readonly signingKey: SigningKey;
  /** Of the stage. */
  readonly throttle: Throttle;
}

/** What this gateway has to watch, with the functions and rules that look for it; nothing for what it has not. */
export function watchedFeatures(
  scope: Construct,
  metrics: GatewayMetrics,
  { compiled, measured, logs, thresholds, authorizer, signingKey, throttle }: WatchParts,
): WatchedFeatures {
  const { apiId, accessLogGroup } = measured;
  const { table, schemes } = authorizer;
  const { keyExpiry: within = Duration.days(14), sensitiveMemory: memory = SENSITIVE_MEMORY } = thresholds;
  const operations = sensitiveOperations(compiled);

  const keys =
    table && schemes.some(({ kind }) => kind === 'apiKey')
      ? keyExpiryWatch(scope, 'KeyExpiry', { apiId, table, within, logs })
      : undefined;
  const sensitive =
    operations.length > 0
      ? sensitiveUseWatch(scope, 'SensitiveUse', { apiId, operations, accessLogGroup, memory, logs })
      : undefined;
  return {
    revocations: table !== undefined,
    introspection: schemes.some(({ kind }) => kind === 'introspection'),
    notRotated: signingKey.metricNotRotated(),
    ...(schemes.some(namesTenant) && {
      busiestTenant: {
        metric: new TenantVolume(scope, 'TenantVolume', accessLogGroup).busiest(),
        muchOfAll: Math.ceil(throttle.rate * PERIOD.toSeconds() * SHARE_OF_ONE),
      },
    }),
    ...(keys && { keysExpiring: keys.alarming(metrics.watched('keysExpiring')) }),
    ...(sensitive && { sensitiveNewcomers: sensitive.alarming(metrics.watched('sensitiveNewcomers')) }),
  };
}

/** Ids, as the access log has them. */
export function sensitiveOperations({ audit, policy }: CompiledApi): string[] {
  return audit.sensitive.flatMap(({ method, path }) => policy.operations[`${method} ${path}`]?.id ?? []);
}

function namesTenant(scheme: SchemeConfiguration): boolean {
  return scheme.kind === 'apiKey' || ('tenantClaim' in scheme && scheme.tenantClaim !== undefined);
}
