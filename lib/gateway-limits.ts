import type { Construct } from 'constructs';
import type { LimitConfiguration } from './protocol/limits';
import type { Policy } from './protocol/policy';
import {
  DEFAULT_FAILED_AUTHENTICATIONS,
  FAILURE_WINDOW_SECONDS,
  type LimitOptions,
  StoreFailure,
} from './traffic/limit-options';
import { LimitStore, type LimitStoreBinding } from './traffic/limit-store';

/** Exact limits as the authorizer is to count them. */
export interface GatewayLimits extends Omit<LimitStoreBinding, 'configuration'> {
  readonly configuration: LimitConfiguration;
}

/**
 * Limits, where there are any to count: of operations, or of API keys, each of which may have its own. Undefined
 * where there are none, so that a gateway without any defines no table.
 */
export function defineLimits(
  scope: Construct,
  options: LimitOptions | undefined,
  policy: Policy,
  hasApiKeys: boolean,
): GatewayLimits | undefined {
  const hasLimits = Object.values(policy.operations).some(({ rateLimit }) => rateLimit !== undefined);
  if (!options && !hasLimits && !hasApiKeys) return undefined;

  const {
    store = LimitStore.dynamoDb(),
    onStoreFailure = StoreFailure.ALLOW,
    failedAuthentications = DEFAULT_FAILED_AUTHENTICATIONS,
  } = options ?? {};
  const { configuration, ...binding } = store._bind(scope);
  return {
    ...binding,
    configuration: {
      store: configuration,
      onStoreFailure,
      ...(failedAuthentications > 0 && {
        failedAuthentications: { limit: failedAuthentications, perSeconds: FAILURE_WINDOW_SECONDS },
      }),
    },
  };
}
