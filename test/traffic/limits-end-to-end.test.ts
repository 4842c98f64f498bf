import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { Stack } from 'aws-cdk-lib';
import { CfnUsagePlan } from 'aws-cdk-lib/aws-apigateway';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import {
  ApiKeyStore,
  Authentication,
  Backend,
  LimitStore,
  Quota,
  SecureApiGateway,
  type SecureApiGatewayProps,
} from '../../lib';
import { LocalGateway } from '../../lib/local';
import { formatApiKey, hashApiKey, keyItemId } from '../../lib/protocol';
import { documentOf, loadBalancerIn, quickApp, SERVER_NAME } from '../fixtures/gateway';
import { HAS_REDIS, type StartedRedis, startRedis } from '../lambda/authorizer/limits/stores';

const DEFINITION = documentOf(`
openapi: 3.1.0
info: { title: Limited, version: 1.0.0 }
x-gateway: { backend: orders }
components:
  securitySchemes:
    machine: { type: apiKey, in: header, name: X-Api-Key }
security: [{ machine: [] }]
paths:
  /limited:
    get:
      x-gateway: { rateLimit: { limit: 4, perSeconds: 600, by: tenant } }
      responses: { '200': { description: OK } }
  /metered:
    get:
      responses: { '200': { description: OK } }
`);

interface Running {
  readonly gateway: LocalGateway;
  /** Headers of what reached the service. */
  readonly received: readonly IncomingHttpHeaders[];
  readonly call: (path: string, key: string) => Promise<Response>;
  readonly close: () => Promise<void>;
}

/** A gateway on this machine, from its template, with two tenants' keys in its store. */
async function start(
  limits: (stack: Stack, vpc: ec2.IVpc) => SecureApiGatewayProps['limits'],
  spoil: (stack: Stack) => void = () => undefined,
): Promise<Running> {
  const app = quickApp();
  const stack = new Stack(app, 'Limited');
  const vpc = new ec2.Vpc(stack, 'Vpc');
  new SecureApiGateway(stack, 'Gateway', {
    definition: DEFINITION,
    authentication: { machine: Authentication.apiKey({ keys: new ApiKeyStore(stack, 'Keys') }) },
    backends: {
      orders: Backend.applicationLoadBalancer(loadBalancerIn(stack, vpc), { serverName: SERVER_NAME }),
    },
    tiers: {
      free: { rate: 100, burst: 100, quota: Quota.perDay(3) },
      pro: { rate: 100, burst: 100 },
    },
    limits: limits(stack, vpc),
  });
  spoil(stack);
  const received: IncomingHttpHeaders[] = [];
  const service = createServer(({ headers }, response) => {
    received.push(headers);
    response.end('{}');
  });
  const backend = await listen(service);
  const gateway = await LocalGateway.start(
    { assembly: app.synth().directory, stackName: 'Limited' },
    { backends: { orders: backend } },
  );
  await store(gateway, keyOf('acme'), 'acme', 'pro');
  await store(gateway, keyOf('globex'), 'globex', 'pro');
  await store(gateway, keyOf('hooli'), 'hooli', 'free');
  return {
    gateway,
    received,
    call: (path, key) => fetch(new URL(path, gateway.url), { headers: { 'X-Api-Key': key } }),
    close: async () => {
      await gateway.close();
      service.closeAllConnections();
      await new Promise((resolve) => service.close(resolve));
    },
  };
}

function keyOf(seed: string): string {
  const [id, secret] = [seed.padEnd(12, '0'), seed.padEnd(32, 's')];
  return formatApiKey({ prefix: 'sk', environment: 'live', id, secret });
}

async function store({ endpoints }: LocalGateway, key: string, tenant: string, tier: string): Promise<void> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint: endpoints.dynamodb, region: 'local', credentials });
  await client.send(
    new PutItemCommand({
      TableName: endpoints.tables.find((name) => name.includes('Keys')),
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
  client.destroy();
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a gateway with limits counted in DynamoDB', () => {
  let running: Running;
  beforeAll(async () => {
    running = await start(() => ({ failedAuthentications: 3 }));
  }, 60_000);
  afterAll(() => running?.close());

  test('answers 429 to a tenant whose exact limit ran out, and serves the other on', async () => {
    const statuses: number[] = [];
    for (let sent = 0; sent < 4; sent += 1)
      statuses.push((await running.call('limited', keyOf('acme'))).status);

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
    const statuses: number[] = [];
    for (let sent = 0; sent < 4; sent += 1)
      statuses.push((await running.call('metered', keyOf('hooli'))).status);

    expect(statuses).toEqual([200, 200, 200, 429]);
    expect((await running.call('metered', keyOf('globex'))).status).toBe(200);
  });

  // the last one: it shuts out this address
  test('answers 429 to an address that failed to authenticate too often, whatever it brings then', async () => {
    const statuses: number[] = [];
    for (const guess of ['a', 'b', 'c', 'd'])
      statuses.push((await running.call('metered', keyOf(guess))).status);

    expect(statuses).toEqual([401, 401, 401, 429]);
    expect((await running.call('metered', keyOf('globex'))).status).toBe(429);
  });
});

describe('a gateway whose plan for refusals does not refuse', () => {
  let running: Running;
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
  let running: Running;
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
    const statuses: number[] = [];
    for (let sent = 0; sent < 4; sent += 1)
      statuses.push((await running.call('limited', keyOf('acme'))).status);

    expect(statuses).toEqual([200, 200, 429, 429]);
    expect((await running.call('limited', keyOf('globex'))).status).toBe(200);
  });

  test('lets requests through where Redis is gone, and says so', async () => {
    await redis.close();

    expect((await running.call('limited', keyOf('acme'))).status).toBe(200);
    expect(running.gateway.logs().some(({ line }) => line.includes('limit store unavailable'))).toBe(true);
  });
});
