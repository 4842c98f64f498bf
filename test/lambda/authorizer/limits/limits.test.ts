import type { Caller, Verifier } from '../../../../lambda/authorizer/caller';
import { FailureGuard } from '../../../../lambda/authorizer/limits/failure-guard';
import { GuardedStore } from '../../../../lambda/authorizer/limits/guarded-store';
import { limitKey, networkOf, subjectOf } from '../../../../lambda/authorizer/limits/limit-key';
import { Limits } from '../../../../lambda/authorizer/limits/limits';
import { Unauthenticated } from '../../../../lambda/authorizer/refused';
import type { ExactLimit } from '../../../../lib/protocol/policy';
import { authorizer, bearer, operation, PLAN_KEYS } from '../under-test';
import { memoryStore } from './memory-store';

const NOBODY = { scopes: [], roles: [], claims: {} };

/** Takes the token for the caller's name; `bad` proves nothing. */
function verifierOf(callers: Readonly<Record<string, Partial<Caller>>> = {}): Verifier & { asked: number } {
  const verifier = {
    asked: 0,
    verify: ({ text }: { readonly text: string }): Caller => {
      verifier.asked += 1;
      if (text.startsWith('bad')) throw new Unauthenticated('UNKNOWN_KEY');
      return { credentialId: text, userId: text, ...NOBODY, ...callers[text] };
    },
  };
  return verifier;
}

function gateway(
  rateLimit: ExactLimit | undefined,
  options: {
    callers?: Readonly<Record<string, Partial<Caller>>>;
    onStoreFailure?: 'allow' | 'refuse';
    failures?: number;
    isPublic?: boolean;
  } = {},
) {
  const clock = { millis: 1_800_000_000_000 };
  const now = () => clock.millis;
  const store = memoryStore(now);
  const storeFailures: unknown[] = [];
  const guarded = new GuardedStore({ store, onFailure: (error) => storeFailures.push(error), now });
  const verifier = verifierOf(options.callers);
  const limited = (scope?: string) =>
    operation({
      ...(rateLimit && { rateLimit: { ...rateLimit, ...(scope === undefined ? {} : { scope }) } }),
      ...(options.isPublic ? { security: [] } : {}),
    });
  const underTest = authorizer(
    { customer: verifier },
    {
      'GET /orders': limited(),
      'GET /a': { ...limited('shared'), id: 'a' },
      'GET /b': { ...limited('shared'), id: 'b' },
    },
    undefined,
    undefined,
    {
      limits: new Limits(guarded, options.onStoreFailure ?? 'allow'),
      ...(options.failures && {
        failures: new FailureGuard(guarded, { limit: options.failures, perSeconds: 300 }, now),
      }),
    },
  );
  const plan = async (token: string, request: object = {}) =>
    (await underTest.call({ ...bearer(token), ...request })).usageIdentifierKey;
  return { ...underTest, plan, store, storeFailures, verifier, clock };
}

const once = (by: ExactLimit['by']): ExactLimit => ({ limit: 1, perSeconds: 60, by });

