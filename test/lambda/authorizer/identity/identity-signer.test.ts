import { createPublicKey, verify } from 'node:crypto';
import type { Caller } from '../../../../lambda/authorizer/caller';
import { IdentitySigner } from '../../../../lambda/authorizer/identity/identity-signer';
import { verifyJws } from '../../../../lambda/authorizer/verify-jws';
import type { OperationPolicy, SigningKeys } from '../../../../lib/protocol';
import { newKey } from './new-key';

const ALICE: Caller = {
  scheme: 'customer',
  credentialId: 'token',
  userId: 'alice',
  clientId: 'web',
  tenantId: 'acme',
  tier: 'pro',
  scopes: ['orders:read', 'orders:write'],
  roles: ['admin'],
  claims: {},
};
const LIST: OperationPolicy = {
  id: 'listOrders',
  backend: 'orders',
  security: [],
  contract: 'enforce',
  parameters: [],
};

const OLD = newKey('old');
const NEW = newKey('new');
const KEYS: SigningKeys = { current: OLD, next: NEW };

describe('IdentitySigner', () => {
  let now: number;
  let secret: () => Promise<string>;
  let reads: number;
  let signer: IdentitySigner;

  beforeEach(() => {
    now = 1_800_000_000_000;
    reads = 0;
    secret = async () => JSON.stringify(KEYS);
    signer = new IdentitySigner(
      'Orders/Gateway',
      () => {
        reads += 1;
        return secret();
      },
      () => now,
    );
  });

  const tokenOf = async (caller: Caller | 'nobody' = ALICE, operation = LIST) => {
    const value = await signer.authorization(caller === 'nobody' ? undefined : caller, operation);
    expect(value).toMatch(/^Bearer [\w-]+\.[\w-]+\.[\w-]+$/);
    return value.slice('Bearer '.length);
  };
  const partOf = (token: string, index: number) =>
    JSON.parse(Buffer.from(token.split('.')[index] ?? '', 'base64url').toString());

  test('says who calls what, for whom and until when, in a token of its own type', async () => {
    const token = await tokenOf();

    expect(partOf(token, 0)).toEqual({ alg: 'ES256', typ: 'gateway-identity+jwt', kid: 'old' });
    expect(partOf(token, 1)).toEqual({
      iss: 'Orders/Gateway',
      aud: 'orders',
      sub: 'alice',
      scheme: 'customer',
      client_id: 'web',
      tenant: 'acme',
      tier: 'pro',
      scope: 'orders:read orders:write',
      roles: ['admin'],
      operation: 'listOrders',
      iat: now / 1000,
      exp: now / 1000 + 60,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  test('signs two hundred tokens that an independent verifier accepts', async () => {
    for (let index = 0; index < 200; index += 1) {
      const token = await tokenOf({ ...ALICE, userId: `user-${index}` });

      const { d: _, ...publicHalf } = OLD;
      expect(() => verifyJws(token, { keys: [{ ...publicHalf, alg: 'ES256' }] })).not.toThrow();
      const [header, payload, signature = ''] = token.split('.');
      const key = createPublicKey({ key: { ...publicHalf }, format: 'jwk' });
      expect(
        verify(
          'sha256',
          Buffer.from(`${header}.${payload}`),
          { key, dsaEncoding: 'ieee-p1363' },
          Buffer.from(signature, 'base64url'),
        ),
      ).toBe(true);
    }
  });

  test('names nobody on a public operation', async () => {
    const claims = partOf(await tokenOf('nobody'), 1);

    expect(claims.sub).toBe('anonymous');
    expect(claims).not.toHaveProperty('tenant');
    expect(claims).not.toHaveProperty('scheme');
  });

  test('is reused for half its life, by the same caller at the same operation only', async () => {
    const first = await tokenOf();
    now += 29_999;
    expect(await tokenOf()).toBe(first);

    expect(await tokenOf({ ...ALICE })).not.toBe(first);
    expect(await tokenOf(ALICE, { ...LIST, id: 'readOrder' })).not.toBe(first);
    now += 1;
    expect(await tokenOf()).not.toBe(first);
  });

  test.each([
    ['nothing', async () => 'a random password'],
    ['no next key', async () => JSON.stringify({ current: OLD })],
    ['an error', () => Promise.reject(new Error('down'))],
  ])('fails while the secret holds %s, and works as soon as there is a key', async (_what, broken) => {
    const works = secret;
    secret = broken as () => Promise<string>;
    await expect(signer.authorization(ALICE, LIST)).rejects.toThrow(/^(there is no signing key|down)/);

    secret = works;
    expect(partOf(await tokenOf(), 0).kid).toBe('old');
  });

  test('takes a rotated key up without a restart, and gives nothing signed by the old one again', async () => {
    await tokenOf();
    secret = async () => JSON.stringify({ previous: OLD, current: NEW, next: newKey('newer') });
    now += 30_000;

    await tokenOf();
    await new Promise(setImmediate);

    expect(partOf(await tokenOf(), 0).kid).toBe('new');
  });

  test('goes on with the key it has when the store is down', async () => {
    await tokenOf();
    secret = () => Promise.reject(new Error('down'));
    now += 60_000;

    expect(partOf(await tokenOf(), 0).kid).toBe('old');
  });

  test('reads the secret again after half a minute, not before', async () => {
    await tokenOf();
    now += 29_999;
    await tokenOf();
    expect(reads).toBe(1);

    now += 1;
    await tokenOf();
    await new Promise(setImmediate);
    await tokenOf();
    expect(reads).toBe(2);
  });

  test('gives nothing signed by the old key again, however young', async () => {
    await tokenOf();
    now += 29_000;
    const old = await tokenOf({ ...ALICE, userId: 'bob' });
    const caller = { ...ALICE };
    await tokenOf(caller);
    secret = async () => JSON.stringify({ previous: OLD, current: NEW, next: newKey('newer') });
    now += 1_000;
    await tokenOf(caller);
    await new Promise(setImmediate);

    expect(partOf(old, 0).kid).toBe('old');
    expect(partOf(await tokenOf(caller), 0).kid).toBe('new');
  });

  test('waits for no newer key while it has one', async () => {
    await tokenOf();
    secret = () => new Promise(() => {});
    now += 60_000;

    expect(partOf(await tokenOf({ ...ALICE }), 0).kid).toBe('old');
    expect(partOf(await tokenOf({ ...ALICE }), 0).kid).toBe('old');
    expect(reads).toBe(2);
  });

  test('looks for a newer key again after one could not be read, and keeps the one it has', async () => {
    const unhandled = jest.fn();
    process.on('unhandledRejection', unhandled);
    await tokenOf();
    secret = async () => 'no keys at all';
    now += 30_000;
    await tokenOf();
    await new Promise(setImmediate);
    secret = async () => JSON.stringify({ previous: OLD, current: NEW, next: newKey('newer') });
    expect(partOf(await tokenOf(), 0).kid).toBe('old');
    await new Promise(setImmediate);

    expect(partOf(await tokenOf(), 0).kid).toBe('new');
    expect(reads).toBe(3);
    expect(unhandled).not.toHaveBeenCalled();
    process.off('unhandledRejection', unhandled);
  });

  test('may be prepared: the first request finds the key there', async () => {
    signer.prepare();
    await new Promise(setImmediate);
    secret = () => new Promise(() => {});

    expect(partOf(await tokenOf(), 0).kid).toBe('old');
    expect(reads).toBe(1);
  });

  test('may be prepared in vain: the first request reads again', async () => {
    const unhandled = jest.fn();
    process.on('unhandledRejection', unhandled);
    const works = secret;
    secret = () => Promise.reject(new Error('down'));
    signer.prepare();
    await new Promise(setImmediate);
    secret = works;

    expect(partOf(await tokenOf(), 0).kid).toBe('old');
    expect(unhandled).not.toHaveBeenCalled();
    process.off('unhandledRejection', unhandled);
  });

  test('says no scope that the caller has only as part of another', async () => {
    const scopes = ['staff orders:admin', 'half%20price', 'orders:read'];

    expect(partOf(await tokenOf({ ...ALICE, scopes }), 1).scope).toBe(
      'staff%20orders:admin half%2520price orders:read',
    );
  });

  test('names whom no user stands behind by the credential', async () => {
    expect(partOf(await tokenOf({ ...ALICE, userId: undefined }), 1).sub).toBe('token');
  });

  test('reads the secret once for all who wait', async () => {
    await Promise.all(Array.from({ length: 50 }, () => tokenOf()));

    expect(reads).toBe(1);
  });
});
