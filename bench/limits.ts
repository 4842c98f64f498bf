/**
 * Exact limits: a decision beside a bare round trip to the same store, in turns and in one process, and what a
 * core decides in a second. With `--soak`, 200 callers in 8 processes for 30 seconds, whose clocks differ.
 *
 *     npx tsx bench/limits.ts [--soak] [--json]
 *
 * Needs redis-server and Java; the servers run beside the client, so its own processor time says more than the
 * wall clock. No figure of another machine is quoted anywhere.
 */
import { connect } from 'node:net';
import { parseArgs } from 'node:util';
import { DynamoDbLimitStore } from '../lambda/authorizer/limits/dynamodb-limit-store';
import { gcraOf } from '../lambda/authorizer/limits/gcra';
import { GuardedStore } from '../lambda/authorizer/limits/guarded-store';
import type { LimitStore } from '../lambda/authorizer/limits/limit-store';
import { redisConnection } from '../lambda/authorizer/limits/redis-connection';
import { RedisLimitStore } from '../lambda/authorizer/limits/redis-limit-store';
import { encodeCommand } from '../lambda/authorizer/limits/redis-protocol';
import type { LimitStoreConfiguration } from '../lib/protocol/limits';
import { mostInAWindow, soak } from '../test/lambda/authorizer/limits/soak';
import { dynamoDb, startDynamoDbLocal, startRedis, TABLE } from '../test/lambda/authorizer/limits/stores';

const { values: options } = parseArgs({
  options: { soak: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
});

/** Never exhausted here: what is measured is the way to an answer. */
const GCRA = gcraOf({ limit: 1_000_000, perSeconds: 1 });
const ROUNDS = 31;
const CALLS = 100;
const TARGET = 1.5;

interface Subject {
  readonly name: string;
  readonly store: LimitStore;
  /**
   * A command of the same kind over a connection that is kept, its answer not looked at: fixed bytes to Redis, a
   * signed call to DynamoDB, which answers no other.
   */
  readonly bare: () => Promise<unknown>;
  readonly configuration: LimitStoreConfiguration;
  readonly environment: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
}

async function redis(): Promise<Subject> {
  const { port, close } = await startRedis();
  const configuration = { kind: 'redis', host: '127.0.0.1', port, tls: false } as const;
  const connection = redisConnection(configuration);
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let bytes = '';
  const recorder = new RedisLimitStore(async (command) => {
    bytes = encodeCommand(command);
    return [1, '1', '1'];
  });
  await recorder.take('bare', GCRA);

  return {
    name: 'Redis',
    store: new RedisLimitStore(connection.send),
    bare: () =>
      new Promise((resolve) => {
        socket.once('data', resolve);
        socket.write(bytes);
      }),
    configuration,
    environment: {},
    close: async () => {
      socket.destroy();
      connection.close();
      await close();
    },
  };
}

async function dynamoDbLocal(): Promise<Subject> {
  const { environment, close } = await startDynamoDbLocal();
  const call = dynamoDb(environment);
  const input = {
    TableName: TABLE,
    Key: { pk: { S: 'bare' } },
    UpdateExpression: 'SET #tat = :now, #until = :until',
    ConditionExpression: 'attribute_not_exists(#tat) OR #tat < :until',
    ExpressionAttributeNames: { '#tat': 'tat', '#until': 'deleteAfter' },
    ExpressionAttributeValues: { ':now': { N: '1' }, ':until': { N: '2' } },
    ReturnValues: 'UPDATED_NEW',
  };
  return {
    name: 'DynamoDB Local',
    store: new DynamoDbLimitStore(TABLE, () => performance.timeOrigin + performance.now(), call),
    bare: () => call('UpdateItem', input),
    configuration: { kind: 'dynamodb', table: TABLE },
    environment,
    close,
  };
}

interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

/** Microseconds of one call, one after the other. */
async function costOf(run: () => Promise<unknown>): Promise<Cost> {
  const before = process.cpuUsage();
  const start = performance.now();
  for (let call = 0; call < CALLS; call += 1) await run();
  const wall = ((performance.now() - start) * 1_000) / CALLS;
  const { user, system } = process.cpuUsage(before);
  return { wall, cpu: (user + system) / CALLS };
}

async function measure(subject: Subject) {
  // calls a busy machine did not answer within 90 ms
  let late = 0;
  const guarded = new GuardedStore({
    store: subject.store,
    onFailure: () => {
      late += 1;
    },
    now: Date.now,
  });
  const decide = () => guarded.take('measured', GCRA);
  // both warm before either is looked at, the server's virtual machine too
  for (let warm = 0; warm < 15; warm += 1) {
    await costOf(() => subject.store.take('warm', GCRA, { signal: AbortSignal.timeout(10_000) }));
    await costOf(subject.bare);
  }
  const samples: { decision: Cost; bare: Cost }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    samples.push({ bare: await costOf(subject.bare), decision: await costOf(decide) });
  }
  const of = (pick: (sample: (typeof samples)[number]) => number) => median(samples.map(pick));
  return {
    store: subject.name,
    late,
    bareMicroseconds: of(({ bare }) => bare.wall),
    decisionMicroseconds: of(({ decision }) => decision.wall),
    latencyRatio: of(({ decision, bare }) => decision.wall / bare.wall),
    bareCpuMicroseconds: of(({ bare }) => bare.cpu),
    decisionCpuMicroseconds: of(({ decision }) => decision.cpu),
    cpuRatio: of(({ decision, bare }) => decision.cpu / bare.cpu),
    decisionsPerSecondPerCore: await throughput(subject.store),
  };
}

