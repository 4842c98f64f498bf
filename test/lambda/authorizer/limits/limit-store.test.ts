import { DynamoDbLimitStore } from '../../../../lambda/authorizer/limits/dynamodb-limit-store';
import { gcraOf } from '../../../../lambda/authorizer/limits/gcra';
import type { LimitStore } from '../../../../lambda/authorizer/limits/limit-store';
import { redisConnection } from '../../../../lambda/authorizer/limits/redis-connection';
import { RedisLimitStore } from '../../../../lambda/authorizer/limits/redis-limit-store';
import type { LimitStoreConfiguration } from '../../../../lib/protocol/limits';
import { mostInAWindow, soak } from './soak';
import {
  dynamoDb,
  HAS_JAVA,
  HAS_REDIS,
  type StartedStore,
  startDynalite,
  startDynamoDbLocal,
  startRedis,
  TABLE,
} from './stores';

interface Subject extends StartedStore {
  readonly store: LimitStore;
  readonly configuration: LimitStoreConfiguration;
  readonly environment: Readonly<Record<string, string>>;
  /** Seconds until the store may forget the key. */
  readonly forgottenIn: (key: string) => Promise<number>;
}

async function dynamoSubject(start: typeof startDynalite): Promise<Subject> {
  const { environment, close } = await start();
  const call = dynamoDb(environment);
  return {
    store: new DynamoDbLimitStore(TABLE, () => performance.timeOrigin + performance.now(), call),
    configuration: { kind: 'dynamodb', table: TABLE },
    environment,
    close,
    forgottenIn: async (key) => {
      const { Item } = await call('GetItem', { TableName: TABLE, Key: { pk: { S: key } } });
      return Number((Item as Record<string, { N: string }>)['deleteAfter']?.N) - Date.now() / 1_000;
    },
  };
}

async function redisSubject(): Promise<Subject> {
  const { port, close } = await startRedis();
  const configuration = { kind: 'redis', host: '127.0.0.1', port, tls: false } as const;
  const connection = redisConnection(configuration);
  return {
    store: new RedisLimitStore(connection.send),
    configuration,
    environment: {},
    close: async () => {
      connection.close();
      await close();
    },
    forgottenIn: async (key) => Number(await connection.send(['PTTL', key])) / 1_000,
  };
}

describe.each([
  ['Redis', HAS_REDIS, redisSubject],
  ['DynamoDB Local', HAS_JAVA, () => dynamoSubject(startDynamoDbLocal)],
  ['dynalite', true, () => dynamoSubject(startDynalite)],
])('LimitStore in %s', (name, isHere, start) => {
  if (!isHere) {
    test.skip(`is not tried: this machine has no ${name === 'Redis' ? 'redis-server' : 'java'}`, () =>
      undefined);
    return;
  }

  let subject: Subject;
  beforeAll(async () => {
    subject = await start();
  }, 90_000);
  afterAll(() => subject?.close());

  const take = (key: string, limit: number, perSeconds = 60) =>
    subject.store.take(key, gcraOf({ limit, perSeconds }), { signal: AbortSignal.timeout(20_000) });

  test('admits half of the limit at once and then no more', async () => {
    const verdicts: boolean[] = [];
    for (let request = 0; request < 6; request += 1) verdicts.push((await take('burst', 6)).admitted);

    expect(verdicts).toEqual([true, true, true, false, false, false]);
  });

  test('counts each key for itself', async () => {
    await take('one', 1);

    expect((await take('one', 1)).admitted).toBe(false);
    expect((await take('other', 1)).admitted).toBe(true);
  });

  test('admits again after the interval', async () => {
    const gcra = { interval: 500_000, tolerance: 0 };
    const again = () => subject.store.take('soon', gcra, { signal: AbortSignal.timeout(20_000) });
    const first = await again();
    let verdict = await again();
    expect([first.admitted, verdict.admitted]).toEqual([true, false]);

    while (!verdict.admitted) verdict = await again();
    expect(verdict.now - first.now).toBeGreaterThanOrEqual(500_000);
  });

  test('tells the state without counting', async () => {
    expect(await subject.store.peek('peeked', { signal: AbortSignal.timeout(20_000) })).toBeUndefined();

    const { arrival } = await take('peeked', 2);

    expect(await subject.store.peek('peeked', { signal: AbortSignal.timeout(20_000) })).toBe(arrival);
    expect(await subject.store.peek('peeked', { signal: AbortSignal.timeout(20_000) })).toBe(arrival);
  });

  test('forgets what no limit needs any more', async () => {
    await take('forgotten', 60);

    const seconds = await subject.forgottenIn('forgotten');

    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThan(200);
  });

  test('is exact among many at once', async () => {
    // a day's limit: on a busy machine a minute's would let the next one in meanwhile
    const verdicts = await Promise.all(Array.from({ length: 60 }, () => take('crowd', 40, 86_400)));

    expect(verdicts.filter(({ admitted }) => admitted)).toHaveLength(20);
  });

  // it answers one request at a time, in this process
  if (name === 'dynalite') return;

  // SOAK_SECONDS=30 for the long one; bench/limits.ts runs it too
  const seconds = Number(process.env['SOAK_SECONDS'] ?? 2);
  test(
    'never admits more than the limit in a window, to 200 callers in 8 processes whose clocks differ',
    async () => {
      const limit = { limit: 20, perSeconds: 1 };
      // one tenant has most of the callers
      const keys = Array.from({ length: 200 }, (_, caller) => `tenant-${caller < 110 ? 0 : caller % 4}`);

      const { admitted, errors } = await soak(
        { store: subject.configuration, limit, keys, durationMillis: seconds * 1_000 },
        subject.environment,
      );

      const counts = [...admitted.values()].map((times) => times.length);
      expect(errors).toEqual([]);
      expect(admitted.size).toBe(4);
      for (const times of admitted.values())
        expect(mostInAWindow(times, limit)).toBeLessThanOrEqual(limit.limit);
      // each has his own, however many callers share it; a short run on a busy machine says no more than that
      const fewest = seconds < 10 ? limit.limit / 2 : 0.8 * Math.max(...counts);
      expect(Math.min(...counts)).toBeGreaterThanOrEqual(fewest);
    },
    (seconds + 90) * 1_000,
  );
});
