import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Stack } from 'aws-cdk-lib';
import { CfnUsagePlan } from 'aws-cdk-lib/aws-apigateway';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { LimitStore, Quota, type SecureApiGatewayProps } from '../../lib';
import { formatApiKey, hashApiKey, keyItemId } from '../../lib/protocol';
import { type MachineGateway, startMachineGateway } from '../fixtures/machines';
import { HAS_REDIS, type StartedRedis, startRedis } from '../lambda/authorizer/limits/stores';

/** A gateway on this machine, from its template, with two tenants' keys in its store. */
async function start(
  limits: (stack: Stack, vpc: ec2.IVpc) => SecureApiGatewayProps['limits'],
  spoil?: (stack: Stack) => void,
) {
  const running = await startMachineGateway({
    props: (stack, vpc) => ({
      tiers: {
        free: { rate: 100, burst: 100, quota: Quota.perDay(3) },
        pro: { rate: 100, burst: 100 },
      },
      limits: limits(stack, vpc),
    }),
    ...(spoil && { spoil }),
  });
  await store(running, keyOf('acme'), 'acme', 'pro');
  await store(running, keyOf('globex'), 'globex', 'pro');
  await store(running, keyOf('hooli'), 'hooli', 'free');
  return running;
}

/** Statuses of answers to requests, one after the other, with keys of these. */
async function statusesOf({ call }: MachineGateway, path: string, ...seeds: string[]): Promise<number[]> {
  const statuses: number[] = [];
  for (const seed of seeds) statuses.push((await call(path, keyOf(seed))).status);
  return statuses;
}

function keyOf(seed: string): string {
  const [id, secret] = [seed.padEnd(12, '0'), seed.padEnd(32, 's')];
  return formatApiKey({ prefix: 'sk', environment: 'live', id, secret });
}

async function store(
  { database, table }: MachineGateway,
  key: string,
  tenant: string,
  tier: string,
): Promise<void> {
  await database.send(
    new PutItemCommand({
      TableName: table,
      Item: {
        pk: { S: keyItemId(tenant.padEnd(12, '0')) },
        hash: { S: hashApiKey(key) },
        tenant: { S: tenant },
        tier: { S: tier },
        status: { S: 'active' },
        createdAt: { N: '1700000000' },
      },
    }),
  );
}

describe('a gateway with limits counted in DynamoDB', () => {
  let running: MachineGateway;
  beforeAll(async () => {
    running = await start(() => ({ failedAuthentications: 3 }));
  }, 60_000);
  afterAll(() => running?.close());

  test('answers 429 to a tenant whose exact limit ran out, and serves the other on', async () => {
    const statuses = await statusesOf(running, 'limited', 'acme', 'acme', 'acme', 'acme');

    expect(statuses).toEqual([200, 200, 429, 429]);
    expect((await running.call('limited', keyOf('globex'))).status).toBe(200);
    expect((await running.call('metered', keyOf('acme'))).status).toBe(200);
  });

  test('says so in a problem document, and when to come again', async () => {
    const response = await running.call('limited', keyOf('acme'));

    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await response.json()).toMatchObject({ status: 429, code: 'RATE_LIMITED' });
  });

  test('answers 429 once a quota is used up, and serves other tiers on', async () => {
    const statuses = await statusesOf(running, 'metered', 'hooli', 'hooli', 'hooli', 'hooli');

    expect(statuses).toEqual([200, 200, 200, 429]);
    expect((await running.call('metered', keyOf('globex'))).status).toBe(200);
  });

  // the last one: it shuts out this address
  test('answers 429 to an address that failed to authenticate too often, whatever it brings then', async () => {
    const statuses = await statusesOf(running, 'metered', 'a', 'b', 'c', 'd');

    expect(statuses).toEqual([401, 401, 401, 429]);
    expect((await running.call('metered', keyOf('globex'))).status).toBe(429);
  });
});

describe('a gateway whose plan for refusals does not refuse', () => {
  let running: MachineGateway;
  beforeAll(async () => {
    running = await start(
      () => ({ failedAuthentications: 1 }),
      (stack) => {
        for (const plan of stack.node.findAll()) {
          if (plan instanceof CfnUsagePlan && plan.node.path.includes('Exhausted')) plan.throttle = undefined;
        }
      },
    );
  }, 60_000);
  afterAll(() => running?.close());

  const lastLine = () => JSON.parse(running.gateway.logs('AccessLogs').at(-1)?.line ?? '{}');

  test('hands no signed identity on for a caller who is over his limit, and tells by its log', async () => {
    for (let sent = 0; sent < 3; sent += 1) await running.call('limited', keyOf('acme'));

    const identities = running.received.map(({ authorization = '' }) => authorization.slice(0, 9));
    expect(identities).toEqual(['Bearer ey', 'Bearer ey', '-']);
    expect(lastLine()).toMatchObject({
      error: { code: 'RATE_LIMITED' },
      gateway: { integration: { status: '200' } },
    });
  });

  // the last one: it shuts out this address
  test('hands nobody on for an address that failed to authenticate, good credential or not', async () => {
    await running.call('metered', keyOf('guess'));
    await running.call('metered', keyOf('acme'));

    expect(running.received.at(-1)).toMatchObject({
      ...{ authorization: '-', 'x-user-id': '-', 'x-tenant-id': '-', 'x-client-id': '-' },
      ...{ 'x-user-roles': '-', 'x-user-scopes': '-' },
    });
    expect(lastLine()).toMatchObject({ error: { code: 'RATE_LIMITED' } });
  });
});

(HAS_REDIS ? describe : describe.skip)('a gateway with limits counted in Redis', () => {
  let redis: StartedRedis;
  let running: MachineGateway;
  beforeAll(async () => {
    redis = await startRedis();
    running = await start((stack, vpc) => ({
      store: LimitStore.redis({
        host: '127.0.0.1',
        port: redis.port,
        vpc,
        securityGroup: new ec2.SecurityGroup(stack, 'Server', { vpc }),
        allowPlainText: true,
      }),
    }));
  }, 60_000);
  afterAll(async () => {
    await running?.close();
    await redis?.close();
  });

  test('answers 429 to a tenant whose exact limit ran out, and serves the other on', async () => {
    const statuses = await statusesOf(running, 'limited', 'acme', 'acme', 'acme', 'acme');

    expect(statuses).toEqual([200, 200, 429, 429]);
    expect((await running.call('limited', keyOf('globex'))).status).toBe(200);
  });

  test('lets requests through where Redis is gone, and says so', async () => {
    await redis.close();

    expect((await running.call('limited', keyOf('acme'))).status).toBe(200);
    expect(running.gateway.logs().some(({ line }) => line.includes('limit store unavailable'))).toBe(true);
  });
});
