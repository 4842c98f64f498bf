import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { ApiKeyStore, Authentication, Backend, BackendResponses, SecureApiGateway } from '../../lib';
import { accessLogFormat } from '../../lib/audit/access-log-format';
import { LocalGateway } from '../../lib/local';
import { type IdentityProvider, startIdentityProvider } from '../../lib/local/identity-provider';
import { formatApiKey } from '../../lib/protocol';
import { documentOf, loadBalancerIn, quickApp, SERVER_NAME } from '../fixtures/gateway';
import { startBackend, type TestBackend } from '../local/backend';
import { lookUp } from './refusal-stages';

const DEFINITION = documentOf(`
openapi: 3.1.0
info: { title: Traced, version: 1.0.0 }
x-gateway: { backend: orders }
components:
  securitySchemes:
    customer: { type: http, scheme: bearer }
    machine: { type: apiKey, in: header, name: X-Api-Key }
security: [{ customer: [] }, { machine: [] }]
paths:
  /orders:
    parameters:
      - { name: reference, in: query, x-gateway-redact: true, schema: { type: string } }
      - { name: X-Reference, in: header, x-gateway-redact: true, schema: { type: string } }
      - { name: reference, in: cookie, x-gateway-redact: true, schema: { type: string } }
      - { name: note, in: query, schema: { type: string } }
    get:
      responses: { '200': { description: OK } }
    post:
      requestBody:
        content:
          application/json:
            schema: { type: object, additionalProperties: false, properties: { note: { type: string } } }
      responses: { '200': { description: OK } }
  /notes:
    post:
      x-gateway: { uninspected: free text }
      requestBody:
        content:
          text/plain: {}
          application/x-www-form-urlencoded: {}
      responses: { '200': { description: OK } }
  /exchange:
    post:
      x-gateway: { credentialsInBody: it exchanges tokens }
      requestBody:
        content:
          application/json:
            schema: { type: object, additionalProperties: false, properties: { subject: { type: string } } }
      responses: { '200': { description: OK } }
  /ledger:
    parameters:
      - { name: note, in: query, schema: { type: string } }
      - { name: X-Reference, in: header, x-gateway-redact: true, schema: { type: string } }
    get:
      x-gateway: { backend: ledger }
      responses: { '200': { description: OK } }
  /health:
    get:
      security: []
      x-gateway: { public: for load balancers }
      responses: { '200': { description: OK } }
  /orders/{orderId}:
    get:
      parameters: [{ name: orderId, in: path, required: true, schema: { type: string } }]
      responses: { '200': { description: OK } }
`);

const KEY = formatApiKey({ prefix: 'sk', environment: 'live', id: 'tracer000000', secret: 't'.repeat(32) });
const CARD = '5555555555554444';
const EMAIL = 'tracer@customer.example.com';
const REDACTED = 'redactedtracer7f3a';

/** Tells nothing by its shape. */
const OPAQUE = 'mF_9.B5f-4.1JqM9xQ2';
const PASSWORD = Buffer.from('tracer:correct horse').toString('base64');

const encodedThroughout = (value: string) =>
  [...value].map((each) => `%${each.charCodeAt(0).toString(16)}`).join('');

/** Where a value stands in a request; `forged` beside it makes the web ACL refuse, and so log, it. */
type Place = (value: string) => { readonly path: string; readonly init?: RequestInit };

/** As careless clients write credentials into paths and queries. */
const SPELLINGS: readonly ((value: string) => string)[] = [
  (value) => value.replaceAll('_', '%5F').replaceAll('.', '%2E'),
  (value) => value.replaceAll('_', '%5f').replaceAll('.', '%2e'),
  (value) => value.replaceAll('_', '%255F').replaceAll('.', '%252E'),
  (value) => `Bearer%20${value}`,
  (value) => `Bearer+${value.replaceAll('.', '%2E')}`,
];
const spelled = (value: string): Place[] =>
  SPELLINGS.flatMap((spell): Place[] => [
    () => ({ path: `orders?tracer=${spell(value)}&limit=5` }),
    () => ({ path: `orders/${spell(value)}` }),
    () => ({ path: 'health', init: { headers: { 'X-Tracer': spell(value) } } }),
  ]);

