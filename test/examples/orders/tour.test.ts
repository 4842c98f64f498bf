import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { lookUp } from '../../audit/refusal-stages';
import { startOrdersService } from './backend';
import { REVOKE_WITHIN_SECONDS } from './key-life';
import { requestsOf, runTour } from './run-tour';
import { type Sample, startSample } from './sample';
import { stops } from './tour';
import { identityVerifier } from './verify-identity';
import { keysCommand, welcome } from './welcome';

describe('the orders sample', () => {
  let sample: Sample;

  beforeAll(async () => {
    sample = await startSample({ revokeWithinSeconds: REVOKE_WITHIN_SECONDS });
  }, 60_000);

  afterAll(() => sample?.close());

  test('decides every request of the tour as it says', async () => {
    const outcomes = requestsOf(await runTour(sample, stops(sample)));

    expect(outcomes.filter(({ asExpected }) => !asExpected)).toEqual([]);
    expect(outcomes.length).toBeGreaterThanOrEqual(20);
  });

  test('made a key and its successor on the way, which the tests below look for too', () => {
    expect(sample.machines.shown).toHaveLength(6);
  });

  test('leaves a line of each request that tells the stage which refused it', () => {
    const stages = sample.gateway.requests().map(({ refusedBy, logLine = '{}' }) => {
      // a list of addresses is a rule of the web ACL, which its log names
      const expected = refusedBy === 'ip' ? 'firewall' : (refusedBy ?? 'none');
      expect([lookUp(logLine)?.stage, logLine]).toEqual([expected, logLine]);
      return expected;
    });

    expect([...new Set(stages)].sort()).toEqual(
      expect.arrayContaining([
        'authentication',
        'authorization',
        'firewall',
        'limit',
        'none',
        'parameters',
        'plan',
        'rate',
      ]),
    );
  });

  test('says by which commands its keys are managed', async () => {
    const root = join(__dirname, '../../..');
    const run = (command: string) => promisify(execFile)('sh', ['-c', command], { cwd: root });
    const listed = keysCommand(sample, 'list');

    const welcomed = welcome(sample);
    for (const what of ['list', 'create', 'rotate', 'revoke']) expect(welcomed).toContain(`keys ${what} `);
    expect(welcomed).toContain(listed);
    expect((await run(listed)).stdout).toContain('carrier');
    const { stdout: key } = await run(keysCommand(sample, 'create --tenant walker --scope shipments:read'));
    sample.machines.shown.push(key.trim());
    const id = key.split('_')[2]?.slice(0, 12) ?? '';
    expect(await sample.machines.keys.show(id)).toMatchObject({ tenant: 'walker', status: 'active' });
  }, 60_000);

  test('lets nothing through to the service that was refused', () => {
    const { gateway, service } = sample;

    const passed = gateway
      .requests()
      .filter(({ refusedBy, path }) => !refusedBy && !path.includes('jwks.json'));
    expect(service.received).toHaveLength(passed.length);
  });

  test('tells the service who calls, and hands it no credential', () => {
    const { service, people, machines } = sample;
    const everything = JSON.stringify(service.received);

    expect(service.received.find(({ path }) => path === '/orders')?.headers).toMatchObject({
      'x-user-id': 'alice',
      'x-api-key': '-',
    });
    for (const credential of [...Object.values(people), ...machines.shown]) {
      expect(everything).not.toContain(credential);
    }
  });

  test('tells the service who calls by a token that it can verify, for that operation only', async () => {
    const { service } = sample;
    const list = service.received.find(
      ({ path, headers }) => path === '/orders' && headers['x-user-id'] === 'alice',
    );
    const authorization = list?.headers['authorization'];

    expect(await identityVerifier(trusted(sample))(authorization, 'listOrders')).toMatchObject({
      sub: 'alice',
      scope: 'orders:read orders:write',
    });
    const refused = /another operation|"aud"|"iss"|did not come/;
    await expect(identityVerifier(trusted(sample))(authorization, 'deleteOrder')).rejects.toThrow(refused);
    await expect(identityVerifier(trusted(sample))(undefined, 'listOrders')).rejects.toThrow(refused);
    await expect(identityVerifier(trusted(sample))('Bearer -', 'listOrders')).rejects.toThrow();
    await expect(
      identityVerifier({ ...trusted(sample), backend: 'billing' })(authorization, 'listOrders'),
    ).rejects.toThrow(refused);
    await expect(
      identityVerifier({ ...trusted(sample), issuer: 'Other/Gateway' })(authorization, 'listOrders'),
    ).rejects.toThrow(refused);
  });

  test('has a service that answers nobody but the gateway', async () => {
    const refused: (string | undefined)[] = [];
    const { url, close } = await startOrdersService(async (authorization, operation) => {
      refused.push(operation);
      return identityVerifier(trusted(sample))(authorization, operation);
    });
    const forged = { 'X-User-Id': 'root', 'X-User-Roles': 'admin' };
    const identity = sample.service.received.find(({ path }) => path === '/orders')?.headers['authorization'];

    expect((await fetch(`${url}/orders`, { headers: forged })).status).toBe(401);
    expect((await fetch(`${url}/orders`, { headers: { Authorization: identity ?? '' } })).status).toBe(200);
    expect((await fetch(`${url}/shipments`, { headers: { Authorization: identity ?? '' } })).status).toBe(
      401,
    );
    expect(refused).toEqual(['listOrders', 'listOrders', 'listShipments']);
    await close();
  });

  test('lets no caller hand the service an identity token of his own', () => {
    const tokens = new Set(sample.service.received.map(({ headers }) => headers['authorization']));

    for (const token of tokens) expect(token).toMatch(/^Bearer ey[\w-]+\.[\w-]+\.[\w-]+$/);
  });

  test('refuses by a problem document, named by one media type', async () => {
    const response = await fetch(new URL('orders', sample.gateway.url));

    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
  });

  test('logs no credential', () => {
    const { gateway, people, machines } = sample;
    const lines = gateway.logs().map(({ line }) => line);

    expect(lines.length).toBeGreaterThan(20);
    for (const credential of [...Object.values(people), ...machines.shown]) {
      expect(lines.filter((line) => line.includes(credential))).toEqual([]);
    }
  });
});

function trusted({ gateway }: Sample) {
  return {
    issuer: 'Orders/Gateway',
    backend: 'orders',
    keys: new URL('.well-known/jwks.json', gateway.url),
  };
}
