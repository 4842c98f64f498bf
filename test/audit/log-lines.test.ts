import { connect } from 'node:net';
import { accessLogFormat } from '../../lib/audit/access-log-format';
import type { LocalGateway } from '../../lib/local';
import { startTracedGateway, type TracedGateway } from './traced-gateway';
import { FORGED, json } from './tracers';

/** Dotted, in their order. */
const namesIn = (line: string): string[] => namesOf(JSON.parse(line));
const NAMES = namesIn(accessLogFormat());

function namesOf(value: object, prefix = ''): string[] {
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === 'object' ? namesOf(inner, `${prefix}${name}.`) : [`${prefix}${name}`],
  );
}

describe('a line of a log', () => {
  let traced: TracedGateway;
  let gateway: LocalGateway;

  beforeAll(async () => {
    traced = await startTracedGateway();
    ({ gateway } = traced);
  }, 60_000);

  afterAll(() => traced?.close());

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
    ['the method that overrides it', (value: string) => ({ headers: { 'X-HTTP-Method-Override': value } })],
  ])('is not broken by %s', async (_, requestOf) => {
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
    [
      'refused by the authorizer',
      { 'X-Amzn-RequestId': '0b0f9f7e-1d4c-4a52-9a61-5d1c7f3a2b10' },
      'Authorizer',
    ],
    [
      'refused by the web ACL',
      { ...FORGED, 'X-Amzn-RequestId': '0b0f9f7e-1d4c-4a52-9a61-5d1c7f3a2b11' },
      'aws-waf-logs-',
    ],
  ])(
    'names a request by an id that the caller does not choose, and the other logs too: %s',
    async (_, headers, log) => {
      const before = gateway.logs(log).length;
      const response = await fetch(`${gateway.url}orders`, { headers });
      const { requestId } = (await response.json()) as { requestId?: string };

      const access = JSON.parse(gateway.logs('AccessLogs').at(-1)?.line ?? '');
      const [other = {}] = gateway
        .logs(log)
        .slice(before)
        .map(({ line }) => JSON.parse(line));
      expect(response.headers.get('X-Amzn-RequestId')).toBe(headers['X-Amzn-RequestId']);
      expect(access.http.request.id).toBe(response.headers.get('X-Amz-Apigw-Id'));
      expect(other.requestId ?? other.httpRequest?.requestId).toBe(access.http.request.id);
      expect(requestId).toBe(access.http.request.id);
    },
  );

  test.each([
    ['subject', '200'],
    ['tenant', '403'],
    ['client', '200'],
  ])('is not broken by the %s of a token', async (part, status) => {
    const hostile = 'x\\","injected":"y';
    const Authorization = `Bearer ${await traced.provider.token({
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
  '-----BEGIN PRIVATE KEY-----","injected":"y',
  'PuTTY-User-Key-File-2: "',
];

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
