import { ApiKeyVerifier } from '../../../../lambda/authorizer/store/api-key-verifier';
import { RememberedItems } from '../../../../lambda/authorizer/store/remembered-items';
import { toStoredKey } from '../../../../lambda/authorizer/store/stored-key';
import { itemReader, type ReadItem } from '../../../../lambda/shared/item-reader';
import { formatApiKey } from '../../../../lib/protocol/api-key';
import type { Policy } from '../../../../lib/protocol/policy';
import { authorizer, NOW, operation, PLAN_KEYS } from '../under-test';
import { apiKey, type KeyTable, keyItem, startKeyTable, TABLE } from './key-table';

const GOOD = apiKey('good');
const OPERATIONS: Policy['operations'] = { 'GET /orders': operation({ security: [{ machine: [] }] }) };
const SCHEMES = { machine: { in: 'header', name: 'x-api-key' } } as const;

let table: KeyTable;
let read: ReadItem;
let reads: string[];
let now = NOW * 1000;

function underTest(revokeWithinMillis = 30_000, operations = OPERATIONS) {
  const counted: ReadItem = (pk) => {
    reads.push(pk);
    return read(pk);
  };
  const keys = new RememberedItems(counted, toStoredKey, revokeWithinMillis, () => now);
  const verifier = new ApiKeyVerifier({ kind: 'apiKey', prefix: 'sk', environment: 'test' }, keys, () => now);
  return authorizer({ machine: verifier }, operations, SCHEMES);
}

const withKey = (key: string, sourceIp?: string) => ({ headers: { 'X-Api-Key': key }, sourceIp });

beforeAll(async () => {
  table = await startKeyTable();
  process.env['AWS_ENDPOINT_URL_DYNAMODB'] = table.endpoint;
  process.env['AWS_REGION'] = 'eu-west-1';
  process.env['AWS_ACCESS_KEY_ID'] = 'test';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
  read = itemReader(TABLE);
});

afterAll(() => table.close());

beforeEach(async () => {
  reads = [];
  now = NOW * 1000;
  await table.put(keyItem(GOOD));
});

