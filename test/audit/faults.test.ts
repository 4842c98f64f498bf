import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHandler as createKeyExpiry } from '../../lambda/key-expiry/handler';
import { createHandler as createSensitiveUse } from '../../lambda/sensitive-use/handler';
import { type AwsService, awsCaller } from '../../lambda/shared/aws-call';
import { type IdentityProvider, startIdentityProvider } from '../../lib/local/identity-provider';
import { embeddedMetrics } from '../../lib/local/logs/embedded-metrics';
import { startBackend, type TestBackend } from '../local/backend';
import { AlarmEvaluation } from './alarm-evaluation';
import { ADDRESS_HEADER, type WatchedGateway, watchedGateway } from './watched-gateway';

const PATIENCE_MILLIS = 5_000;
const DAY = 86_400;

describe('the alarms of a gateway, over traffic with faults', () => {
  const folder = mkdtempSync(join(tmpdir(), 'faults-'));
  let provider: IdentityProvider;
  let backend: TestBackend;
  let authority: string;
  let watched: WatchedGateway;
  let alarms: AlarmEvaluation;

  beforeAll(async () => {
    provider = await startIdentityProvider({ audience: 'orders', scopes: [] });
    backend = await startBackend();
    authority = join(folder, 'authority.pem');
    writeFileSync(authority, provider.certificateAuthority);
    watched = await watchedGateway({
      issuer: provider.issuer,
      backend: backend.url,
      authority,
      thresholds: { tenantRequests: 30 },
    });
    alarms = new AlarmEvaluation(watched.resolver, watched.gateway);
  }, 60_000);

  afterAll(async () => {
    await watched?.close();
    await backend?.close();
    await provider?.close();
    rmSync(folder, { recursive: true });
  });

  let addresses = 0;
  // each from an address of its own: limits on one are not what is tried here
  const send = async (path: string, headers: Record<string, string>) => {
    addresses += 1;
    const address = `198.18.${addresses >> 8}.${addresses & 255}`;
    const response = await fetch(`${watched.gateway.url}${path}`, {
      headers: { [ADDRESS_HEADER]: address, ...headers },
    });
    await response.text();
    return response.status;
  };
  const get = async (path: string, headers: Record<string, string> = {}) =>
    send(path, { Authorization: `Bearer ${await provider.token({ subject: 'alice' })}`, ...headers });
  const often = async (times: number, request: () => Promise<number>) => {
    let status = 0;
    for (let count = 0; count < times; count += 1) status = await request();
    return status;
  };
  const keyOf = async (tenant: string) => {
    const { id, key } = await watched.keys.create({ tenant, expiresInSeconds: null });
    return { id, headers: { 'X-Api-Key': key } };
  };

  const faults: readonly [string, () => Promise<unknown>, number, readonly string[]][] = [
    ['requests that pass', () => often(20, () => get('orders')), 200, []],
    ['parameters that break the contract', () => often(60, () => get('orders?limit=x')), 400, []],
    ['a path nobody declared', () => often(60, () => get('nowhere')), 404, []],
    [
      'tokens that prove nothing',
      () => often(51, () => send('orders', { Authorization: 'Bearer x.y.z' })),
      401,
      ['Unauthenticated'],
    ],
    [
      'no more tokens that prove nothing than anybody meets with',
      () => often(50, () => send('orders', { Authorization: 'Bearer x.y.z' })),
      401,
      [],
    ],
    ['a role that is missing', () => often(26, () => get('admin')), 403, ['Forbidden']],
    ['identities made up', () => often(101, () => get('orders', { 'X-User-Id': 'root' })), 403, ['Blocked']],
    ['a limit that ran out', () => often(102, () => get('seldom')), 429, ['RateLimited']],
    [
      'a service that fails',
      () => often(6, () => get('orders', { Respond: '{"status":503}' })),
      503,
      ['ServerErrors'],
    ],
    [
      'a service that drops connections',
      () => often(6, () => get('orders', { Respond: '{"drop":true}' })),
      502,
      ['ServerErrors'],
    ],
    [
      'a key that is revoked',
      async () => {
        const { id, headers } = await keyOf('acme');
        await watched.keys.revoke(id);
        return send('orders', headers);
      },
      401,
      ['RevokedUsed'],
    ],
    [
      'an issuer that does not answer for its tokens',
      () => send('orders', { 'X-Session': 'opaque' }),
      500,
      ['IntrospectionFailed', 'Undecided'],
    ],
    [
      'a tenant that calls without end',
      async () => {
        const { headers } = await keyOf('acme');
        return often(31, () => send('orders', headers));
      },
      200,
      ['TenantVolume'],
    ],
    [
      'ten tenants that call as much together',
      async () => {
        const keys = await Promise.all(Array.from({ length: 10 }, (_, index) => keyOf(`tenant${index}`)));
        let next = 0;
        return often(120, () => {
          next += 1;
          return send('orders', keys[next % keys.length]?.headers ?? {});
        });
      },
      200,
      [],
    ],
  ];

  test.each(faults)(
    'of %s',
    async (_, cause, status, expected) => {
      const before = alarms.counted();

      expect(await cause()).toBe(status);

      expect(await met(alarms, before, expected)).toEqual(expected);
    },
    60_000,
  );

  test('of an issuer whose keys cannot be fetched', async () => {
    const lonely = await watchedGateway({ issuer: 'https://localhost:9/', backend: backend.url });
    const evaluation = new AlarmEvaluation(lonely.resolver, lonely.gateway);
    const token = await provider.token({ subject: 'alice' });

    await fetch(`${lonely.gateway.url}orders`, { headers: { Authorization: `Bearer ${token}` } });
    const expected = ['KeySetUnavailable'];

    // it asks for the keys as it starts
    const alarming = await met(evaluation, { lines: 0, serverErrors: 0, emitted: {} }, expected);
    await lonely.close();
    expect(alarming).toEqual(expected);
  });

  test('of a plan’s key that API Gateway does not know, and not of one it is not meant to', () => {
    const error = { type: 'INVALID_API_KEY' };

    expect(alarms.counts('UnknownPlanKey', { error: { ...error, code: '-' } })).toBe(true);
    expect(alarms.counts('UnknownPlanKey', { error: { ...error, code: 'CONTRACT_VIOLATION' } })).toBe(false);
  });

  test('of a limit that a usage plan did not hold, and not of one that it did', () => {
    const line = (code: string, status: string) => ({
      error: { code },
      gateway: { integration: { status } },
    });

    expect(alarms.counts('PassedRefusal', line('RATE_LIMITED', '200'))).toBe(true);
    expect(alarms.counts('PassedRefusal', line('RATE_LIMITED', '-'))).toBe(false);
    expect(alarms.counts('PassedRefusal', line('-', '200'))).toBe(false);
  });

  test('of an authorizer that gave no decision, and not of one that refused', () => {
    for (const type of ['AUTHORIZER_FAILURE', 'AUTHORIZER_CONFIGURATION_ERROR']) {
      expect(alarms.counts('Undecided', { error: { type } })).toBe(true);
    }
    expect(alarms.counts('Undecided', { error: { type: 'ACCESS_DENIED' } })).toBe(false);
  });
});