describe('authorizer, with an exact limit,', () => {
  test('answers with the exhausted plan once it ran out, and admits again in time', async () => {
    const { plan, clock, lines } = gateway(once('caller'));

    expect(await plan('alice')).toBe(PLAN_KEYS.authenticated);
    expect(await plan('alice')).toBe(PLAN_KEYS.exhausted);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      status: 429,
      reason: 'LIMIT',
      detail: 'retry after 61 s',
      Limited: 1,
    });

    clock.millis += 61_000;
    expect(await plan('alice')).toBe(PLAN_KEYS.authenticated);
  });

  test('names the refusal in the context', async () => {
    const { call } = gateway(once('caller'));
    await call(bearer('alice'));

    expect((await call(bearer('alice'))).context).toMatchObject({ code: 'RATE_LIMITED', userId: 'alice' });
  });

  test.each<[ExactLimit['by'], Partial<Caller>, Partial<Caller>]>([
    ['caller', { userId: 'alice' }, { userId: 'bob' }],
    ['tenant', { tenantId: 'acme' }, { tenantId: 'globex' }],
    ['client', { clientId: 'web' }, { clientId: 'app' }],
  ])('counts by %s, each for himself', async (by, one, other) => {
    const { plan } = gateway(once(by), { callers: { one, same: one, other } });

    expect(await plan('one')).toBe(PLAN_KEYS.authenticated);
    expect(await plan('same')).toBe(PLAN_KEYS.exhausted);
    expect(await plan('other')).toBe(PLAN_KEYS.authenticated);
  });

  test.each(['tenant', 'client'] as const)('counts callers without a %s as one', async (by) => {
    const { plan } = gateway(once(by));

    expect(await plan('alice')).toBe(PLAN_KEYS.authenticated);
    expect(await plan('bob')).toBe(PLAN_KEYS.exhausted);
  });

  test('counts strangers on public operations as one caller', async () => {
    const { plan } = gateway(once('caller'), { isPublic: true });

    expect(await plan('alice')).toBe(PLAN_KEYS.anonymous);
    expect(await plan('bob')).toBe(PLAN_KEYS.exhausted);
  });

  test('counts operations of one scope together, others each for itself', async () => {
    const { call } = gateway(once('caller'));
    const plan = async (path: string) =>
      (await call({ ...bearer('alice'), resource: path })).usageIdentifierKey;

    expect(await plan('/a')).toBe(PLAN_KEYS.authenticated);
    expect(await plan('/b')).toBe(PLAN_KEYS.exhausted);
    expect(await plan('/orders')).toBe(PLAN_KEYS.authenticated);
  });

  test('counts the limit of an API key on all operations together', async () => {
    const { call } = gateway(undefined, {
      callers: { key: { keyId: 'k1', limit: { limit: 1, perSeconds: 60 } } },
    });
    const plan = async (path: string) =>
      (await call({ ...bearer('key'), resource: path })).usageIdentifierKey;

    expect(await plan('/a')).toBe(PLAN_KEYS.authenticated);
    expect(await plan('/orders')).toBe(PLAN_KEYS.exhausted);
  });

  test('asks no store for operations without a limit', async () => {
    const { plan, store } = gateway(undefined);

    await plan('alice');

    expect(store.calls).toBe(0);
  });

  test.each([
    ['allow', PLAN_KEYS.authenticated],
    ['refuse', PLAN_KEYS.exhausted],
  ] as const)('does what it was told where the store is down: %s', async (onStoreFailure, expected) => {
    const { plan, store, storeFailures } = gateway(once('caller'), { onStoreFailure });
    store.down = true;

    expect(await plan('alice')).toBe(expected);
    expect(storeFailures).toHaveLength(1);
  });

  test('keeps no identifier in the store', async () => {
    const { plan, store } = gateway(once('caller'));
    await plan('alice');

    expect([...store.keys.keys()]).toEqual([expect.stringMatching(/^[\w-]{43}$/)]);
  });
});

