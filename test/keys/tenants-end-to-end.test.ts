import { APIGatewayClient, GetUsagePlansCommand } from '@aws-sdk/client-api-gateway';
import { Duration } from 'aws-cdk-lib';
import { Quota } from '../../lib';
import { ApiKeys } from '../../lib/keys/api-keys';
import { KeyTable } from '../../lib/keys/key-table';
import { ApiGatewayPlanControl } from '../../lib/keys/plan-control';
import { Tenants } from '../../lib/keys/tenants';
import { LOCAL, type MachineGateway, startMachineGateway } from '../fixtures/machines';

const DAILY = 3;

describe('a tenant behind its gateway', () => {
  let now = Date.parse('2026-11-22T12:00:00Z');
  let running: MachineGateway;
  let control: APIGatewayClient;
  let keys: ApiKeys;
  let tenants: Tenants;

  beforeAll(async () => {
    running = await startMachineGateway({
      props: () => ({
        tiers: { free: { rate: 100, burst: 100, quota: Quota.perDay(DAILY) } },
        revokeWithin: Duration.seconds(0),
      }),
      clock: () => now,
    });

    const { environment } = running.gateway.endpoints;
    control = new APIGatewayClient({ ...LOCAL, endpoint: environment['AWS_ENDPOINT_URL_API_GATEWAY'] });
    const { items = [] } = await control.send(new GetUsagePlansCommand({}));
    const free = items.find(({ quota }) => quota?.limit === DAILY)?.id ?? '';
    const table = new KeyTable(running.database, running.table);
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
    control?.destroy();
    await running?.close();
  });

  const call = async (key: string) => (await running.call('metered', key)).status;

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