describe('what scheduled functions look for', () => {
  let now = Date.now();
  let backend: TestBackend;
  let watched: WatchedGateway;
  let beside: Record<string, number>;
  let lines: string[];
  let alarms: AlarmEvaluation;

  const folder = mkdtempSync(join(tmpdir(), 'secure-api-gateway-watches-'));
  let provider: IdentityProvider;

  beforeAll(async () => {
    // one that answers: an authorizer that starts fetches keys, and would count a failure whenever it is told of one
    provider = await startIdentityProvider({ audience: 'orders', scopes: [] });
    backend = await startBackend();
    const authority = join(folder, 'authority.pem');
    writeFileSync(authority, provider.certificateAuthority);
    watched = await watchedGateway({
      issuer: provider.issuer,
      backend: backend.url,
      authority,
      clock: () => now,
    });
  }, 60_000);

  beforeEach(() => {
    beside = {};
    lines = [];
    alarms = new AlarmEvaluation(watched.resolver, watched.gateway, beside);
  });

  afterAll(async () => {
    await watched?.close();
    await backend?.close();
    await provider?.close();
    rmSync(folder, { recursive: true });
  });

  const configurationOf = (part: string) => {
    const [id = ''] = watched.resolver
      .idsOf('AWS::Lambda::Function')
      .filter((one) => one.includes(`${part}Handler`));
    const { Environment } = watched.resolver.properties(id) as { Environment: { Variables: object } };
    return JSON.parse(Object.values(Environment.Variables)[0]);
  };
  const write = (line: string) => {
    lines.push(line);
    for (const { name, value } of embeddedMetrics(line)) beside[name] = value;
  };
  const caller = (service: AwsService) =>
    awsCaller(service, {
      ...watched.gateway.endpoints.environment,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    });
  async function lookForKeys() {
    const dynamodb = caller({
      name: 'dynamodb',
      variable: 'DYNAMODB',
      target: 'DynamoDB_20120810',
      contentType: 'application/x-amz-json-1.0',
    });
    await createKeyExpiry({ configuration: configurationOf('KeyExpiry'), dynamodb, now: () => now, write })();
  }
  async function lookForNewcomers() {
    const logs = caller({
      name: 'logs',
      variable: 'CLOUDWATCH_LOGS',
      target: 'Logs_20140328',
      contentType: 'application/x-amz-json-1.1',
    });
    await createSensitiveUse({
      configuration: configurationOf('SensitiveUse'),
      operations: ['listPayouts'],
      logs,
      wait: async () => undefined,
      now: () => now,
      write,
    })();
  }
  const call = async (path: string, key: string) => {
    const response = await fetch(`${watched.gateway.url}${path}`, { headers: { 'X-Api-Key': key } });
    await response.text();
    expect(response.status).toBe(200);
  };

  // the issuer that is not there is noticed by the way, whenever it is asked
  const metOf = (before: ReturnType<AlarmEvaluation['counted']>) =>
    alarms.met(before).filter((name) => name !== 'KeySetUnavailable');

  test('keys that end soon: used or not, unless there is a successor', async () => {
    const before = alarms.counted();
    const later = await watched.keys.create({ tenant: 'acme', expiresInSeconds: 15 * DAY });
    const never = await watched.keys.create({ tenant: 'acme', expiresInSeconds: null });
    const { id: rotated } = await watched.keys.create({ tenant: 'acme', expiresInSeconds: 90 * DAY });
    await watched.keys.rotate(rotated, 7 * DAY);
    await lookForKeys();
    expect(metOf(before)).toEqual([]);

    const { id } = await watched.keys.create({ tenant: 'acme', expiresInSeconds: 13 * DAY });
    await lookForKeys();

    expect(metOf(before)).toEqual(['KeysExpiring']);
    expect(lines.join('')).toContain(`"key":"${id}","tenant":"acme"`);
    for (const other of [later.id, never.id, rotated]) expect(lines.join('')).not.toContain(other);
  });

  test('callers of a sensitive operation who are new to it, and nobody else', async () => {
    const { key: known, id: knownId } = await watched.keys.create({ tenant: 'acme', expiresInSeconds: null });
    const { key: other, id: otherId } = await watched.keys.create({ tenant: 'acme', expiresInSeconds: null });
    await call('payouts', known);
    await call('orders', other);
    now += 2 * DAY * 1000;

    const before = alarms.counted();
    await call('payouts', known);
    await call('orders', other);
    await lookForNewcomers();
    expect(metOf(before)).toEqual([]);

    await call('payouts', other);
    await lookForNewcomers();
    expect(metOf(before)).toEqual(['SensitiveNewcomers']);
    expect(lines.join('')).toContain(`"principal":"key:${otherId}","operation":"listPayouts"`);
    expect(lines.join('')).not.toContain(knownId);

    now += 31 * DAY * 1000;
    await call('payouts', known);
    await lookForNewcomers();
    expect(lines.join('')).toContain(`"principal":"key:${knownId}"`);
  });
});

/** Once there are as many, or for a while: a function's lines come after its answer. */
async function met(
  alarms: AlarmEvaluation,
  before: ReturnType<AlarmEvaluation['counted']>,
  expected: readonly string[],
): Promise<string[]> {
  const deadline = Date.now() + PATIENCE_MILLIS;
  for (;;) {
    const names = alarms.met(before);
    if (names.length >= expected.length || Date.now() > deadline) return names;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
