import { EdgeRule } from '../../lib';
import { RULES } from '../../lib/edge/rule-table';
import { loadDetectors } from '../../lib/local/web-acl/injection';
import fc from '../fixtures/property';
import { aclOf, requestOf } from '../local/web-acl/acl';
import { built, databases, ending, FULL, GOOD, json, type Request, withHeader } from './full-web-acl';

/** An address in Sweden, by the database of tests. */
const SWEDEN = '89.160.20.112';

/** For each rule a request that gets as far as that rule and is refused by it. */
const WITNESSES: Readonly<Record<string, readonly [Request | ((index: number) => Request), times?: number]>> =
  {
    deny: [{ ...GOOD, sourceIp: '203.0.113.9' }],
    attackers: [{ ...GOOD, sourceIp: '203.0.114.1' }],
    'threat-feeds': [{ ...GOOD, sourceIp: '203.0.115.1' }],
    'only-from': [{ ...GOOD, sourceIp: '192.0.2.1' }],
    'operation-only-from-office': [
      { ...GOOD, method: 'DELETE', path: '/prod/admin/1', sourceIp: '81.9.9.9' },
    ],
    countries: [{ ...GOOD, sourceIp: SWEDEN }],
    'rate-per-address': [(index) => withHeader('authorization', String(index)), 61],
    'rate-per-credential-authorization': [(index) => ({ ...GOOD, sourceIp: `81.9.9.${index}` }), 41],
    'rate-per-credential-x-api-key': [
      (index) => ({
        sourceIp: `81.9.9.${index}`,
        headers: [
          ['User-Agent', 'test'],
          ['x-api-key', 'k'],
        ],
      }),
      41,
    ],
    'rate-without-credential': [{ ...GOOD, headers: [] }, 31],
    'rate-login': [json('{}', { path: '/prod/login' }), 21],
    'rate-path-1': [{ ...GOOD, path: '/v1/search', headers: [['x-session', 's']] }, 16],
    'rate-path-1-without': [{ ...GOOD, path: '/search' }, 16],
    'rate-path-2': [{ ...GOOD, path: '/prod/export' }, 13],
    'rate-ceiling': [
      (index) => ({
        ...GOOD,
        sourceIp: `81.${index >> 8}.${index & 255}.1`,
        headers: [['authorization', String(index)]],
      }),
      501,
    ],
    'reserved-headers': [withHeader('X_User-ID')],
    'method-override': [withHeader('X-HTTP-Method-Override', 'DELETE')],
    'content-encoding': [
      json('{}', {
        headers: [
          ['Content-Type', 'application/json'],
          ['Content-Encoding', 'gzip'],
        ],
      }),
    ],
    'media-type': [json('x', { headers: [['Content-Type', 'text/plain']] })],
    'body-size-16': [json('x'.repeat(16_385))],
    'body-size-32': [json('x'.repeat(32_769), { path: '/prod/files' })],
    'body-size-64': [json('x'.repeat(65_537), { path: '/prod/films/1', method: 'PUT' })],
    'xml-entities': [json('<?xml?><!DOCTYPE a>', { headers: [['content-type', 'application/xml']] })],
    'body-credentials': [json(`{"note":"sk_live_${'a'.repeat(50)}"}`)],
    traversal: [{ ...GOOD, path: '/prod/x/%252e%252e/y' }],
    'nosql-operators': [json('{"name":{"\\u0024ne":1}}')],
    'own-sql-injection': [{ ...GOOD, rawQuery: "id=1'%20OR%20'1'='1" }],
    'own-cross-site-scripting': [{ ...GOOD, rawQuery: 'q=%3Cscript%3Ealert(1)%3C/script%3E' }],
  };