/** Where a secret that has no shape is one by its place. */
const SECRET_PLACES: readonly Place[] = [
  (value) => ({ path: 'orders', init: { headers: { Authorization: `Bearer ${value}` } } }),
  (value) => ({ path: 'health', init: { headers: { 'X-Auth-Token': value } } }),
  (value) => ({ path: 'health', init: { headers: { 'X-Tracer': `Bearer ${value}` } } }),
  (value) => ({ path: 'health', init: { headers: { 'X-Tracer': `Basic ${value}` } } }),
  (value) => ({ path: 'health', init: { headers: { 'X-Tracer': `DPoP ${value}` } } }),
  (value) => ({ path: `orders?access_token=${encodeURIComponent(value)}` }),
  (value) => ({ path: `orders?PASSWORD=${encodeURIComponent(value)}` }),
  (value) => ({ path: `orders?tracer=Bearer%20${value}` }),
  (value) => ({ path: `orders/Basic%20${value}` }),
];

const json = { 'Content-Type': 'application/json' };
const PLACES: Readonly<Record<string, Place>> = {
  'a header': (value) => ({ path: 'orders', init: { headers: { 'X-Tracer': value } } }),
  'the declared header': (value) => ({ path: 'orders', init: { headers: { 'X-Reference': value } } }),
  'an undeclared query parameter': (value) => ({ path: `orders?tracer=${encodeURIComponent(value)}` }),
  'the declared query parameter': (value) => ({ path: `orders?note=${encodeURIComponent(value)}` }),
  'the name of a query parameter': (value) => ({ path: `orders?${encodeURIComponent(value)}=1` }),
  'the redacted query parameter': (value) => ({ path: `orders?reference=${encodeURIComponent(value)}` }),
  'the path': (value) => ({ path: `orders/${encodeURIComponent(value)}` }),
  'a path nobody declared': (value) => ({ path: `nowhere/${encodeURIComponent(value)}` }),
  'a header of an operation anyone may call': (value) => ({
    path: 'health',
    init: { headers: { 'X-Tracer': `tracer ${value}` } },
  }),
  'a header that is known for credentials': (value) => ({
    path: 'health',
    init: { headers: { 'X-Auth-Token': value, 'Proxy-Authorization': `Custom ${value}` } },
  }),
  'a header, encoded': (value) => ({
    path: 'orders',
    init: { headers: { 'X-Tracer': encodedThroughout(value) } },
  }),
  'a cookie': (value) => ({ path: 'orders', init: { headers: { Cookie: `tracer=${value}` } } }),
  'a cookie of an operation anyone may call': (value) => ({
    path: 'health',
    init: { headers: { Cookie: `tracer=${value}` } },
  }),
  'the redacted cookie': (value) => ({ path: 'orders', init: { headers: { Cookie: `reference=${value}` } } }),
  'a body': (value) => ({
    path: 'orders',
    init: { method: 'POST', headers: json, body: JSON.stringify({ note: value }) },
  }),
  'a body, escaped': (value) => ({
    path: 'orders',
    init: {
      method: 'POST',
      headers: json,
      body: `{"note":"${value.replaceAll('_', '\\u005f').replaceAll('.', '\\u002E')}"}`,
    },
  }),
  'a body of text': (value) => ({
    path: 'notes',
    init: { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: `see ${value}` },
  }),
  'a form': (value) => ({
    path: 'notes',
    init: { method: 'POST', body: new URLSearchParams({ note: value }) },
  }),
  'the body of an operation that takes credentials': (value) => ({
    path: 'exchange',
    init: { method: 'POST', headers: json, body: JSON.stringify({ subject: value }) },
  }),
  'a header of a mapped operation': (value) => ({
    path: 'ledger',
    init: { headers: { 'X-Tracer': value, Referer: `https://shop.example.com/?q=${value}` } },
  }),
  'the declared header of a mapped operation': (value) => ({
    path: 'ledger',
    init: { headers: { 'X-Reference': value, Cookie: `tracer=${value}` } },
  }),
  'the declared query parameter of a mapped operation': (value) => ({
    path: `ledger?note=${encodeURIComponent(value)}`,
  }),
  'a body that breaks its schema': (value) => ({
    path: 'orders',
    init: { method: 'POST', headers: json, body: JSON.stringify({ [value]: value }) },
  }),
  Authorization: (value) => ({ path: 'orders', init: { headers: { Authorization: `Bearer ${value}` } } }),
  'the API key’s header': (value) => ({ path: 'orders', init: { headers: { 'X-Api-Key': value } } }),
};

