import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { GatewayConfigurationError } from '../../lib/errors';
import { ApiKeys } from '../../lib/keys/api-keys';
import { KeyTable } from '../../lib/keys/key-table';
import { ApiGatewayPlanControl } from '../../lib/keys/plan-control';
import { Tenants, type TenantsOptions } from '../../lib/keys/tenants';
import { TierPlans } from '../../lib/keys/tier-plans';
import { type Database, startDatabase } from '../../lib/local/emulated/database';
import { ServiceError } from '../../lib/local/emulated/service-error';
import { tenantPlanKey, tierPlanOutput } from '../../lib/protocol';
import { clientOf, DATABASES, DEFINITION, TABLE } from './databases';
import { ATTEMPTS, PlanControlStandIn } from './plan-control-stand-in';

const REMEMBERED = 60;
const THROTTLED = new ServiceError('TooManyRequestsException', 'Too Many Requests', 429);

describe.each(DATABASES)('Tenants over %s', (_name, kind) => {
  let database: Database;
  let client: DynamoDBClient;
  let table: KeyTable;
  let keys: ApiKeys;
  let gateway: Awaited<ReturnType<typeof PlanControlStandIn.start>>;
  let standIn: PlanControlStandIn;
  let now = 1_800_000_000;
  let duringWaits: (() => Promise<void>)[] = [];
  let waited: number[] = [];

  const tiers = TierPlans.of(
    [
      { description: tierPlanOutput('free', REMEMBERED), value: 'free' },
      { description: tierPlanOutput('pro', 30), value: 'pro' },
      { description: tierPlanOutput('pro', 30), value: 'pro-other' },
      { description: tierPlanOutput('plus', 30), value: 'plus' },
    ],
    [],
  );

  const tenantsWith = (more: Partial<TenantsOptions> = {}) =>
    new Tenants({
      table,
      control: new ApiGatewayPlanControl(gateway.client),
      plansOf: (tier) => tiers.plansOf(tier),
      rememberedSeconds: tiers.rememberedSeconds ?? 0,
      now: () => now,
      waitUntil: async (moment) => {
        waited.push(Math.max(0, moment - now));
        await duringWaits.shift()?.();
        now = Math.max(now, moment);
      },
      ...more,
    });
  const planKeyOf = (tenant: string, tier: string) => tenantPlanKey(TABLE, tenant, tier);
  const keyOf = async (tenant: string, more: object = {}) => (await keys.create({ tenant, ...more })).id;
  const codeOf = (run: Promise<unknown>) =>
    run.then(
      () => undefined,
      (error: GatewayConfigurationError) => error.problems?.[0]?.code ?? error.message,
    );
  const died = async () => {
    throw new Error('died');
  };

  beforeAll(async () => {
    database = await startDatabase(kind, [DEFINITION]);
    client = clientOf(database.endpoint);
    table = new KeyTable(client, TABLE);
    keys = new ApiKeys({ table, prefix: 'sk', environment: 'live', now: () => now });
    gateway = await PlanControlStandIn.start(() => now);
    standIn = gateway.standIn;
  });

  beforeEach(() => {
    duringWaits = [];
    waited = [];
  });

  afterAll(async () => {
    client.destroy();
    await gateway.close();
    await database.close();
  });

  test('have a plan key in every gateway, which counts them once API Gateway knows it', async () => {
    const tenant = randomUUID();

    const created = await tenantsWith().create(tenant, 'pro');

    expect(created).toEqual({
      ...{ tenant, tier: 'pro', createdAt: now },
      ...{ planKey: planKeyOf(tenant, 'pro'), activeAfter: now + 120 },
    });
    expect(created.planKey).toMatch(/^[A-Za-z0-9]{20,128}$/);
    expect(standIn.members('pro')).toContain(created.planKey);
    expect(standIn.members('pro-other')).toContain(created.planKey);
    expect(standIn.members('free')).not.toContain(created.planKey);
  });

  test.each(['pro', 'free'])('give up a move to a tier that is no more, for %s', async (tier) => {
    const tenant = randomUUID();
    await tenantsWith().create(tenant, 'free');
    duringWaits = [died];
    await expect(tenantsWith().setTier(tenant, 'plus')).rejects.toThrow('died');
    expect(standIn.members('plus')).toContain(planKeyOf(tenant, 'plus'));
    const gone: Partial<TenantsOptions> = {
      plansOf: (name) => {
        if (name === 'plus') throw new Error('there is no such tier');
        return tiers.plansOf(name);
      },
    };

    const moved = await tenantsWith(gone).setTier(tenant, tier);

    expect(moved).toMatchObject({ tier, planKey: planKeyOf(tenant, tier) });
    expect(moved).not.toHaveProperty('nextTier');
    expect(standIn.members('plus')).not.toContain(planKeyOf(tenant, 'plus'));
    expect(standIn.members(tier)).toContain(planKeyOf(tenant, tier));
  });

  test('hand it to their API keys, old and new, but not to those of another tier', async () => {
    const tenant = randomUUID();
    const [old, other] = [await keyOf(tenant), await keyOf(tenant, { tier: 'free' })];

    const { planKey, activeAfter } = await tenantsWith().create(tenant, 'pro');
    const [young, youngOther] = [await keyOf(tenant), await keyOf(tenant, { tier: 'free' })];

    for (const id of [old, young]) {
      expect(await keys.show(id)).toMatchObject({ tier: 'pro', planKey, activeAfter });
    }
    for (const id of [other, youngOther]) {
      const shown = await keys.show(id);
      expect(shown.tier).toBe('free');
      expect(shown).not.toHaveProperty('planKey');
    }
  });

  test('are made once, however often it is asked', async () => {
    const tenant = randomUUID();

    const [first, second] = await Promise.all([
      tenantsWith().create(tenant, 'pro'),
      tenantsWith().create(tenant, 'pro'),
    ]);
    const third = await tenantsWith().create(tenant, 'pro');

    expect([second, third]).toEqual([first, first]);
    expect(standIn.members('pro').filter((value) => value === first?.planKey)).toHaveLength(1);
    expect(await codeOf(tenantsWith().create(tenant, 'free'))).toBe('TENANT_EXISTS');
  });

  test('are not made in a tier that no gateway has, nor by a name that is none', async () => {
    const tenant = randomUUID();

    expect(await codeOf(tenantsWith().create(tenant, 'gold'))).toBe('NO_SUCH_TIER');
    expect(await codeOf(tenantsWith().create('a/b', 'pro'))).toBe('INVALID_KEY_ORDER');
    expect(await codeOf(tenantsWith().setTier(tenant, 'pro'))).toBe('NO_SUCH_TENANT');
    expect(await table.tenants.find(tenant)).toBeUndefined();
  });

  test('are made although the control plane throttles and answers get lost', async () => {
    const tenant = randomUUID();
    standIn.fail(/^GET \/apikeys/, THROTTLED);
    standIn.fail(/^POST \/apikeys/, THROTTLED, true);
    standIn.fail(/^POST \/usageplans\/pro\/keys/, THROTTLED, true);

    const { planKey } = await tenantsWith().create(tenant, 'pro');

    expect(standIn.members('pro')).toContain(planKey);
    expect(standIn.book.allKeys().filter(({ value }) => value === planKey)).toHaveLength(1);
  });

  test('are counted with their tier where the account can have no more keys', async () => {
    const tenant = randomUUID();
    const full = new ServiceError('LimitExceededException', 'quota', 429);
    // the SDK tries again whatever is answered with 429
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) standIn.fail(/^POST \/apikeys/, full);

    expect(await codeOf(tenantsWith().create(tenant, 'pro'))).toBe('TOO_MANY_PLAN_KEYS');

    const stored = await table.tenants.find(tenant);
    expect(stored).toMatchObject({ tier: 'pro' });
    expect(stored).not.toHaveProperty('planKey');
  });

  test('say so where somebody put or disabled their plan key by hand', async () => {
    const tenant = randomUUID();
    const { planKey } = await tenantsWith().create(tenant, 'pro');
    const key = standIn.book.allKeys().find(({ value }) => value === planKey);
    if (!key) throw new Error('there is no key');
    standIn.book.leave('pro', key.id);
    standIn.book.join('free', key.id);

    expect(await codeOf(tenantsWith().repair(tenant))).toBe('PLAN_CONFLICT');

    standIn.book.replace({ ...key, enabled: false });
    expect(await codeOf(tenantsWith().repair(tenant))).toBe('PLAN_KEY_DISABLED');
  });

  describe('that move to another tier', () => {
    test('are never answered with a plan key that API Gateway does not know', async () => {
      const tenant = randomUUID();
      const { planKey: old } = await tenantsWith().create(tenant, 'free');
      const id = await keyOf(tenant);
      const known = async () => {
        for (const { planKey } of [await tenantsWith().show(tenant), await keys.show(id)]) {
          expect(standIn.book.allKeys().map(({ value }) => value)).toContain(planKey);
        }
      };
      duringWaits = [
        async () => {
          await known();
          expect(await tenantsWith().show(tenant)).toMatchObject({ tier: 'free', nextTier: 'pro' });
        },
        async () => {
          await known();
          // an authorizer may remember the old one still
          expect(standIn.members('free')).toContain(old);
        },
      ];

      const moved = await tenantsWith().setTier(tenant, 'pro');

      expect(waited[0]).toBe(120);
      expect(waited[1]).toBeGreaterThanOrEqual(REMEMBERED);
      const planKey = planKeyOf(tenant, 'pro');
      expect(moved).toMatchObject({ tier: 'pro', planKey });
      expect(Object.keys(moved).filter((name) => /^(next|old)/.test(name))).toEqual([]);
      expect(await keys.show(id)).toMatchObject({ tier: 'pro', planKey });
      expect(standIn.book.allKeys().map(({ value }) => value)).not.toContain(old);
    });

    test.each([
      ['while API Gateway learns the key', 0],
      ['while authorizers forget the old one', 1],
    ])('go on where they were interrupted %s', async (_when, wait) => {
      const tenant = randomUUID();
      await tenantsWith().create(tenant, 'free');
      const id = await keyOf(tenant);
      duringWaits = [...Array.from({ length: wait }, () => async () => {}), died];
      expect(await codeOf(tenantsWith().setTier(tenant, 'pro'))).toBe('died');

      const repaired = await tenantsWith().repair(tenant);

      expect(repaired).toMatchObject({ tier: 'pro', planKey: planKeyOf(tenant, 'pro') });
      expect(repaired).not.toHaveProperty('oldTier');
      expect(await keys.show(id)).toMatchObject({ tier: 'pro', planKey: repaired.planKey });
      expect(standIn.members('free')).not.toContain(planKeyOf(tenant, 'free'));
    });

    test('do not move to two tiers at once', async () => {
      const tenant = randomUUID();
      await tenantsWith().create(tenant, 'free');
      duringWaits = [died];
      expect(await codeOf(tenantsWith().setTier(tenant, 'pro'))).toBe('died');

      expect(await codeOf(tenantsWith().setTier(tenant, 'free'))).toBe('TENANT_MOVING');
      expect(await tenantsWith().setTier(tenant, 'pro')).toMatchObject({ tier: 'pro' });
    });

    test('are not taken from whoever claimed them first', async () => {
      const tenant = randomUUID();
      await tenantsWith().create(tenant, 'free');
      const late = new KeyTable(client, TABLE);
      jest.spyOn(late.tenants, 'find').mockImplementationOnce(async () => {
        const before = await table.tenants.find(tenant);
        duringWaits = [died];
        await codeOf(tenantsWith().setTier(tenant, 'plus'));
        return before;
      });

      expect(await codeOf(tenantsWith({ table: late }).setTier(tenant, 'pro'))).toBe('TENANT_MOVING');
      expect(await tenantsWith().show(tenant)).toMatchObject({ tier: 'free', nextTier: 'plus' });
    });

    test('take along a key that was being made meanwhile', async () => {
      const tenant = randomUUID();
      const { planKey: old } = await tenantsWith().create(tenant, 'free');
      let late = '';
      duringWaits = [
        async () => {},
        async () => {
          late = await keyOf(tenant);
          await table.change(late, { set: { tier: 'free', planKey: old ?? '' }, when: {} });
        },
      ];

      const { planKey } = await tenantsWith().setTier(tenant, 'pro');

      expect(await keys.show(late)).toMatchObject({ tier: 'pro', planKey });
      // and the old plan key stays until the authorizer forgot that key, too
      expect(waited.at(-1)).toBeGreaterThanOrEqual(REMEMBERED);
    });

    test('move back, with the same plan key as before', async () => {
      const tenant = randomUUID();
      const { planKey } = await tenantsWith().create(tenant, 'free');
      await tenantsWith().setTier(tenant, 'pro');

      expect(await tenantsWith().setTier(tenant, 'free')).toMatchObject({ tier: 'free', planKey });
      expect(standIn.members('free')).toContain(planKey);
    });
  });

  test('are repaired when a stack was replaced, and counted with their tier until that is known', async () => {
    const tenant = randomUUID();
    const { planKey } = await tenantsWith().create(tenant, 'pro');
    const id = await keyOf(tenant);
    now += 1_000;
    standIn.replaceStack(true);
    expect(standIn.members('pro')).toEqual([]);

    await tenantsWith().repair(tenant);

    expect(standIn.members('pro')).toEqual([planKey]);
    expect(await keys.show(id)).toMatchObject({ planKey, activeAfter: now + 120 });
  });

  test('are left as they are by a repair that finds nothing', async () => {
    const tenant = randomUUID();
    const created = await tenantsWith().create(tenant, 'pro');
    now += 1_000;
    const calls = standIn.calls.length;

    expect(await tenantsWith().repair(tenant)).toEqual(created);
    expect(standIn.calls.slice(calls).filter((call) => call.includes('DELETE'))).toEqual([]);
  });

  test('are counted with their tier after a purge, which waits before it deletes, and can be repaired', async () => {
    const tenant = randomUUID();
    const { planKey } = await tenantsWith().create(tenant, 'pro');
    const id = await keyOf(tenant);
    duringWaits = [async () => expect(standIn.members('pro')).toContain(planKey)];

    await tenantsWith().purge([tenant]);
    await tenantsWith().purge([tenant]);

    expect(waited[0]).toBeGreaterThanOrEqual(REMEMBERED);
    expect(standIn.members('pro')).not.toContain(planKey);
    for (const item of [await tenantsWith().show(tenant), await keys.show(id)]) {
      expect(item.tier).toBe('pro');
      expect(item).not.toHaveProperty('planKey');
    }
    expect(await tenantsWith().repair(tenant)).toMatchObject({ planKey });
  });

  test('are listed apart from keys', async () => {
    const tenant = randomUUID();
    await tenantsWith().create(tenant, 'pro');
    await keyOf(tenant);

    const listed: string[] = [];
    for await (const page of tenantsWith().list()) listed.push(...page.map((each) => each.tenant));

    expect(listed.filter((name) => name === tenant)).toEqual([tenant]);
  });
});
