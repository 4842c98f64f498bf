import type { LocalGateway } from '../../lib/local';
import type { TestBackend } from '../local/backend';
import { lookUp } from './refusal-stages';
import { startTracedGateway, type TracedGateway } from './traced-gateway';
import {
  CARD,
  EMAIL,
  encodedThroughout,
  FORGED,
  KEY,
  OPAQUE,
  PASSWORD,
  PLACES,
  type Place,
  REDACTED,
  SECRET_PLACES,
  spelled,
} from './tracers';

describe('a tracer', () => {
  const console: string[] = [];
  const answers: string[] = [];
  let traced: TracedGateway;
  let gateway: LocalGateway;
  let backend: TestBackend;
  let mapped: TestBackend;
  let token: string;
  let foreign: string;

  beforeAll(async () => {
    traced = await startTracedGateway();
    ({ gateway, backend, mapped } = traced);
    token = await traced.provider.token({ subject: 'alice' });
    foreign = await traced.provider.token({ subject: 'alice', audience: 'billing' });
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
    await traced?.close();
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
});

function cookiesOf({ received }: TestBackend): string[] {
  return [
    ...new Set(
      received.flatMap(({ rawHeaders }) =>
        rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === 'cookie'),
      ),
    ),
  ];
}
