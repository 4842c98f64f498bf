// Bundled and run as a process of its own: callers who ask as fast as they are answered.
import { DynamoDbLimitStore } from '../../../../lambda/authorizer/limits/dynamodb-limit-store';
import { gcraOf } from '../../../../lambda/authorizer/limits/gcra';
import type { LimitStore } from '../../../../lambda/authorizer/limits/limit-store';
import { redisConnection } from '../../../../lambda/authorizer/limits/redis-connection';
import { redisCredentials } from '../../../../lambda/authorizer/limits/redis-credentials';
import { RedisLimitStore } from '../../../../lambda/authorizer/limits/redis-limit-store';
import type { LimitStoreConfiguration, RateLimit } from '../../../../lib/protocol/limits';

export interface WorkerTask {
  readonly store: LimitStoreConfiguration;
  readonly limit: RateLimit;
  /** One key for each caller; callers may share one. */
  readonly keys: readonly string[];
  readonly durationMillis: number;
  /** How far this process's clock is ahead. */
  readonly skewMillis: number;
}

export interface WorkerResult {
  /** Key and moment, in microseconds of the true clock, of each admitted request. */
  readonly admitted: readonly (readonly [key: string, at: number])[];
  readonly decisions: number;
  readonly errors: readonly string[];
}

process.once('message', async (task: WorkerTask) => {
  process.send?.(await work(task));
  process.disconnect();
});

async function work({
  store: configuration,
  limit,
  keys,
  durationMillis,
  skewMillis,
}: WorkerTask): Promise<WorkerResult> {
  const store = storeOf(configuration, skewMillis);
  const gcra = gcraOf(limit);
  const admitted: [string, number][] = [];
  const errors: string[] = [];
  let decisions = 0;
  const end = Date.now() + durationMillis;
  // the server's clock is the true one
  const ahead = configuration.kind === 'redis' ? 0 : skewMillis * 1_000;

  await Promise.all(
    keys.map(async (key) => {
      while (Date.now() < end) {
        try {
          const taken = await store.take(key, gcra, { signal: AbortSignal.timeout(60_000) });
          decisions += 1;
          if (taken.admitted) admitted.push([key, taken.now - ahead]);
        } catch (error) {
          errors.push(String(error));
        }
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    }),
  );
  return { admitted, decisions, errors };
}

function storeOf(store: LimitStoreConfiguration, skewMillis: number): LimitStore {
  if (store.kind === 'dynamodb') {
    return new DynamoDbLimitStore(store.table, () => performance.timeOrigin + performance.now() + skewMillis);
  }
  const { host, port, tls, secretArn } = store;
  const credentials = secretArn === undefined ? {} : { credentials: redisCredentials(secretArn) };
  return new RedisLimitStore(redisConnection({ host, port, tls, ...credentials }).send);
}
