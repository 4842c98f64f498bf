import { randomUUID } from 'node:crypto';
import type { TenantsOptions } from '../../lib/keys/tenants';
import { ServiceError } from '../../lib/local/emulated/service-error';
import { DATABASES } from './databases';
import { ATTEMPTS } from './plan-control-stand-in';
import {
  codeOf,
  died,
  planKeyOf,
  REMEMBERED,
  startTenants,
  type TenantsUnderTest,
  tiers,
} from './tenants-under-test';

const THROTTLED = new ServiceError('TooManyRequestsException', 'Too Many Requests', 429);

describe.each(DATABASES)('Tenants over %s', (_name, kind) => {
  let subject: TenantsUnderTest;

  beforeAll(async () => {
    subject = await startTenants(kind);
  });

  beforeEach(() => {
    subject.time.duringWaits = [];
    subject.time.waited = [];
  });

  afterAll(() => subject.close());

  test('have a plan key in every gateway, which counts them once API Gateway knows it', async () => {
    const tenant = randomUUID();

    const created = await subject.tenants().create(tenant, 'pro');

    expect(created).toEqual({
      ...{ tenant, tier: 'pro', createdAt: subject.time.now },
      ...{ planKey: planKeyOf(tenant, 'pro'), activeAfter: subject.time.now + 120 },
    });
    expect(created.planKey).toMatch(/^[A-Za-z0-9]{20,128}$/);
    expect(subject.standIn.members('pro')).toContain(created.planKey);
    expect(subject.standIn.members('pro-other')).toContain(created.planKey);
    expect(subject.standIn.members('free')).not.toContain(created.planKey);
  });

  test.each(['pro', 'free'])('give up a move to a tier that is no more, for %s', async (tier) => {
    const tenant = randomUUID();
    await subject.tenants().create(tenant, 'free');
    subject.time.duringWaits = [died];
    await expect(subject.tenants().setTier(tenant, 'plus')).rejects.toThrow('died');
    expect(subject.standIn.members('plus')).toContain(planKeyOf(tenant, 'plus'));
    const gone: Partial<TenantsOptions> = {
      plansOf: (name) => {
        if (name === 'plus') throw new Error('there is no such tier');
        return tiers.plansOf(name);
      },
    };

    const moved = await subject.tenants(gone).setTier(tenant, tier);

    expect(moved).toMatchObject({ tier, planKey: planKeyOf(tenant, tier) });
    expect(moved).not.toHaveProperty('nextTier');
    expect(subject.standIn.members('plus')).not.toContain(planKeyOf(tenant, 'plus'));
    expect(subject.standIn.members(tier)).toContain(planKeyOf(tenant, tier));
  });

  test('hand it to their API keys, old and new, but not to those of another tier', async () => {
    const tenant = randomUUID();
    const [old, other] = [await subject.keyOf(tenant), await subject.keyOf(tenant, { tier: 'free' })];

    const { planKey, activeAfter } = await subject.tenants().create(tenant, 'pro');
    const [young, youngOther] = [await subject.keyOf(tenant), await subject.keyOf(tenant, { tier: 'free' })];

    for (const id of [old, young]) {
      expect(await subject.keys.show(id)).toMatchObject({ tier: 'pro', planKey, activeAfter });
    }
    for (const id of [other, youngOther]) {
      const shown = await subject.keys.show(id);
      expect(shown.tier).toBe('free');
      expect(shown).not.toHaveProperty('planKey');
    }
  });

  test('are made once, however often it is asked', async () => {
    const tenant = randomUUID();

    const [first, second] = await Promise.all([
      subject.tenants().create(tenant, 'pro'),
      subject.tenants().create(tenant, 'pro'),
    ]);
    const third = await subject.tenants().create(tenant, 'pro');

    expect([second, third]).toEqual([first, first]);
    expect(subject.standIn.members('pro').filter((value) => value === first?.planKey)).toHaveLength(1);
    expect(await codeOf(subject.tenants().create(tenant, 'free'))).toBe('TENANT_EXISTS');
  });

  test('are not made in a tier that no gateway has, nor by a name that is none', async () => {
    const tenant = randomUUID();

    expect(await codeOf(subject.tenants().create(tenant, 'gold'))).toBe('NO_SUCH_TIER');
    expect(await codeOf(subject.tenants().create('a/b', 'pro'))).toBe('INVALID_KEY_ORDER');
    expect(await codeOf(subject.tenants().setTier(tenant, 'pro'))).toBe('NO_SUCH_TENANT');
    expect(await subject.table.tenants.find(tenant)).toBeUndefined();
  });

  test('are made although the control plane throttles and answers get lost', async () => {
    const tenant = randomUUID();
    subject.standIn.fail(/^GET \/apikeys/, THROTTLED);
    subject.standIn.fail(/^POST \/apikeys/, THROTTLED, true);
    subject.standIn.fail(/^POST \/usageplans\/pro\/keys/, THROTTLED, true);

    const { planKey } = await subject.tenants().create(tenant, 'pro');

    expect(subject.standIn.members('pro')).toContain(planKey);
    expect(subject.standIn.book.allKeys().filter(({ value }) => value === planKey)).toHaveLength(1);
  });

  test('are counted with their tier where the account can have no more keys', async () => {
    const tenant = randomUUID();
    const full = new ServiceError('LimitExceededException', 'quota', 429);
    // the SDK tries again whatever is answered with 429
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) subject.standIn.fail(/^POST \/apikeys/, full);

    expect(await codeOf(subject.tenants().create(tenant, 'pro'))).toBe('TOO_MANY_PLAN_KEYS');

    const stored = await subject.table.tenants.find(tenant);
    expect(stored).toMatchObject({ tier: 'pro' });
    expect(stored).not.toHaveProperty('planKey');
  });

  test('say so where somebody put or disabled their plan key by hand', async () => {
    const tenant = randomUUID();
    const { planKey } = await subject.tenants().create(tenant, 'pro');
    const key = subject.standIn.book.allKeys().find(({ value }) => value === planKey);
    if (!key) throw new Error('there is no key');
    subject.standIn.book.leave('pro', key.id);
    subject.standIn.book.join('free', key.id);

    expect(await codeOf(subject.tenants().repair(tenant))).toBe('PLAN_CONFLICT');

    subject.standIn.book.replace({ ...key, enabled: false });
    expect(await codeOf(subject.tenants().repair(tenant))).toBe('PLAN_KEY_DISABLED');
  });

  test('are repaired when a stack was replaced, and counted with their tier until that is known', async () => {
    const tenant = randomUUID();
    const { planKey } = await subject.tenants().create(tenant, 'pro');
    const id = await subject.keyOf(tenant);
    subject.time.now += 1_000;
    subject.standIn.replaceStack(true);
    expect(subject.standIn.members('pro')).toEqual([]);

    await subject.tenants().repair(tenant);

    expect(subject.standIn.members('pro')).toEqual([planKey]);
    expect(await subject.keys.show(id)).toMatchObject({ planKey, activeAfter: subject.time.now + 120 });
  });

  test('are left as they are by a repair that finds nothing', async () => {
    const tenant = randomUUID();
    const created = await subject.tenants().create(tenant, 'pro');
    subject.time.now += 1_000;
    const calls = subject.standIn.calls.length;

    expect(await subject.tenants().repair(tenant)).toEqual(created);
    expect(subject.standIn.calls.slice(calls).filter((call) => call.includes('DELETE'))).toEqual([]);
  });

  test('are counted with their tier after a purge, which waits before it deletes, and can be repaired', async () => {
    const tenant = randomUUID();
    const { planKey } = await subject.tenants().create(tenant, 'pro');
    const id = await subject.keyOf(tenant);
    subject.time.duringWaits = [async () => expect(subject.standIn.members('pro')).toContain(planKey)];

    await subject.tenants().purge([tenant]);
    await subject.tenants().purge([tenant]);

    expect(subject.time.waited[0]).toBeGreaterThanOrEqual(REMEMBERED);
    expect(subject.standIn.members('pro')).not.toContain(planKey);
    for (const item of [await subject.tenants().show(tenant), await subject.keys.show(id)]) {
      expect(item.tier).toBe('pro');
      expect(item).not.toHaveProperty('planKey');
    }
    expect(await subject.tenants().repair(tenant)).toMatchObject({ planKey });
  });

  test('are listed apart from keys', async () => {
    const tenant = randomUUID();
    await subject.tenants().create(tenant, 'pro');
    await subject.keyOf(tenant);

    const listed: string[] = [];
    for await (const page of subject.tenants().list()) listed.push(...page.map((each) => each.tenant));

    expect(listed.filter((name) => name === tenant)).toEqual([tenant]);
  });
});