describe('the rules of the web ACL', () => {
  const { rules, fresh } = built(FULL);
  const own = rules
    .filter(({ Action }) => Action && 'Block' in (Action as object))
    .map(({ Name }) => String(Name));
  const unseen = (name: string) =>
    (name.startsWith('own-') && !loadDetectors()) || (name === 'countries' && !databases.country);

  test('let a good request through', () => {
    expect(fresh().evaluate(requestOf(GOOD))).toMatchObject({ action: 'allow' });
    expect(fresh().evaluate(requestOf(json('{"a":1}')))).toMatchObject({ action: 'allow' });
  });

  test('each have a request that they and no earlier rule refuse', () => {
    expect(own.filter((name) => !(name in WITNESSES))).toEqual([]);
    const ended = own.filter((name) => !unseen(name)).map((name) => ending(fresh(), ...WITNESSES[name]!));

    expect(ended).toEqual(own.filter((name) => !unseen(name)));
  });

  test('let the request before the one too many through', () => {
    for (const name of own.filter((rule) => rule.startsWith('rate-'))) {
      const [request, times = 1] = WITNESSES[name]!;

      expect([name, ending(fresh(), request, times - 1)]).toEqual([name, undefined]);
    }
  });

  test('stand in the order of the table', () => {
    const order: string[] = RULES.map(({ rule }) => rule);
    const place = (name: unknown) =>
      Math.max(
        ...order.map((rule, index) => (name === rule || String(name).startsWith(`${rule}-`) ? index : -1)),
      );
    const places = rules.map(({ Name }) => place(Name));

    expect(places).toEqual([...places].sort((left, right) => left - right));
    expect(rules.map(({ Priority }) => Priority)).toEqual(rules.map((_, index) => index));
  });

  test('have names and metrics of their own', () => {
    const names = rules.map(({ Name }) => Name);
    const metrics = rules.map(
      ({ VisibilityConfig }) => (VisibilityConfig as { MetricName: string }).MetricName,
    );

    expect(new Set(names).size).toBe(names.length);
    expect(new Set(metrics).size).toBe(metrics.length);
    for (const metric of metrics) expect(metric).toMatch(/^[A-Za-z0-9]{1,128}$/);
  });

  test.each([
    ['deny', '203.0.113.1', '2001:db8:dead::1'],
    ['attackers', '203.0.114.1', '2001:db8:a::1'],
    ['threat-feeds', '203.0.115.9', '2001:db8:f::1'],
    ['only-from', '198.51.100.1', '2001:dead::1'],
  ])('refuse by %s in both families', (rule, ipv4, ipv6) => {
    expect(ending(fresh(), { ...GOOD, sourceIp: ipv4 })).toBe(rule);
    expect(ending(fresh(), { ...GOOD, sourceIp: ipv6 })).toBe(rule);
  });

  test('let an exempt caller past the named rule in both families, and past no other', () => {
    for (const sourceIp of ['81.2.69.144', '2001:db8:1::9']) {
      expect(ending(fresh(), { ...GOOD, sourceIp, path: '/prod/../x' })).toBeUndefined();
      expect(ending(fresh(), { ...withHeader('x-user-id'), sourceIp })).toBe('reserved-headers');
    }
  });

  test.each([
    'x-user-id',
    'X-User-Id',
    'x_user_id',
    'X_USER-roles',
    'x-TENANT_id',
    'x-client-id',
    'x-user-scopes',
  ])('refuse the reserved header %s', (name) => {
    expect(ending(fresh(), withHeader(name))).toBe('reserved-headers');
  });

  test.each(['x-user', 'x-user-id-hash', 'my-x-user-id', 'authorization', 'x-request-id'])(
    'take the header %s',
    (name) => {
      expect(ending(fresh(), withHeader(name))).toBeUndefined();
    },
  );

  test('refuse a request with more headers than WAF reads, behind which a reserved one could hide', () => {
    const filler = Array.from({ length: 201 }, (_, index) => [`a-${index}`, '1'] as const);

    expect(ending(fresh(), { ...GOOD, headers: [...filler, ['x-user-id', 'root']] })).toBe(
      'reserved-headers',
    );
  });
});

describe('a keyed rate and its complement', () => {
  const { rules } = built(FULL);
  const scopes = (...names: string[]) =>
    aclOf(
      names.map((Name) => {
        const rule = rules.find((candidate) => candidate['Name'] === Name) as {
          Statement: { RateBasedStatement: { ScopeDownStatement: object } };
        };
        return {
          Name,
          Action: { Count: {} },
          Statement: rule.Statement.RateBasedStatement.ScopeDownStatement,
        };
      }),
    );
  const anyHeaders = fc.array(
    fc.tuple(
      fc.constantFrom('Authorization', 'authorization', 'X-API-Key', 'x-api-key', 'X-Session', 'accept'),
      fc.constantFrom('', 'a', 'b'),
    ),
    { maxLength: 6 },
  );
  const paths = fc.constantFrom('/search', '/prod/search', '/prod/other', '/v1/export', '/%73earch');

  test('count every request once by credential', () => {
    const acl = scopes(
      'rate-per-credential-authorization',
      'rate-per-credential-x-api-key',
      'rate-without-credential',
    );
    fc.assert(
      fc.property(anyHeaders, paths, (headers, path) => {
        expect(acl.evaluate(requestOf({ headers, path })).counted).toHaveLength(1);
      }),
      { numRuns: 1_000 },
    );
  });

  test('count every request to their path once, and no other', () => {
    const acl = scopes('rate-path-1', 'rate-path-1-without');
    fc.assert(
      fc.property(anyHeaders, paths, (headers, path) => {
        const isTarget = /\/(s|%73)earch$/.test(path);
        expect(acl.evaluate(requestOf({ headers, path })).counted).toHaveLength(isTarget ? 1 : 0);
      }),
      { numRuns: 1_000 },
    );
  });

  test('leave nobody out of the floor', () => {
    const floor = rules.find(({ Name }) => Name === EdgeRule.RATE_PER_ADDRESS);

    expect(JSON.stringify(floor)).not.toContain('ScopeDown');
  });
});

describe('rules whose lists are longer than one expression may be', () => {
  const numbers = Array.from({ length: 30 }, (_, index) => index);
  const type = (index: number) => `application/vnd.example.version${index}+json`;
  const acl = () =>
    built({
      mediaTypes: numbers.map(type),
      reservedHeaders: numbers.map((index) => `X-Caller-Property-${index}`),
      loginOperations: numbers.map((index) => ({ path: `/tenants/{tenant}/login${index}`, method: 'POST' })),
    }).fresh();

  test.each(numbers)('hold for each of them: %d', (index) => {
    const fits = json('{}', { headers: [['Content-Type', type(index)]] });

    expect(ending(acl(), fits)).not.toBe('media-type');
    expect(ending(acl(), withHeader(`x_caller_property_${index}`))).toBe('reserved-headers');
    expect(ending(acl(), { ...fits, path: `/tenants/7/login${index}` }, 21)).toBe('rate-login');
  });

  test('hold for no other', () => {
    expect(ending(acl(), json('{}', { headers: [['Content-Type', type(30)]] }))).toBe('media-type');
    expect(ending(acl(), withHeader('x-caller-property-30'))).not.toBe('reserved-headers');
  });
});
