import type { Caller } from '../../../../lambda/authorizer/caller';
import { Forbidden } from '../../../../lambda/authorizer/refused';
import { RememberedItems } from '../../../../lambda/authorizer/store/remembered-items';
import { Tenants, toStoredTenant } from '../../../../lambda/authorizer/store/tenants';

const CALLER: Caller = {
  credentialId: 'alice',
  userId: 'alice',
  tenantId: 'acme',
  scopes: [],
  roles: [],
  claims: {},
};

function tenants(items: Readonly<Record<string, Record<string, unknown>>>, unknownTier?: string) {
  const clock = { millis: 0 };
  const reads: string[] = [];
  const read = async (pk: string) => {
    reads.push(pk);
    return items[pk];
  };
  const remembered = new RememberedItems(read, toStoredTenant, 30_000, () => clock.millis);
  return { of: (caller: Caller) => new Tenants(remembered, unknownTier).withTier(caller), reads, clock };
}

const ACME = { 'tenant#acme': { tier: 'pro', planKey: 'planacme', activeAfter: 5 } };

describe('Tenants', () => {
  test('give a caller the tier and the plan of his tenant', async () => {
    expect(await tenants(ACME).of(CALLER)).toEqual({
      ...CALLER,
      tier: 'pro',
      planKey: 'planacme',
      activeAfter: 5,
    });
  });

  test('are looked up once within the time a revoked one may still work', async () => {
    const { of, reads, clock } = tenants(ACME);
    await of(CALLER);
    await of(CALLER);
    expect(reads).toEqual(['tenant#acme']);

    clock.millis = 30_000;
    await of(CALLER);
    expect(reads).toHaveLength(2);
  });

  test.each([
    ['is not stored', { ...CALLER, tenantId: 'globex' }],
    ['is not named', { ...CALLER, tenantId: undefined }],
  ])('refuse a caller whose tenant %s', async (_, caller) => {
    await expect((async () => tenants(ACME).of(caller))()).rejects.toThrow(Forbidden);
  });

  test('count him under a tier if told to', async () => {
    expect(await tenants(ACME, 'free').of({ ...CALLER, tenantId: 'globex' })).toMatchObject({ tier: 'free' });
    expect(await tenants(ACME, 'free').of(CALLER)).toMatchObject({ tier: 'pro' });
  });

  test('leave callers with API keys alone: their tier stands in the key', async () => {
    const { of, reads } = tenants({});
    const caller = { ...CALLER, keyId: 'k1' };

    expect(await of(caller)).toBe(caller);
    expect(reads).toEqual([]);
  });

  test('leave a caller alone whose credential says his tier', async () => {
    const { of, reads } = tenants({});
    const caller = { ...CALLER, tier: 'pro' };

    expect(await of(caller)).toBe(caller);
    expect(reads).toEqual([]);
  });

  test.each([
    {},
    { tier: '' },
    { tier: 1 },
    { tier: 'pro', planKey: 1 },
    { tier: 'pro', activeAfter: 'soon' },
  ])('fail on an item that is not one of ours: %j', async (item) => {
    await expect(tenants({ 'tenant#acme': item }).of(CALLER)).rejects.toThrow('malformed');
  });
});