/** Dotted, in their order. */
const namesIn = (line: string): string[] => namesOf(JSON.parse(line));
const NAMES = namesIn(accessLogFormat());

function namesOf(value: object, prefix = ''): string[] {
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === 'object' ? namesOf(inner, `${prefix}${name}.`) : [`${prefix}${name}`],
  );
}

const FORGED = { 'X-User-Id': 'root' };

describe('a tracer', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tracer-'));
  const console: string[] = [];
  const answers: string[] = [];
  let provider: IdentityProvider;
  let backend: TestBackend;
  let mapped: TestBackend;
  let gateway: LocalGateway;
  let token: string;
  let foreign: string;

  beforeAll(async () => {
    provider = await startIdentityProvider({ audience: 'orders', scopes: [] });
    backend = await startBackend();
    mapped = await startBackend();
    const authority = join(folder, 'authority.pem');
    writeFileSync(authority, provider.certificateAuthority);
    gateway = await start(provider, { orders: backend.url, ledger: mapped.url }, authority);
    token = await provider.token({ subject: 'alice' });
    foreign = await provider.token({ subject: 'alice', audience: 'billing' });
    for (const stream of [process.stdout, process.stderr]) {
      jest.spyOn(stream, 'write').mockImplementation((text) => console.push(String(text)) > 0);
    }
    for (const value of [token, foreign, KEY, CARD, EMAIL, REDACTED]) {
      for (const place of Object.values(PLACES)) await sendAll(place(value));
    }
    for (const value of [token, foreign, KEY]) {
      for (const place of spelled(value)) await sendAll(place(value));
    }
    for (const value of [OPAQUE, PASSWORD]) {
      for (const place of SECRET_PLACES) await sendAll(place(value));
    }
    jest.restoreAllMocks();
  }, 120_000);

  afterAll(async () => {
    jest.restoreAllMocks();
    await gateway?.close();
    await backend?.close();
    await mapped?.close();
    await provider?.close();
    rmSync(folder, { recursive: true });
  });

  /** Without a credential, with one, and refused by the web ACL, whose log has the request. */
  async function sendAll({ path, init = {} }: ReturnType<Place>): Promise<void> {
    const credential = { Authorization: `Bearer ${token}` };
    for (const more of [{}, credential, FORGED]) {
      const response = await fetch(`${gateway.url}${path}`, {
        ...init,
        headers: { ...more, ...init.headers },
      });
      answers.push(JSON.stringify([[...response.headers], await response.text()]));
    }
  }

  const secrets = () => ({ token, foreign, KEY, signature: token.slice(-20), secret: KEY.slice(-30) });
  const personal = { CARD, EMAIL, encoded: encodeURIComponent(EMAIL) };

  test('was let through, and refused at every stage that could have written it down', () => {
    const stages = new Set(gateway.requests().map(({ refusedBy }) => refusedBy ?? 'backend'));

    expect([...stages]).toEqual(
      expect.arrayContaining(['backend', 'firewall', 'routing', 'authentication', 'parameters', 'body']),
    );
    expect(backend.received.length).toBeGreaterThan(10);
  });

  test('is refused by a stage that the one line tells', () => {
    for (const { refusedBy, logLine = '{}' } of gateway.requests()) {
      expect([lookUp(logLine)?.stage, logLine]).toEqual([refusedBy ?? 'none', logLine]);
    }
  });

  test('is in no line of the access log, of a function or of the web ACL', () => {
    expect(gateway.logs('aws-waf-logs-').length).toBeGreaterThan(20);
    expect(gateway.logs('Authorizer').length).toBeGreaterThan(20);

    for (const [name, value] of Object.entries({ ...secrets(), ...personal, OPAQUE, PASSWORD })) {
      const lines = gateway.logs().filter(({ line }) => line.includes(value));
      expect([name, lines]).toEqual([name, []]);
    }
  });

  test('is nowhere but at the backend, if it is an identity that the gateway signed', () => {
    const signed = backend.received.flatMap(({ header }) => header('Authorization')?.split('.').at(-1) ?? []);
    expect(new Set(signed).size).toBeGreaterThan(2);

    const written = [...gateway.logs().map(({ line }) => line), ...answers, ...console].join('\n');
    for (const signature of new Set(signed)) expect(written).not.toContain(signature);
  });

  test('is not in the log of the web ACL where the document says it is to be redacted', () => {
    const redacted = gateway
      .logs('aws-waf-logs-')
      .filter(({ line }) => line.includes(`reference=${REDACTED}`));

    expect(redacted).toEqual([]);
    const hidden = gateway
      .logs('aws-waf-logs-')
      .flatMap(({ line }) => JSON.parse(line).httpRequest.headers as { name: string; value: string }[])
      .filter(({ name }) => ['x-reference', 'cookie'].includes(name.toLowerCase()));
    expect([...new Set(hidden.map(({ value }) => value))]).toEqual(['REDACTED']);
    expect(gateway.logs('aws-waf-logs-').some(({ line }) => line.includes('reference=REDACTED'))).toBe(true);
  });

  test('is in no answer of the gateway', () => {
    for (const value of [...Object.values(secrets()), CARD, EMAIL, REDACTED]) {
      expect(answers.filter((answer) => answer.includes(value))).toEqual([]);
    }
  });

  test('is not on the console', () => {
    for (const value of [...Object.values(secrets()), CARD, EMAIL, REDACTED]) {
      expect(console.filter((line) => line.includes(value))).toEqual([]);
    }
  });

  test('is in nothing that a backend gets, if it is a credential of this gateway', () => {
    const { foreign: _, ...ours } = secrets();
    const received = [...backend.received, ...mapped.received].filter(({ url }) => url !== '/exchange');
    const got = received.map(({ url, rawHeaders, body }) => [url, ...rawHeaders, body].join('\n'));
    expect(got.length).toBeGreaterThan(30);
    expect(received.filter(({ body }) => body !== '').length).toBeGreaterThan(5);

    for (const [name, value] of Object.entries(ours)) {
      for (const form of [value, encodedThroughout(value), Buffer.from(value).toString('base64url')]) {
        expect([name, got.filter((text) => text.includes(form))]).toEqual([name, []]);
      }
    }
  });

  test('is where the document declares it for the backend, and nowhere else, if it is a credential of others', () => {
    const signature = foreign.slice(-20);
    const headers = backend.received.flatMap(({ rawHeaders }) =>
      rawHeaders.filter((_, at) => rawHeaders[at + 1]?.includes(signature)),
    );
    const urls = backend.received.filter(({ url }) => url.includes(signature)).map(({ url }) => url);

    expect([...new Set(headers)].sort()).toEqual(['Cookie', 'X-Reference']);
    expect(cookiesOf(backend).filter((text) => text.includes(foreign))).toEqual([`reference=${foreign}`]);
    expect([...new Set(urls.map((url) => url.replace(/(Bearer.*)?eyJ.*/, '')))].sort()).toEqual([
      '/orders/',
      '/orders?note=',
      '/orders?reference=',
    ]);
  });

  test('is in the body that an operation takes for that, and in no other, if it is a credential', () => {
    for (const value of [token, foreign, KEY]) {
      const bodies = backend.received.filter(({ body }) => body.includes(value.slice(-20)));

      expect([...new Set(bodies.map(({ url }) => url))]).toEqual(['/exchange']);
    }
    const blocked = gateway.logs('aws-waf-logs-').map(({ line }) => JSON.parse(line));
    expect(
      blocked.filter(({ terminatingRuleId }) => terminatingRuleId === 'body-credentials').length,
    ).toBeGreaterThan(10);
  });

  test('is where the document declares it, and nowhere else, at a backend whose requests are mapped', () => {
    for (const value of [CARD, EMAIL, REDACTED]) {
      const holding = mapped.received.flatMap(({ url, rawHeaders, body }) => [
        ...(decodeURIComponent(url).includes(value) ? [url.replace(/=.*/, '')] : []),
        ...rawHeaders.filter((_, at) => rawHeaders[at + 1]?.includes(value)),
        ...(body.includes(value) ? ['body'] : []),
      ]);

      expect([...new Set(holding)].sort()).toEqual(['/ledger?note', 'X-Reference']);
    }
    const names = mapped.received.flatMap(({ rawHeaders }) => rawHeaders.filter((_, at) => at % 2 === 0));
    expect(names).not.toContain('X-Tracer');
    expect(names.map((name) => name.toLowerCase())).not.toContain('referer');
  });

  test('reaches a backend that is proxied in a header nobody declared, if it is no credential', () => {
    for (const value of [CARD, EMAIL, REDACTED]) {
      expect(backend.received.filter(({ header }) => header('X-Tracer') === value)).not.toEqual([]);
    }
  });

  test('is in no cookie that the document does not declare, whatever it is', () => {
    const cookies = cookiesOf(backend);

    expect(new Set(cookies.map((text) => text.split('=')[0]))).toEqual(new Set(['-', 'reference']));
    for (const value of [CARD, REDACTED]) expect(cookies).toContain(`reference=${value}`);
  });

  test('is refused as misplaced, without a word of what it is', () => {
    const refused = answers.filter((answer) => answer.includes('MISPLACED_CREDENTIAL'));

    expect(refused.length).toBeGreaterThan(15);
    for (const place of ['header', 'query', 'path', 'cookie', 'body']) {
      expect(refused.filter((answer) => answer.includes(`${place}: MISPLACED_CREDENTIAL`))).not.toEqual([]);
    }
  });

  test.each<[string, string, RequestInit]>([
    [
      'a trace',
      'orders',
      { headers: { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' } },
    ],
    [
      'a page that it came from',
      'orders',
      { headers: { Referer: 'https://shop.example.com/?page=2&q=100%25' } },
    ],
    ['cookies of others', 'orders', { headers: { Cookie: '_ga=GA1.2.3; reference=7' } }],
    ['a reference that looks like a token', 'orders', { headers: { 'X-Reference': 'Bearer of good news' } }],
    ['its credential on an operation anyone may call', 'health', {}],
  ])('keeps nobody out who sends %s', async (_, path, init) => {
    const headers = { Authorization: `Bearer ${token}`, ...init.headers };

    expect((await fetch(`${gateway.url}${path}`, { headers })).status).toBe(200);
  });

  test.each([
    ['the path', (value: string) => ({ path: `orders/${value}` })],
    ['a path nobody declared', (value: string) => ({ path: value })],
    ['the query', (value: string) => ({ path: `orders?${value}=${value}` })],
    ['a header', (value: string) => ({ headers: { 'User-Agent': value, 'X-Amzn-RequestId': value } })],
    ['Authorization', (value: string) => ({ headers: { Authorization: `Bearer ${value}` } })],
    ['the API key', (value: string) => ({ headers: { 'X-Api-Key': value } })],
    ['the media type', (value: string) => ({ method: 'POST', headers: { 'Content-Type': value } })],
    ['a cookie', (value: string) => ({ headers: { Cookie: `reference=${value}` } })],
    ['the host', (value: string) => ({ headers: { Host: value } })],
    ['a forwarded address', (value: string) => ({ headers: { 'X-Forwarded-For': value } })],
    ['a body', (value: string) => ({ method: 'POST', headers: json, body: `{"note":"${value}"}` })],
    ['the method', () => ({ method: 'M-SEARCH' })],
  ])('breaks no line by %s', async (_, requestOf) => {
    const before = gateway.logs('AccessLogs').length;
    for (const value of HOSTILE) {
      await sendRaw(gateway, requestOf(value));
      await sendRaw(gateway, { ...requestOf(value), ...FORGED_LINE });
    }

    const lines = gateway.logs();
    for (const { line } of lines.filter(({ logGroup }) => logGroup.includes('AccessLogs'))) {
      expect(namesIn(line)).toEqual(NAMES);
    }
    for (const { line } of lines) expect(JSON.parse(line)).not.toHaveProperty('injected');
    expect(gateway.logs('AccessLogs').length).toBeGreaterThan(before);
  });

  test.each([
    ['subject', '200'],
    ['tenant', '403'],
    ['client', '200'],
  ])('breaks no line by the %s of a token', async (part, status) => {
    const hostile = 'x\\","injected":"y';
    const Authorization = `Bearer ${await provider.token({
      subject: part === 'subject' ? hostile : 'alice',
      ...(part === 'tenant' && { claims: { tenant: hostile } }),
      ...(part === 'client' && { claims: { client: hostile } }),
    })}`;

    await fetch(`${gateway.url}orders`, { headers: { Authorization } });

    const line = gateway.logs('AccessLogs').at(-1)?.line ?? '';
    expect(namesIn(line)).toEqual(NAMES);
    expect(JSON.parse(line).http.response.status_code).toBe(status);
    // where it is let through, it stands there, as a value
    expect(line.includes('injected')).toBe(status === '200');
  });
});

const HOSTILE = [
  '","injected":"y',
  '\\","injected":"y',
  '"}',
  '%22,%22injected%22:%22y',
  '%0a{"injected":"y"}',
  '$context.path',
  '\t"',
];

function cookiesOf({ received }: TestBackend): string[] {
  return [
    ...new Set(
      received.flatMap(({ rawHeaders }) =>
        rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === 'cookie'),
      ),
    ),
  ];
}

