import type { LimitStoreConfiguration } from '../../../lib/protocol/limits';
import type { Surroundings } from '../compose';
import type { Limiting } from '../decide';
import { DynamoDbLimitStore } from './dynamodb-limit-store';
import { FailureGuard } from './failure-guard';
import { GuardedStore } from './guarded-store';
import type { LimitStore } from './limit-store';
import { Limits } from './limits';
import { redisConnection } from './redis-connection';
import { redisCredentials } from './redis-credentials';
import { RedisLimitStore } from './redis-limit-store';

/** Limits as the configuration has them; undefined where it has none. */
export function makeLimits({ configuration, recorder, now }: Surroundings): Limiting | undefined {
  const { limits } = configuration;
  if (limits === undefined) return undefined;

  const store = new GuardedStore({
    store: storeOf(limits.store, now),
    onFailure: (error) => recorder.limitStoreFailed(error),
    now,
  });
  const { failedAuthentications } = limits;
  return {
    limits: new Limits(store, limits.onStoreFailure),
    ...(failedAuthentications && { failures: new FailureGuard(store, failedAuthentications, now) }),
  };
}

function storeOf(store: LimitStoreConfiguration, now: () => number): LimitStore {
  if (store.kind === 'dynamodb') return new DynamoDbLimitStore(store.table, now);

  const { host, port, tls, secretArn } = store;
  const credentials = secretArn === undefined ? {} : { credentials: redisCredentials(secretArn) };
  return new RedisLimitStore(redisConnection({ host, port, tls, ...credentials }).send);
}
