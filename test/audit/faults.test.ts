import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Authentication } from '../../lib';
import { LocalGateway } from '../../lib/local';
import { type IdentityProvider, startIdentityProvider } from '../../lib/local/identity-provider';
import { documentOf, ENVIRONMENT, gatewayStack, quickApp } from '../fixtures/gateway';
import { startBackend, type TestBackend } from '../local/backend';

const DEFINITION = documentOf(`
openapi: 3.1.0
info: { title: Watched, version: 1.0.0 }
x-gateway: { backend: orders }
components:
  securitySchemes:
    customer: { type: http, scheme: bearer }
security: [{ customer: [] }]
paths:
  /orders:
    get:
      parameters: [{ name: limit, in: query, schema: { type: integer } }]
      responses: { '200': { description: OK } }
  /admin:
    get:
      x-gateway: { roles: [admin] }
      responses: { '200': { description: OK } }
  /seldom:
    get:
      x-gateway: { rateLimit: { limit: 1, perSeconds: 600 } }
      responses: { '200': { description: OK } }
`);

interface Line {
  readonly [name: string]: string | Line;
}

describe('the alarms of a gateway, over traffic with faults', () => {
  const folder = mkdtempSync(join(tmpdir(), 'faults-'));
  let provider: IdentityProvider;
  let backend: TestBackend;
  let watched: Watched;

  beforeAll(async () => {
    provider = await startIdentityProvider({ audience: 'orders', scopes: [] });
    backend = await startBackend();
    const authority = join(folder, 'authority.pem');
    writeFileSync(authority, provider.certificateAuthority);
    watched = await watch(provider.issuer, backend.url, authority);
  }, 60_000);

  afterAll(async () => {
    await watched?.gateway.close();
    await backend?.close();
    await provider?.close();
    rmSync(folder, { recursive: true });
  });

  const get = async (path: string, headers: Record<string, string> = {}) => {
    const Authorization = `Bearer ${await provider.token({ subject: 'alice' })}`;
    return (await fetch(`${watched.gateway.url}${path}`, { headers: { Authorization, ...headers } })).status;
  };

  const faults: readonly [string, () => Promise<unknown>, number, readonly string[]][] = [
    ['a request that passes', () => get('orders'), 200, []],
    ['a parameter that breaks the contract', () => get('orders?limit=x'), 400, []],
    ['a path nobody declared', () => get('nowhere'), 404, []],
    [
      'a token that proves nothing',
      () => get('orders', { Authorization: 'Bearer x.y.z' }),
      401,
      ['Unauthenticated'],
    ],
    ['a role that is missing', () => get('admin'), 403, ['Forbidden']],
    ['an identity made up', () => get('orders', { 'X-User-Id': 'root' }), 403, ['Blocked']],
    [
      'a limit that ran out',
      async () => [await get('seldom'), await get('seldom')].at(-1),
      429,
      ['RateLimited'],
    ],
    ['a service that fails', () => get('orders', { Respond: '{"status":503}' }), 503, ['5XXError']],
    [
      'a service that drops the connection',
      () => get('orders', { Respond: '{"drop":true}' }),
      502,
      ['5XXError'],
    ],
  ];

  test.each(faults)('of %s', async (_, send, status, alarms) => {
    const before = watched.alarming();

    expect(await send()).toBe(status);

    expect(await watched.newlyAlarming(before, alarms.length)).toEqual(alarms);
  });

  test('of an issuer whose keys cannot be fetched', async () => {
    const lonely = await watch('https://localhost:9/', backend.url);
    const token = await provider.token({ subject: 'alice' });

    await fetch(`${lonely.gateway.url}orders`, { headers: { Authorization: `Bearer ${token}` } });
    const alarms = await lonely.newlyAlarming({}, 2);
    await lonely.gateway.close();

    expect(alarms.sort()).toEqual(['KeySetUnavailable', 'Unauthenticated']);
  });

  test('of a plan’s key that API Gateway does not know, and not of one it is not meant to', () => {
    const error = { type: 'INVALID_API_KEY' };

    expect(watched.counts('UnknownPlanKey', { error: { ...error, code: '-' } })).toBe(true);
    expect(watched.counts('UnknownPlanKey', { error: { ...error, code: 'CONTRACT_VIOLATION' } })).toBe(false);
  });

  test('of a limit that a usage plan did not hold, and not of one that it did', () => {
    const line = (code: string, status: string) => ({
      error: { code },
      gateway: { integration: { status } },
    });

    expect(watched.counts('PassedRefusal', line('RATE_LIMITED', '200'))).toBe(true);
    expect(watched.counts('PassedRefusal', line('RATE_LIMITED', '-'))).toBe(false);
    expect(watched.counts('PassedRefusal', line('-', '200'))).toBe(false);
  });

  test('of an authorizer that gave no decision, and not of one that refused', () => {
    for (const type of ['AUTHORIZER_FAILURE', 'AUTHORIZER_CONFIGURATION_ERROR']) {
      expect(watched.counts('Undecided', { error: { type } })).toBe(true);
    }
    expect(watched.counts('Undecided', { error: { type: 'ACCESS_DENIED' } })).toBe(false);
  });
});