const FORGED_LINE = { headers: FORGED };

interface RawRequest {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What no decent client sends, byte by byte. */
function sendRaw(
  { url }: LocalGateway,
  { method = 'GET', path = 'orders', headers = {}, body = '' }: RawRequest,
) {
  const { hostname, port, pathname } = new URL(url);
  const lines = Object.entries({
    Host: hostname,
    Connection: 'close',
    ...(body && { 'Content-Length': Buffer.byteLength(body) }),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return new Promise<void>((resolve) => {
    const socket = connect(Number(port), hostname, () =>
      socket.write(`${method} ${pathname}${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`),
    );
    socket
      .on('error', () => resolve())
      .on('close', () => resolve())
      .resume();
  });
}

async function start(
  { issuer }: IdentityProvider,
  backends: Readonly<Record<'orders' | 'ledger', string>>,
  authority: string,
): Promise<LocalGateway> {
  const app = quickApp();
  const stack = new Stack(app, 'Traced');
  const vpc = new ec2.Vpc(stack, 'Vpc');
  new SecureApiGateway(stack, 'Gateway', {
    definition: DEFINITION,
    authentication: {
      customer: Authentication.jwt({
        issuer,
        audiences: ['orders'],
        tenantClaim: 'tenant',
        clientIdClaim: 'client',
      }),
      machine: Authentication.apiKey({ keys: new ApiKeyStore(stack, 'Keys') }),
    },
    backends: {
      orders: Backend.applicationLoadBalancer(loadBalancerIn(stack, vpc), { serverName: SERVER_NAME }),
      ledger: Backend.applicationLoadBalancer(loadBalancerIn(stack, vpc, 'Ledger'), {
        serverName: 'ledger.internal.example.com',
        responses: BackendResponses.MAPPED,
      }),
    },
    // this one caller must fail often
    limits: { failedAuthentications: 0 },
  });
  return LocalGateway.start(
    { assembly: app.synth().directory, stackName: 'Traced' },
    {
      backends,
      environment: { NODE_EXTRA_CA_CERTS: authority },
      keep: 10_000,
    },
  );
}