/** With 32 callers at a time, by the client's processor time. */
async function throughput(store: LimitStore): Promise<number> {
  const end = performance.now() + 2_000;
  const before = process.cpuUsage();
  let decisions = 0;
  await Promise.all(
    Array.from({ length: 32 }, async (_, caller) => {
      while (performance.now() < end) {
        await store.take(`caller-${caller}`, GCRA, { signal: AbortSignal.timeout(5_000) });
        decisions += 1;
      }
    }),
  );
  const { user, system } = process.cpuUsage(before);
  return decisions / ((user + system) / 1e6);
}

/** The contract, for as long as the issue asks. */
async function soakOf({ name, configuration, environment }: Subject) {
  const limit = { limit: 20, perSeconds: 1 };
  const keys = Array.from({ length: 200 }, (_, caller) => `tenant-${caller < 110 ? 0 : caller % 4}`);
  const { admitted, decisions, errors } = await soak(
    { store: configuration, limit, keys, durationMillis: 30_000 },
    environment,
  );
  const all = [...admitted.values()];
  return {
    store: name,
    limit: limit.limit,
    mostInAWindow: Math.max(...all.map((times) => mostInAWindow(times, limit))),
    fewestAdmitted: Math.min(...all.map((times) => times.length)),
    mostAdmitted: Math.max(...all.map((times) => times.length)),
    decisions,
    errors: errors.length,
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

async function main(): Promise<void> {
  const results = [];
  const soaks = [];
  for (const start of [redis, dynamoDbLocal]) {
    const subject = await start();
    results.push(await measure(subject));
    if (options.soak) soaks.push(await soakOf(subject));
    await subject.close();
  }
  if (options.json)
    console.log(JSON.stringify({ bench: 'limits', target: { ratio: TARGET }, results, soaks }));
  else {
    const rounded = (row: object) =>
      Object.fromEntries(
        Object.entries(row).map(([key, value]) => [
          key,
          typeof value === 'number' ? Number(value.toPrecision(3)) : value,
        ]),
      );
    console.table(results.map(rounded));
    if (soaks.length > 0) console.table(soaks);
  }
  const missed =
    results.some(({ latencyRatio, cpuRatio }) => latencyRatio > TARGET || cpuRatio > TARGET) ||
    soaks.some(({ limit, mostInAWindow: most, errors }) => most > limit || errors > 0);
  if (missed) process.exitCode = 1;
}

main();
