import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Database, startDatabase } from '../../lib/local/emulated/database';
import { parseApiKey } from '../../lib/protocol';

const ROOT = join(__dirname, '../..');
const TABLE = 'keys';

describe('secure-api-gateway keys', () => {
  let database: Database;

  beforeAll(async () => {
    database = await startDatabase('dynalite', [
      {
        TableName: TABLE,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      } as { TableName: string },
    ]);
  });

  afterAll(() => database.close());

  async function keys(...given: string[]) {
    const child = spawn(
      process.execPath,
      [
        '--import',
        'tsx',
        'bin/secure-api-gateway.ts',
        'keys',
        ...given,
        '--table',
        TABLE,
        '--endpoint',
        database.endpoint,
      ],
      {
        cwd: ROOT,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...process.env,
          AWS_REGION: 'local',
          AWS_ACCESS_KEY_ID: 'local',
          AWS_SECRET_ACCESS_KEY: 'local',
          NODE_NO_WARNINGS: '1',
        },
      },
    );
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { stdout: stdout.trim(), stderr, code };
  }

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

  test('prints the pattern for secret scanners', () => {
    const { stdout } = spawnSync(
      process.execPath,
      ['--import', 'tsx', 'bin/secure-api-gateway.ts', 'keys', 'pattern', '--environment', 'test'],
      { cwd: ROOT, encoding: 'utf8' },
    );

    expect(stdout).toBe('sk_test_[0-9A-Za-z]{50}\n');
  });
});