describe('API key', () => {
  test('admits its tenant under the plan of its tier', async () => {
    expect(await underTest().call(withKey(GOOD.key))).toMatchObject({
      usageIdentifierKey: PLAN_KEYS.tiers.pro,
      context: { keyId: GOOD.id, clientId: GOOD.id, tenantId: 'acme', tier: 'pro', userId: `key:${GOOD.id}` },
    });
  });

  test.each([
    ['its own plan key', { planKey: { S: 'plan-acme' }, activeAfter: { N: String(NOW) } }, 'plan-acme'],
    [
      'its tier until its own is active',
      { planKey: { S: 'plan-acme' }, activeAfter: { N: String(NOW + 1) } },
      'plan-pro',
    ],
  ])('is counted under %s', async (_, changes, plan) => {
    const key = apiKey(`plan${plan.slice(5)}`);
    await table.put(keyItem(key, changes));

    expect((await underTest().call(withKey(key.key))).usageIdentifierKey).toBe(plan);
  });

  test.each([
    ['is half of a rotation', { status: { S: 'pending' } }, 'PENDING'],
    ['is revoked', { status: { S: 'revoked' } }, 'REVOKED'],
    ['has an unknown status', { status: { S: 'ACTIVE' } }, 'REVOKED'],
    ['has expired', { expiresAt: { N: String(NOW) } }, 'EXPIRED'],
    [
      'comes from another address',
      { cidrs: { L: [{ S: '198.51.100.0/24' }, { S: '2001:db8::/32' }] } },
      'ADDRESS_NOT_ALLOWED',
    ],
    ['is allowed from nowhere', { cidrs: { L: [] } }, 'ADDRESS_NOT_ALLOWED'],
    ['is allowed from IPv6 only', { cidrs: { L: [{ S: '::/0' }] } }, 'ADDRESS_NOT_ALLOWED'],
    ['has another hash', { hash: { S: '0'.repeat(64) } }, 'WRONG_SECRET'],
  ])('is refused where it %s', async (name, changes, reason) => {
    const key = apiKey(`bad${name.replace(/\W/g, '')}`.slice(0, 12));
    await table.put(keyItem(key, changes));
    const { call, lines } = underTest();

    await expect(call(withKey(key.key))).rejects.toThrow(/^Unauthorized$/);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ reason, credentialId: key.id });
    expect(lines.join()).not.toContain(key.key.slice(20));
  });

  test.each([
    ['198.51.100.7', true],
    ['2001:db8::7', true],
    ['::ffff:198.51.100.7', true],
    ['198.51.101.7', false],
    ['2001:db9::7', false],
    ['::ffff:198.51.101.7', false],
    ['::ffff:c633:6407', true],
    ['2001:DB8::7', true],
    ['198.51.100.7 ', false],
    ['198.51.100.07', false],
    ['3325256711', false],
    ['unknown', false],
    ['', false],
  ])('with networks is admitted from within them: %s, %s', async (sourceIp, admitted) => {
    const key = apiKey('networks');
    await table.put(keyItem(key, { cidrs: { L: [{ S: '198.51.100.0/24' }, { S: '2001:db8::/32' }] } }));

    const answer = underTest().call(withKey(key.key, sourceIp));

    await (admitted ? expect(answer).resolves.toBeDefined() : expect(answer).rejects.toThrow('Unauthorized'));
  });

  test.each([
    ['cut short', GOOD.key.slice(0, -1)],
    ['one character other', GOOD.key.replace('good', 'goof')],
    ['of another prefix', apiKey('good', 'pk').key],
    ['of another environment', apiKey('good', 'sk', 'live').key],
    ['with a tail', `${GOOD.key}0`],
    ['with a line end', `${GOOD.key}\n`.replace('\n', '%0A')],
    ['empty', ''],
    ['with a digit of another script', GOOD.key.replace('0', '\uff10')],
    ['with a letter that looks the same', GOOD.key.replace('o', '\u043e')],
    ['with a character whose lower byte is the same', GOOD.key.replace('g', '\u0167')],
    ['with a NUL', `${GOOD.key}\0`],
    ['in upper case', GOOD.key.toUpperCase()],
    ['of another checksum', `${GOOD.key.slice(0, -6)}000000`],
    ['twice', `${GOOD.key}${GOOD.key}`],
    ['in a list', `${GOOD.key},${GOOD.key}`],
    ['behind a scheme', `Bearer ${GOOD.key}`],
    ['a hash', 'a'.repeat(64)],
    ['very long', 'a'.repeat(100_000)],
  ])('that is %s is refused without a read', async (_, key) => {
    await expect(underTest().call(withKey(key))).rejects.toThrow('Unauthorized');
    expect(reads).toEqual([]);
  });

  test('works until the moment it expires', async () => {
    const key = apiKey('lasting');
    await table.put(keyItem(key, { expiresAt: { N: String(NOW + 1) } }));
    const { call } = underTest();

    await expect(call(withKey(key.key))).resolves.toBeDefined();
    now += 1_000;
    await expect(call(withKey(key.key))).rejects.toThrow('Unauthorized');
  });

  test.each([
    ['a tenant', 'tenant#acme', { tier: { S: 'pro' } }],
    ['a revoked certificate', 'certificate#CN=ca#01', { revokedAt: { N: '1' } }],
  ])('is never looked for among %s', async (_, pk, item) => {
    await table.put({ pk: { S: pk }, ...item });
    const { call } = underTest();

    for (const name of [pk, pk.slice(0, 12), pk.slice(7, 19), `key#${pk}`]) {
      const text = formatApiKey({ prefix: 'sk', environment: 'test', id: name, secret: 's'.repeat(32) });
      await expect(call(withKey(text))).rejects.toThrow('Unauthorized');
    }
    expect(reads.filter((read) => !/^key#[0-9A-Za-z]{12}$/.test(read))).toEqual([]);
  });

  test('that is unknown is refused', async () => {
    const { call, lines } = underTest();

    await expect(call(withKey(apiKey('nobody').key))).rejects.toThrow('Unauthorized');
    expect(lines[0]).toContain('UNKNOWN_KEY');
  });

  test('that is revoked is refused once its memory is over, not later', async () => {
    const key = apiKey('memory');
    await table.put(keyItem(key));
    const { call } = underTest(30_000);
    await call(withKey(key.key));
    await table.put(keyItem(key, { status: { S: 'revoked' } }));

    now += 29_999;
    await expect(call(withKey(key.key))).resolves.toBeDefined();
    now += 1;
    await expect(call(withKey(key.key))).rejects.toThrow('Unauthorized');
    expect(reads).toHaveLength(2);
  });

  test('is read on every request where nothing may be remembered', async () => {
    const { call } = underTest(0);

    await Promise.all([call(withKey(GOOD.key)), call(withKey(GOOD.key)), call(withKey(GOOD.key))]);

    expect(reads).toHaveLength(3);
  });

  test('is read once for many at the same time', async () => {
    const { call } = underTest();

    await Promise.all(Array.from({ length: 50 }, () => call(withKey(GOOD.key))));

    expect(reads).toHaveLength(1);
  });

  test('must have the scopes of the operation', async () => {
    const key = apiKey('scoped');
    await table.put(keyItem(key, { scopes: { L: [{ S: 'read' }] }, roles: { SS: ['robot'] } }));
    const { call } = underTest(30_000, {
      'GET /orders': operation({ security: [{ machine: ['read'] }], roles: ['robot'] }),
      'PUT /orders': operation({ security: [{ machine: ['write'] }] }),
    });

    expect((await call(withKey(key.key))).policyDocument.Statement[0]?.Effect).toBe('Allow');
    expect((await call({ ...withKey(key.key), method: 'PUT' })).policyDocument.Statement[0]?.Effect).toBe(
      'Deny',
    );
  });

  test('fails where its tier has no plan', async () => {
    const key = apiKey('tierless');
    await table.put(keyItem(key, { tier: { S: 'gold' } }));

    await expect(underTest().call(withKey(key.key))).rejects.toThrow(/^Internal$/);
  });

  test.each([
    ['hash', { hash: { S: 'not a hash' } }],
    ['networks', { cidrs: { L: [{ S: '198.51.100.0' }] } }],
    ['network', { cidrs: { L: [{ S: '198.51.100.0/33' }] } }],
    ['list', { cidrs: { S: '198.51.100.0/24' } }],
    ['scopes', { scopes: { L: [{ N: '1' }] } }],
    ['tenant', { tenant: { S: '' } }],
    ['owner', { tenant: { N: '7' } }],
    ['status', { status: { BOOL: true } }],
    ['limit', { limit: { M: { limit: { N: '0' }, perSeconds: { N: '60' } } } }],
    ['window', { limit: { M: { limit: { N: '10' }, perSeconds: { N: '0.5' } } } }],
    ['bound', { limit: { M: { limit: { S: '10' }, perSeconds: { N: '60' } } } }],
    ['expiry', { expiresAt: { S: 'soon' } }],
  ])('fails, and is not admitted, where its stored %s cannot be read', async (name, changes) => {
    const key = apiKey(`mal${name}`);
    await table.put(keyItem(key, changes));

    await expect(underTest().call(withKey(key.key))).rejects.toThrow(/^Internal$/);
  });

  test('is refused where two different ones come in one header', async () => {
    const headers = { 'X-Api-Key': [GOOD.key, apiKey('other').key] };

    await expect(underTest().call({ headers })).rejects.toThrow('Unauthorized');
    expect(reads).toEqual([]);
  });

  test('fails, and is not admitted, where the store cannot be read', async () => {
    const { call, lines } = underTest();
    const reading = read;
    read = async () => {
      throw new Error('throttled');
    };

    await expect(call(withKey(apiKey('outage').key))).rejects.toThrow(/^Internal$/);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ status: 500, AuthorizerFailed: 1 });
    read = reading;
  });

  test('that is remembered serves on while the store cannot be read', async () => {
    const { call } = underTest(30_000);
    await call(withKey(GOOD.key));
    const reading = read;
    read = async () => {
      throw new Error('throttled');
    };

    now += 29_999;
    await expect(call(withKey(GOOD.key))).resolves.toBeDefined();
    now += 1;
    await expect(call(withKey(GOOD.key))).rejects.toThrow(/^Internal$/);
    read = reading;
  });
});

describe('stored API key', () => {
  const item = { hash: 'a'.repeat(64), status: 'active', tenant: 'acme' };

  test.each([
    [
      { limit: 1, perSeconds: 1 },
      { limit: 1, perSeconds: 1 },
    ],
    [undefined, undefined],
  ])('has the limit it is given: %j', (limit, expected) => {
    expect(toStoredKey({ ...item, limit }).limit).toEqual(expected);
  });
});
