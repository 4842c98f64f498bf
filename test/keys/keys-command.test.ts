import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { type Database, startDatabase } from '../../lib/local/emulated/database';
import { parseApiKey } from '../../lib/protocol';
import { commandLine } from '../fixtures/command-line';
import { clientOf, DEFINITION, TABLE } from './databases';

const ROOT = join(__dirname, '../..');

/** Another of a gateway's tables: its key has the same name. */
const OF_LIMITS = {
  TableName: 'limits',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
} as const;

describe('secure-api-gateway keys', () => {
  let database: Database;

  beforeAll(async () => {
    database = await startDatabase('dynalite', [DEFINITION, OF_LIMITS]);
  });

  afterAll(() => database.close());

  const keys = (...given: string[]) =>
    commandLine(['keys', ...given, '--table', TABLE, '--endpoint', database.endpoint]);

  test('creates, shows, rotates and revokes a key', async () => {
    const created = await keys('create', '--tenant', 'acme', '--scope', 'orders:read', '--expires', '30d');
    expect(created.code).toBe(0);
    const id = parseApiKey(created.stdout)?.id ?? '';

    const shown = await keys('show', id, '--json');
    expect(JSON.parse(shown.stdout).keys[0]).toMatchObject({ id, tenant: 'acme', scopes: ['orders:read'] });
    expect(shown.stdout).not.toContain(created.stdout);

    const rotated = await keys('rotate', id, '--overlap', '24h', '--json');
    const successor = JSON.parse(rotated.stdout);
    expect(parseApiKey(successor.key)?.id).toBe(successor.id);

    const revoked = await keys('revoke', id, '--yes', '--json');
    expect(JSON.parse(revoked.stdout).keys[0]).toMatchObject({
      id,
      status: 'revoked',
      replacedBy: successor.id,
    });

    const listed = await keys('list', '--expiring-within', '31d', '--json');
    expect(JSON.parse(listed.stdout).keys.map((key: { id: string }) => key.id)).toEqual([successor.id]);
  });

  test('makes a key that never expires where that is said', async () => {
    const created = await keys('create', '--tenant', 'acme', '--expires', 'never');

    expect(created).toMatchObject({ code: 0, stderr: expect.stringContaining('never expires') });
    const shown = await keys('show', parseApiKey(created.stdout)?.id ?? '', '--json');
    expect(JSON.parse(shown.stdout).keys[0]).not.toHaveProperty('expiresAt');
  });

  test.each(['--prefix', '--environment'])('makes no key with a %s that no gateway reads', async (option) => {
    const { code, stdout, stderr } = await keys('create', '--tenant', 'acme', option, 'a_b');

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('lower-case letters and digits');
  });

  test('does not revoke unasked, and says how to confirm', async () => {
    const { id } = JSON.parse((await keys('create', '--tenant', 'acme', '--json')).stdout);

    const { code, stderr } = await keys('revoke', id);

    expect(code).toBe(2);
    expect(stderr).toContain('give --yes');
    expect(JSON.parse((await keys('show', id, '--json')).stdout).keys[0].status).toBe('active');
  });

  test('names what is wrong without a stack trace, and ends with 1', async () => {
    const { code, stdout, stderr } = await keys('show', '000000000000');

    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('[NO_SUCH_KEY]');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test.each(['show', 'revoke'])('does not repeat a key given to %s in place of its id', async (verb) => {
    const { id, key } = JSON.parse((await keys('create', '--tenant', 'acme', '--json')).stdout);

    const { code, stdout, stderr } = await keys(verb, key, ...(verb === 'revoke' ? ['--yes'] : []));

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(id);
    expect(stderr).not.toContain(key.slice(0, 24));
  });

  test.each([
    ['keys', 'create', '--tenant', 'acme'],
    ['tenants', 'list'],
    ['certificates', 'revoke', '--issuer', 'CN=Partners', '--serial', '0x12', '--yes'],
  ])('writes nothing into a table of something else: %s %s', async (...given) => {
    const { code, stdout, stderr } = await commandLine([
      ...given,
      '--table',
      OF_LIMITS.TableName,
      '--endpoint',
      database.endpoint,
    ]);

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('[WRONG_TABLE]');
    const client = clientOf(database.endpoint);
    const { Count } = await client.send(new ScanCommand({ TableName: OF_LIMITS.TableName }));
    client.destroy();
    expect(Count).toBe(0);
  });

  test.each([
    ['AWS_UNREACHABLE', ['--endpoint', 'http://127.0.0.1:1'], {}],
    ['AWS_ENDPOINT', ['--endpoint', 'database'], {}],
    ['AWS_REGION', ['--endpoint', 'http://127.0.0.1:1', '--region', 'no region'], {}],
  ])('says %s without a stack trace', async (problem, given, environment) => {
    const { code, stderr } = await commandLine(['keys', 'list', '--table', TABLE, ...given], environment);

    expect(code).toBe(1);
    expect(stderr).toContain(`[${problem}]`);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('ends quietly where the reader of its output has had enough', async () => {
    const child = spawn(
      'sh',
      ['-c', '"$0" --import tsx bin/secure-api-gateway.ts keys pattern | true', process.execPath],
      { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, NODE_NO_WARNINGS: '1' } },
    );

    expect(await text(child.stderr)).toBe('');
  });

  test('prints the pattern for secret scanners', () => {
    const { stdout } = spawnSync(
      process.execPath,
      ['--import', 'tsx', 'bin/secure-api-gateway.ts', 'keys', 'pattern', '--environment', 'test'],
      { cwd: ROOT, encoding: 'utf8' },
    );

    expect(stdout).toBe('sk_test_[0-9A-Za-z]{50}\n');
  });
});
