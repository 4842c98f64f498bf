import { randomUUID } from 'node:crypto';
import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { GatewayConfigurationError } from '../../lib/errors';
import { ApiKeys, RETENTION_SECONDS } from '../../lib/keys/api-keys';
import type { KeyOrder } from '../../lib/keys/key-order';
import type { KeyRecord } from '../../lib/keys/key-record';
import { KeyTable } from '../../lib/keys/key-table';
import { type Database, startDatabase } from '../../lib/local/emulated/database';
import { apiKeyPattern, hashApiKey, keyItemId, parseApiKey } from '../../lib/protocol';
import { clientOf, DATABASES, DEFINITION, TABLE } from './databases';
import { DyingTable, OvertakenTable } from './interrupted-tables';

const DAY = 86_400;
describe.each(DATABASES)('ApiKeys over %s', (_name, kind) => {
  let database: Database;
  let client: DynamoDBClient;
  let table: KeyTable;
  let keys: ApiKeys;
  let now: number;

  const tenant = () => `tenant-${randomUUID()}`;
  const order = (more: Partial<KeyOrder> = {}): KeyOrder => ({ tenant: tenant(), ...more });
  const item = async (id: string) =>
    (await client.send(new GetItemCommand({ TableName: TABLE, Key: { pk: { S: keyItemId(id) } } }))).Item;

  async function all(query: Parameters<ApiKeys['list']>[0]): Promise<KeyRecord[]> {
    const found: KeyRecord[] = [];
    for await (const page of keys.list(query)) found.push(...page);
    return found;
  }

  async function codeOf(run: Promise<unknown>): Promise<string | undefined> {
    return run.then(
      () => undefined,
      (error: GatewayConfigurationError) => error.problems[0]?.code,
    );
  }

  beforeAll(async () => {
    database = await startDatabase(kind, [DEFINITION]);
    client = clientOf(database.endpoint);
    table = new KeyTable(client, TABLE);
  });

  beforeEach(() => {
    now = 1_800_000_000;
    keys = new ApiKeys({ table, prefix: 'sk', environment: 'live', now: () => now });
  });

  afterAll(async () => {
    client.destroy();
    await database.close();
  });

  test('makes a key that carries its checksum and stores nothing of it but its hash', async () => {
    const { id, key } = await keys.create(order());

    expect(key).toMatch(new RegExp(`^${apiKeyPattern('sk', 'live')}$`));
    const parts = parseApiKey(key);
    expect(parts?.id).toBe(id);
    const stored = await item(id);
    expect(stored?.['hash']).toEqual({ S: hashApiKey(key) });
    expect(JSON.stringify(stored)).not.toContain(parts?.secret);
  });

  test('lets a key expire after 90 days, and its item a year later', async () => {
    const { id, expiresAt } = await keys.create(order());

    expect(expiresAt).toBe(now + 90 * DAY);
    expect((await item(id))?.['deleteAfter']).toEqual({ N: String(now + 90 * DAY + RETENTION_SECONDS) });
  });

  test('lets a key live for ever only where that is said', async () => {
    const { id, expiresAt } = await keys.create(order({ expiresInSeconds: null }));

    expect(expiresAt).toBeUndefined();
    expect(await item(id)).not.toHaveProperty('deleteAfter');
  });

  test('keeps what a key may do, and shows all but its hash', async () => {
    const given = order({
      tier: 'pro',
      scopes: ['orders:read', 'orders:write'],
      roles: ['admin'],
      cidrs: ['203.0.113.0/24', '2001:db8::/32'],
      limit: { limit: 100, perSeconds: 60 },
    });

    const { id, key } = await keys.create(given);

    const shown = await keys.show(id);
    expect(shown).toMatchObject({ ...given, id, status: 'active', createdAt: now });
    expect(JSON.stringify(shown)).not.toContain(hashApiKey(key));
  });

  test('lists the keys of one tenant, and those that expire soon, without hashes', async () => {
    const given = order();
    const soon = await keys.create({ ...given, expiresInSeconds: 5 * DAY });
    const later = await keys.create({ ...given, expiresInSeconds: 50 * DAY });
    const revoked = await keys.create({ ...given, expiresInSeconds: 5 * DAY });
    await keys.revoke(revoked.id);
    await keys.create(order());

    const listed = await all({ tenant: given.tenant });

    expect(listed.map(({ id }) => id).sort()).toEqual([soon.id, later.id, revoked.id].sort());
    expect(JSON.stringify(listed)).not.toContain('hash');
    expect(
      (await all({ tenant: given.tenant, expiringWithinSeconds: 14 * DAY })).map(({ id }) => id),
    ).toEqual([soon.id]);
    expect((await all({})).map(({ id }) => id)).toEqual(expect.arrayContaining([soon.id, later.id]));
  });

  test('revokes a key once', async () => {
    const { id } = await keys.create(order());

    expect(await keys.revoke(id)).toMatchObject({ id, status: 'revoked' });

    expect((await keys.show(id)).status).toBe('revoked');
    expect(await codeOf(keys.revoke(id))).toBe('ALREADY_REVOKED');
  });

  test('rotates a key: the old one works for the overlap, the new one as long as the old was made for', async () => {
    const given = order({ scopes: ['orders:read'], expiresInSeconds: 30 * DAY });
    const old = await keys.create(given);
    now += 10 * DAY;

    const successor = await keys.rotate(old.id, DAY);

    expect(await keys.show(old.id)).toMatchObject({
      status: 'active',
      replacedBy: successor.id,
      expiresAt: now + DAY,
    });
    expect(await keys.show(successor.id)).toMatchObject({
      status: 'active',
      tenant: given.tenant,
      scopes: ['orders:read'],
      replaces: old.id,
      expiresAt: now + 30 * DAY,
    });
  });

  test('never lengthens the life of the old key by a rotation', async () => {
    const old = await keys.create(order({ expiresInSeconds: DAY }));

    await keys.rotate(old.id, 7 * DAY);

    expect((await keys.show(old.id)).expiresAt).toBe(now + DAY);
  });

  test('does not rotate a key twice, nor one that no longer works', async () => {
    const rotated = await keys.create(order());
    await keys.rotate(rotated.id, DAY);
    const revoked = await keys.create(order());
    await keys.revoke(revoked.id);
    const expired = await keys.create(order({ expiresInSeconds: 1 }));
    now += 1;

    expect(await codeOf(keys.rotate(rotated.id, DAY))).toBe('ALREADY_ROTATED');
    expect(await codeOf(keys.rotate(revoked.id, DAY))).toBe('KEY_NOT_WORKING');
    expect(await codeOf(keys.rotate(expired.id, DAY))).toBe('KEY_NOT_WORKING');
    expect(await codeOf(keys.rotate('000000000000', DAY))).toBe('NO_SUCH_KEY');
  });

  test('lets one of ten people win who rotate a key at once, and leaves one working successor', async () => {
    const given = order();
    const old = await keys.create(given);

    const results = await Promise.allSettled(Array.from({ length: 10 }, () => keys.rotate(old.id, DAY)));

    const winners = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.id] : []));
    expect(winners).toHaveLength(1);
    const working = (await all({ tenant: given.tenant })).filter(
      ({ id, status }) => id !== old.id && status === 'active',
    );
    expect(working.map(({ id }) => id)).toEqual(winners);
    expect((await keys.show(old.id)).replacedBy).toBe(winners[0]);
  });

  test('repairs a rotation that died before its successor worked', async () => {
    const old = await keys.create(order({ expiresInSeconds: 30 * DAY }));
    const dying = new ApiKeys({
      table: new DyingTable(client, TABLE, 'active'),
      prefix: 'sk',
      environment: 'live',
      now: () => now,
    });
    await expect(dying.rotate(old.id, DAY)).rejects.toThrow('died');
    const halfMade = (await keys.show(old.id)).replacedBy ?? '';
    expect((await keys.show(halfMade)).status).toBe('pending');

    const successor = await keys.rotate(old.id, DAY);

    expect((await keys.show(old.id)).replacedBy).toBe(successor.id);
    expect(await keys.show(successor.id)).toMatchObject({ status: 'active', expiresAt: now + 30 * DAY });
    expect((await keys.show(halfMade)).status).toBe('revoked');
  });

  test('does not bring back a successor that somebody else gave up meanwhile', async () => {
    const old = await keys.create(order());
    const late = new ApiKeys({
      table: new OvertakenTable(client, TABLE),
      prefix: 'sk',
      environment: 'live',
      now: () => now,
    });

    expect(await codeOf(late.rotate(old.id, DAY))).toBe('ALREADY_ROTATED');

    const successor = (await keys.show(old.id)).replacedBy ?? '';
    expect((await keys.show(successor)).status).toBe('revoked');
  });

  test('repairs a rotation that died before the old key named its successor', async () => {
    const given = order();
    const old = await keys.create(given);
    const dying = new ApiKeys({
      table: new DyingTable(client, TABLE, 'replacedBy'),
      prefix: 'sk',
      environment: 'live',
      now: () => now,
    });
    await expect(dying.rotate(old.id, DAY)).rejects.toThrow('died');
    expect((await keys.show(old.id)).expiresAt).toBe(now + 90 * DAY);

    const successor = await keys.rotate(old.id, DAY);

    const working = (await all({ tenant: given.tenant })).filter(({ status }) => status === 'active');
    expect(working.map(({ id }) => id).sort()).toEqual([old.id, successor.id].sort());
  });

  test('says that a table is missing, or not one of keys', async () => {
    const missing = new ApiKeys({
      table: new KeyTable(client, 'nothing'),
      prefix: 'sk',
      environment: 'live',
      now: () => now,
    });
    await client.send(
      new PutItemCommand({
        TableName: TABLE,
        Item: { pk: { S: keyItemId('foreign00000') }, colour: { S: 'red' } },
      }),
    );

    expect(await codeOf(missing.show('000000000000'))).toBe('NO_SUCH_TABLE');
    expect(await codeOf(keys.show('foreign00000'))).toBe('WRONG_TABLE');
  });

  test('gives no key a tier that the gateways do not have, where it is known which they have', async () => {
    const known = (tiers: readonly string[]) =>
      new ApiKeys({
        table: new KeyTable(client, TABLE),
        prefix: 'sk',
        environment: 'live',
        now: () => now,
        tiers,
      });

    expect(await codeOf(known(['free', 'pro']).create(order({ tier: 'gold' })))).toBe('NO_SUCH_TIER');
    await expect(known(['gold']).create(order({ tier: 'gold' }))).resolves.toBeDefined();
    await expect(keys.create(order({ tier: 'gold' }))).resolves.toBeDefined();
  });

  test.each([
    '010.0.0.1/8',
    '0x7f.1/8',
    '1.2/16',
    '2130706433/8',
    '203.0.113.0/33',
    '203.0.113.0/8/8',
    '2001:db8::/129',
    'fe80::1%eth0/64',
    '::ffff:203.0.113.0/120',
  ])('refuses network %s: the authorizer reads it otherwise, or not at all', async (cidr) => {
    expect(await codeOf(keys.create(order({ cidrs: [cidr] })))).toBe('INVALID_KEY_ORDER');
  });

  test('refuses a bad order with every problem at once, and stores nothing', async () => {
    const bad = keys.create({
      tenant: '',
      scopes: ['two words'],
      cidrs: ['0.0.0.0/0', '203.0.113.9'],
      limit: { limit: 0, perSeconds: 60 },
      expiresInSeconds: -1,
    });

    await expect(bad).rejects.toMatchObject({
      problems: Array.from({ length: 6 }, () => expect.objectContaining({ code: 'INVALID_KEY_ORDER' })),
    });
    expect(await codeOf(keys.create(order({ cidrs: [] })))).toBe('INVALID_KEY_ORDER');
  });
});
