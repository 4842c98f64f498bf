import { createServer } from 'node:http';
import { APIGatewayClient, GetUsagePlansCommand } from '@aws-sdk/client-api-gateway';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Duration, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { ApiKeyStore, Authentication, Backend, Quota, SecureApiGateway } from '../../lib';
import { ApiKeys } from '../../lib/keys/api-keys';
import { KeyTable } from '../../lib/keys/key-table';
import { ApiGatewayPlanControl } from '../../lib/keys/plan-control';
import { Tenants } from '../../lib/keys/tenants';
import { LocalGateway } from '../../lib/local';
import { closeServer } from '../../lib/local/server/close';
import { listen } from '../../lib/local/server/listen';
import { documentOf, loadBalancerIn, quickApp, SERVER_NAME } from '../fixtures/gateway';

const DAILY = 3;
const DEFINITION = documentOf(`
openapi: 3.1.0
info: { title: Metered, version: 1.0.0 }
x-gateway: { backend: orders }
components:
  securitySchemes:
    machine: { type: apiKey, in: header, name: X-Api-Key }
security: [{ machine: [] }]
paths:
  /metered:
    get:
      responses: { '200': { description: OK } }
`);

describe('a tenant behind its gateway', () => {
  const service = createServer((_, response) => response.end('{}'));
  const aws = { region: 'local', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  let now = Date.parse('2026-11-22T12:00:00Z');
  let gateway: LocalGateway;
  let database: DynamoDBClient;
  let control: APIGatewayClient;
  let keys: ApiKeys;
  let tenants: Tenants;

  beforeAll(async () => {
    const app = quickApp();
    const stack = new Stack(app, 'Metered');
    const loadBalancer = loadBalancerIn(stack, new ec2.Vpc(stack, 'Vpc'));
    new SecureApiGateway(stack, 'Gateway', {
      definition: DEFINITION,
      authentication: { machine: Authentication.apiKey({ keys: new ApiKeyStore(stack, 'Keys') }) },
      backends: { orders: Backend.applicationLoadBalancer(loadBalancer, { serverName: SERVER_NAME }) },
      tiers: { free: { rate: 100, burst: 100, quota: Quota.perDay(DAILY) } },
      revokeWithin: Duration.seconds(0),
    });
    const backend = `http://127.0.0.1:${await listen(service, 0, 'service')}`;
    gateway = await LocalGateway.start(
      { assembly: app.synth().directory, stackName: 'Metered' },
      { backends: { orders: backend }, clock: () => now },
    );

    const { dynamodb, environment, tables } = gateway.endpoints;
    database = new DynamoDBClient({ ...aws, endpoint: dynamodb });
    control = new APIGatewayClient({ ...aws, endpoint: environment['AWS_ENDPOINT_URL_API_GATEWAY'] });
    const { items = [] } = await control.send(new GetUsagePlansCommand({}));
    const free = items.find(({ quota }) => quota?.limit === DAILY)?.id ?? '';
    const table = new KeyTable(database, tables.find((name) => name.includes('Keys')) ?? '');
    const seconds = () => Math.floor(now / 1000);
    keys = new ApiKeys({ table, prefix: 'sk', environment: 'live', now: seconds });
    tenants = new Tenants({
      table,
      control: new ApiGatewayPlanControl(control),
      plansOf: () => [free],
      rememberedSeconds: 0,
      now: seconds,
      waitUntil: async (moment) => {
        now = Math.max(now, moment * 1000);
      },
    });
  });

  afterAll(async () => {
    await gateway?.close();
    database?.destroy();
    control?.destroy();
    await closeServer(service);
  });

  const call = async (key: string) =>
    (await fetch(new URL('metered', gateway.url), { headers: { 'X-Api-Key': key } })).status;

  test('is counted with its tier at first, on its own once API Gateway knows it, and with its tier after a purge', async () => {
    await tenants.create('acme', 'free');
    const { key: acme } = await keys.create({ tenant: 'acme' });
    const { key: other } = await keys.create({ tenant: 'nobody', tier: 'free' });

    expect(await call(acme)).toBe(200);
    for (let count = 1; count < DAILY; count += 1) expect(await call(other)).toBe(200);
    expect([await call(acme), await call(other)]).toEqual([429, 429]);

    now += 120_000;
    expect([await call(acme), await call(other)]).toEqual([200, 429]);

    await tenants.purge(['acme']);
    expect(await call(acme)).toBe(429);
  });
});
