import { Annotations, Stack } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import type { MeasuredGateway } from './audit/gateway-metrics';
import { visible } from './visible';

interface Counted {
  readonly path: string;
  readonly isWatched: boolean;
}

/** Of each app, the gateways by what API Gateway's own metrics know of them. */
const COUNTED = new WeakMap<IConstruct, Map<string, Counted[]>>();

/**
 * Warns where API Gateway counts two gateways of an app as one: it keeps metrics by title and stage, and the id is none of
 * its dimensions (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html).
 */
export function warnOfSharedMetrics(
  scope: Construct,
  { apiName, stageName }: MeasuredGateway,
  isWatched: boolean,
): void {
  const { environment } = Stack.of(scope);
  const known = COUNTED.get(scope.node.root) ?? new Map<string, Counted[]>();
  COUNTED.set(scope.node.root, known);
  const key = JSON.stringify([environment, apiName, stageName]);
  const others = known.get(key) ?? [];
  known.set(key, [...others, { path: scope.node.path, isWatched }]);

  const other = others.find((each) => isWatched || each.isWatched);
  if (!other) return;
  Annotations.of(scope).addWarningV2(
    'secure-api-gateway:SHARED_METRICS',
    `its title '${visible(apiName)}' and stage '${stageName}' are those of ${other.path} too, and API Gateway counts 5xx, latency and requests of both as one: ` +
      `alarms and dashboard of each tell of the other's; give one another 'info.title', by an overlay if the document is shared, or another 'stageName'`,
  );
}
