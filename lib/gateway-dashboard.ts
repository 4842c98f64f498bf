import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { GatewayDashboard } from './audit/dashboard';
import type { GatewayMetrics } from './audit/gateway-metrics';
import type { QueriedLogs } from './audit/saved-queries';
import type { CompiledApi } from './definition/compiled-api';
import type { SecureApiGatewayProps } from './gateway-props';
import { sensitiveOperations } from './gateway-watches';
import { DEFAULT_THROTTLE } from './traffic/throttle';
import type { Tier } from './traffic/tier';

export interface DashboardSources {
  readonly props: SecureApiGatewayProps;
  readonly compiled: CompiledApi;
  readonly metrics: GatewayMetrics;
  readonly logs: QueriedLogs;
  readonly alarms: readonly cloudwatch.Alarm[];
}

/** The page on which one looks first. */
export function defineDashboard(
  scope: Construct,
  { props, compiled, metrics, logs, alarms }: DashboardSources,
): cloudwatch.Dashboard {
  const { tiers = {}, throttle = DEFAULT_THROTTLE, authorizer } = props;
  const { dashboard } = new GatewayDashboard(scope, 'Dashboard', {
    metrics,
    logs,
    alarms,
    rate: throttle.rate,
    ...(authorizer?.reservedConcurrency !== undefined && {
      reservedConcurrency: authorizer.reservedConcurrency,
    }),
    backends: operationsByBackend(compiled),
    tiers: Object.fromEntries(Object.entries(tiers).map(([name, tier]) => [name, allowed(tier)])),
    sensitive: sensitiveOperations(compiled),
  });
  return dashboard;
}

function operationsByBackend({ policy }: CompiledApi): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const { backend, id } of Object.values(policy.operations)) {
    found[backend] ??= [];
    found[backend].push(id);
  }
  return found;
}

function allowed({ rate, burst, quota }: Tier): string {
  const all = quota ? `, ${quota.requests} a ${quota.period.toLowerCase()}` : '';
  return `${rate} a second, ${burst} at once${all}, for each of its tenants`;
}
