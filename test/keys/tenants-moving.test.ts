import { randomUUID } from 'node:crypto';
import { KeyTable } from '../../lib/keys/key-table';
import { DATABASES, TABLE } from './databases';
import {
  codeOf,
  died,
  planKeyOf,
  REMEMBERED,
  startTenants,
  type TenantsUnderTest,
} from './tenants-under-test';

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

  describe('that move to another tier', () => {
    test('are never answered with a plan key that API Gateway does not know', async () => {
      const tenant = randomUUID();
      const { planKey: old } = await subject.tenants().create(tenant, 'free');
      const id = await subject.keyOf(tenant);
      const known = async () => {
        for (const { planKey } of [await subject.tenants().show(tenant), await subject.keys.show(id)]) {
          expect(subject.standIn.book.allKeys().map(({ value }) => value)).toContain(planKey);
        }
      };
      subject.time.duringWaits = [
        async () => {
          await known();
          expect(await subject.tenants().show(tenant)).toMatchObject({ tier: 'free', nextTier: 'pro' });
        },
        async () => {
          await known();
          // an authorizer may remember the old one still
          expect(subject.standIn.members('free')).toContain(old);
        },
      ];

      const moved = await subject.tenants().setTier(tenant, 'pro');

      expect(subject.time.waited[0]).toBe(120);
      expect(subject.time.waited[1]).toBeGreaterThanOrEqual(REMEMBERED);
      const planKey = planKeyOf(tenant, 'pro');
      expect(moved).toMatchObject({ tier: 'pro', planKey });
      expect(Object.keys(moved).filter((name) => /^(next|old)/.test(name))).toEqual([]);
      expect(await subject.keys.show(id)).toMatchObject({ tier: 'pro', planKey });
      expect(subject.standIn.book.allKeys().map(({ value }) => value)).not.toContain(old);
    });

    test.each([
      ['while API Gateway learns the key', 0],
      ['while authorizers forget the old one', 1],
    ])('go on where they were interrupted %s', async (_when, wait) => {
      const tenant = randomUUID();
      await subject.tenants().create(tenant, 'free');
      const id = await subject.keyOf(tenant);
      subject.time.duringWaits = [...Array.from({ length: wait }, () => async () => {}), died];
      expect(await codeOf(subject.tenants().setTier(tenant, 'pro'))).toBe('died');

      const repaired = await subject.tenants().repair(tenant);

      expect(repaired).toMatchObject({ tier: 'pro', planKey: planKeyOf(tenant, 'pro') });
      expect(repaired).not.toHaveProperty('oldTier');
      expect(await subject.keys.show(id)).toMatchObject({ tier: 'pro', planKey: repaired.planKey });
      expect(subject.standIn.members('free')).not.toContain(planKeyOf(tenant, 'free'));
    });

    test('do not move to two tiers at once', async () => {
      const tenant = randomUUID();
      await subject.tenants().create(tenant, 'free');
      subject.time.duringWaits = [died];
      expect(await codeOf(subject.tenants().setTier(tenant, 'pro'))).toBe('died');

      expect(await codeOf(subject.tenants().setTier(tenant, 'free'))).toBe('TENANT_MOVING');
      expect(await subject.tenants().setTier(tenant, 'pro')).toMatchObject({ tier: 'pro' });
    });

    test('are not taken from whoever claimed them first', async () => {
      const tenant = randomUUID();
      await subject.tenants().create(tenant, 'free');
      const late = new KeyTable(subject.client, TABLE);
      jest.spyOn(late.tenants, 'find').mockImplementationOnce(async () => {
        const before = await subject.table.tenants.find(tenant);
        subject.time.duringWaits = [died];
        await codeOf(subject.tenants().setTier(tenant, 'plus'));
        return before;
      });

      expect(await codeOf(subject.tenants({ table: late }).setTier(tenant, 'pro'))).toBe('TENANT_MOVING');
      expect(await subject.tenants().show(tenant)).toMatchObject({ tier: 'free', nextTier: 'plus' });
    });

    test('take along a key that was being made meanwhile', async () => {
      const tenant = randomUUID();
      const { planKey: old } = await subject.tenants().create(tenant, 'free');
      let late = '';
      subject.time.duringWaits = [
        async () => {},
        async () => {
          late = await subject.keyOf(tenant);
          await subject.table.change(late, { set: { tier: 'free', planKey: old ?? '' }, when: {} });
        },
      ];

      const { planKey } = await subject.tenants().setTier(tenant, 'pro');

      expect(await subject.keys.show(late)).toMatchObject({ tier: 'pro', planKey });
      // and the old plan key stays until the authorizer forgot that key, too
      expect(subject.time.waited.at(-1)).toBeGreaterThanOrEqual(REMEMBERED);
    });

    test('move back, with the same plan key as before', async () => {
      const tenant = randomUUID();
      const { planKey } = await subject.tenants().create(tenant, 'free');
      await subject.tenants().setTier(tenant, 'pro');

      expect(await subject.tenants().setTier(tenant, 'free')).toMatchObject({ tier: 'free', planKey });
      expect(subject.standIn.members('free')).toContain(planKey);
    });
  });
});
