import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { KeyUsage } from '../../lib/keys/key-usage';
import { formatApiKey } from '../../lib/protocol';
import { commandLine } from '../fixtures/command-line';
import { startBackend, type TestBackend } from '../local/backend';
import { type WatchedGateway, watchedGateway } from './watched-gateway';

const AWS = { region: 'local', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
const HOUR = 3_600;

describe('what a key did', () => {
  let now = Date.now();
  let backend: TestBackend;
  let watched: WatchedGateway;
  let client: CloudWatchLogsClient;
  let first: { id: string; key: string };
  let second: { id: string; key: string };

  beforeAll(async () => {
    backend = await startBackend();
    watched = await watchedGateway({
      issuer: 'https://localhost:9/',
      backend: backend.url,
      clock: () => now,
    });
    client = new CloudWatchLogsClient({ ...AWS, endpoint: watched.gateway.endpoints.services });
    first = await watched.keys.create({ tenant: 'acme', expiresInSeconds: null });
    second = await watched.keys.create({ tenant: 'acme', expiresInSeconds: null });
    const other = await watched.keys.create({ tenant: 'other', expiresInSeconds: null });
    await call('orders', first.key);
    now += 2 * HOUR * 1000;
    await call('orders', first.key);
    await call('orders', first.key);
    await call('admin', first.key);
    await call('orders', second.key);
    await call('orders', other.key);
  }, 60_000);

  afterAll(async () => {
    client?.destroy();
    await watched?.close();
    await backend?.close();
  });

  const call = async (path: string, key: string) =>
    (await fetch(`${watched.gateway.url}${path}`, { headers: { 'X-Api-Key': key } })).text();
  const usage = () =>
    new KeyUsage({ client, now: () => Math.floor(now / 1000), wait: async () => undefined });
  const LISTED = {
    gateway: 'Orders/Gateway',
    'event.action': 'listOrders',
    'http.response.status_code': '200',
  };

  const REFUSED = {
    gateway: 'Orders/Gateway',
    operation: 'GET /admin',
    reason: 'MISSING_ROLE',
    requests: '1',
    addresses: '0',
  };

  test('is counted by operation and status, what it was refused too, back to when it was asked for', async () => {
    const recent = await usage().ask({ stack: 'Orders', key: first.id, sinceSeconds: HOUR });
    const all = await usage().ask({ stack: 'Orders', key: first.id, sinceSeconds: 3 * HOUR });

    expect(recent).toEqual([{ ...LISTED, requests: '2', addresses: '1' }, REFUSED]);
    expect(all).toEqual([{ ...LISTED, requests: '3', addresses: '1' }, REFUSED]);
  });

  test('is counted for all keys of a tenant, and for no other tenant', async () => {
    const rows = await usage().ask({ stack: 'Orders', tenant: 'acme', sinceSeconds: HOUR });

    expect(rows).toEqual([
      { ...LISTED, 'gateway.key_id': first.id, requests: '2', addresses: '1' },
      { ...LISTED, 'gateway.key_id': second.id, requests: '1', addresses: '1' },
    ]);
  });

  test.each([
    [{ key: 'x" or 1 = 1' }, /NO_SUCH_KEY/],
    [
      {
        key: formatApiKey({ prefix: 'sk', environment: 'live', id: 'a'.repeat(12), secret: 'b'.repeat(32) }),
      },
      /^(?!.*bbb).*KEY_FOR_ID/,
    ],
    [{ tenant: 'a" or "b' }, /USAGE_OF_WHAT/],
    // nothing would be found, and look as if nothing had been done
    [{ tenant: 'owner@acme.example.com' }, /masks e-mail addresses/],
    [{}, /USAGE_OF_WHAT/],
    [{ key: 'aaaaaaaaaaaa', tenant: 'acme' }, /USAGE_OF_WHAT/],
    [{ key: 'aaaaaaaaaaaa', stack: 'Nowhere' }, /NO_SAVED_QUERY/],
  ])('is not asked for %j', async (question, code) => {
    await expect(usage().ask({ stack: 'Orders', sinceSeconds: HOUR, ...question })).rejects.toThrow(code);
  });

  test('is shown by the command line, out of the running gateway', async () => {
    const { stdout, code } = await usageCommand('--key', first.id, '--stack', 'Orders', '--since', '30d');

    expect(code).toBe(0);
    expect(stdout.split('\n').map((line) => line.split(/ +/))).toEqual([
      ['gateway', 'event.action', 'http.response.status_code', 'requests', 'addresses'],
      // the others are of a clock that is ahead
      ['Orders/Gateway', 'listOrders', '200', '1', '1'],
    ]);
  });

  const usageCommand = (...given: string[]) =>
    commandLine(['keys', 'usage', ...given, '--endpoint', watched.gateway.endpoints.services]);
});