interface Watched {
  readonly gateway: LocalGateway;
  /** Alarms above zero, by metric. */
  alarming(): Readonly<Record<string, number>>;
  /** Those that were not so before, once there are as many: a function's lines come after its answer. */
  newlyAlarming(before: Readonly<Record<string, number>>, expected: number): Promise<string[]>;
  counts(metric: string, line: Line): boolean;
}

const PATIENCE_MILLIS = 5_000;

/** A gateway on this machine, whose template's alarms are asked what CloudWatch would ask them. */
async function watch(issuer: string, backend: string, authority?: string): Promise<Watched> {
  const app = quickApp();
  const alarmTopic = new Topic(new Stack(app, 'Watch', { env: ENVIRONMENT }), 'Topic');
  const { stack } = gatewayStack(
    {
      definition: DEFINITION,
      authentication: { customer: Authentication.jwt({ issuer, audiences: ['orders'] }) },
      audit: { alarmTopic },
    },
    app,
  );
  const template = Template.fromStack(stack);
  const metrics = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
    ({ Properties }): string => Properties.MetricName,
  );
  const patterns = new Map<string, string>(
    Object.values(template.findResources('AWS::Logs::MetricFilter')).map(({ Properties }) => [
      Properties.MetricTransformations[0].MetricName,
      Properties.FilterPattern,
    ]),
  );
  const gateway = await LocalGateway.start(
    { assembly: app.synth().directory, stackName: 'Orders' },
    {
      backends: { orders: backend },
      ...(authority && { environment: { NODE_EXTRA_CA_CERTS: authority } }),
    },
  );
  const counts = (metric: string, line: Line) => matches(patterns.get(metric) ?? '', line);

  function measured(metric: string): number {
    if (metric === '5XXError') return gateway.metrics().serverErrors;
    if (!patterns.has(metric)) return gateway.metrics().emitted[`SecureApiGateway/${metric}`] ?? 0;
    return gateway.logs('AccessLogs').filter(({ line }) => counts(metric, JSON.parse(line))).length;
  }
  const alarming = (): Readonly<Record<string, number>> =>
    Object.fromEntries(
      metrics.map((metric) => [metric, measured(metric)] as const).filter(([, value]) => value > 0),
    );
  async function newlyAlarming(before: Readonly<Record<string, number>>, expected: number) {
    const deadline = Date.now() + PATIENCE_MILLIS;
    for (;;) {
      const after = alarming();
      const names = Object.keys(after).filter((name) => (after[name] ?? 0) > (before[name] ?? 0));
      if (names.length >= expected || Date.now() > deadline) return names;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return { gateway, counts, alarming, newlyAlarming };
}

/** Comparisons of fields with texts, all joined by the same sign. */
function matches(pattern: string, line: Line): boolean {
  const comparisons = [...pattern.matchAll(/\$\.([\w.]+) (!?=) "([^"]*)"/g)].map(
    ([, field = '', sign, text]) => (valueAt(line, field) === text) === (sign === '='),
  );
  if (comparisons.length === 0) throw new Error(`a filter pattern that is not understood here: ${pattern}`);
  return pattern.includes('||') ? comparisons.some(Boolean) : comparisons.every(Boolean);
}

/** By members of members, as CloudWatch Logs selects. */
function valueAt(line: Line, selector: string): string | Line | undefined {
  return selector
    .split('.')
    .reduce<string | Line | undefined>((at, name) => (typeof at === 'object' ? at[name] : undefined), line);
}