describe('authorizer, of failed authentications,', () => {
  test('turns an address away after the last one, without looking at its credential', async () => {
    const { call, plan, verifier, lines, store, clock } = gateway(undefined, { failures: 3 });
    for (let attempt = 0; attempt < 3; attempt += 1)
      await expect(call(bearer(`bad-${attempt}`))).rejects.toThrow('Unauthorized');

    expect(await plan('bad-3')).toBe(PLAN_KEYS.exhausted);
    expect(await plan('alice')).toBe(PLAN_KEYS.exhausted);
    expect(verifier.asked).toBe(3);

    const { calls } = store;
    clock.millis += 60_000;
    expect(await plan('alice')).toBe(PLAN_KEYS.exhausted);
    expect(store.calls).toBe(calls);
    expect(lines.at(-1)).toContain('FAILED_AUTHENTICATIONS');
  });

  test('lets it in again in time', async () => {
    const { call, plan, clock } = gateway(undefined, { failures: 3 });
    for (let attempt = 0; attempt < 3; attempt += 1) await call(bearer('bad')).catch(() => undefined);
    clock.millis += 101_000;

    expect(await plan('alice')).toBe(PLAN_KEYS.authenticated);
  });

  test('lets other addresses in', async () => {
    const { call, plan } = gateway(undefined, { failures: 1 });
    await call(bearer('bad')).catch(() => undefined);

    expect(await plan('alice', { sourceIp: '192.0.2.77' })).toBe(PLAN_KEYS.authenticated);
  });

  test('counts neither good credentials nor missing ones', async () => {
    const { call, plan } = gateway(undefined, { failures: 1 });
    await plan('alice');
    await expect(call({})).rejects.toThrow('Unauthorized');

    expect(await plan('alice')).toBe(PLAN_KEYS.authenticated);
  });

  test('hears from other instances within ten seconds', async () => {
    const { plan, store, clock } = gateway(undefined, { failures: 1 });
    await plan('alice');
    store.keys.set(limitKey('api123', '', 'failures', '192.0.2.1'), (clock.millis + 600_000) * 1_000);

    clock.millis += 9_999;
    expect(await plan('alice')).toBe(PLAN_KEYS.authenticated);
    clock.millis += 1;
    expect(await plan('alice')).toBe(PLAN_KEYS.exhausted);
  });

  test('blocks nobody where the store is down, and still checks credentials', async () => {
    const { call, plan, store } = gateway(undefined, { failures: 1 });
    store.down = true;

    await expect(call(bearer('bad'))).rejects.toThrow('Unauthorized');
    expect(await plan('alice')).toBe(PLAN_KEYS.authenticated);
  });

  test('leaves public operations alone', async () => {
    const { plan, store } = gateway(undefined, { failures: 1, isPublic: true });

    expect(await plan('bad')).toBe(PLAN_KEYS.anonymous);
    expect(store.calls).toBe(0);
  });
});

describe('networkOf', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:DB8:0001:2::ffff', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:192.0.2.2', '192.0.2.2'],
    ['::', '0:0:0:0'],
  ])('counts %s as %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

describe('subjectOf', () => {
  const request = { sourceIp: '192.0.2.1' };
  const alice = { ...NOBODY, credentialId: 'a', userId: 'alice', clientId: 'web', tenantId: 'acme' };
  const customer: Caller = { ...alice, scheme: 'customer' };
  const staff: Caller = { ...alice, scheme: 'staff' };

  test.each(['caller', 'client'] as const)('tells a %s of one scheme from its namesake of another', (by) => {
    expect(subjectOf(by, customer, request)).not.toBe(subjectOf(by, staff, request));
    expect(subjectOf(by, customer, request)).toBe(subjectOf(by, { ...customer, credentialId: 'b' }, request));
  });

  test('takes no part of a name for the name of a scheme', () => {
    const of = (scheme: string, userId: string) =>
      subjectOf('caller', { ...NOBODY, credentialId: 'a', scheme, userId }, request);

    expect(of('a', 'b c')).not.toBe(of('a b', 'c'));
    expect(of('a', 'b","c')).not.toBe(of('a","b', 'c'));
  });

  test('has a tenant once, whichever scheme proves its callers', () => {
    expect(subjectOf('tenant', customer, request)).toBe(subjectOf('tenant', staff, request));
  });

  test.each(['caller', 'client', 'tenant'] as const)('has nobody where there is no %s', (by) => {
    expect(subjectOf(by, { ...NOBODY, credentialId: 'a', scheme: 'customer' }, request)).toBeUndefined();
    expect(subjectOf(by, undefined, request)).toBeUndefined();
  });
});

describe('limitKey', () => {
  test('differs wherever a part does, however parts are written', () => {
    const keys = [
      limitKey('a', 's', 'caller', 'x'),
      limitKey('b', 's', 'caller', 'x'),
      limitKey('a', 't', 'caller', 'x'),
      limitKey('a', 's', 'client', 'x'),
      limitKey('a', 's', 'caller', 'y'),
      limitKey('a', 's","caller', 'caller', 'x'),
      limitKey('a', 's', 'caller', undefined),
      limitKey('a', 's', 'caller', 'null'),
    ];

    expect(new Set(keys).size).toBe(keys.length);
  });
});
