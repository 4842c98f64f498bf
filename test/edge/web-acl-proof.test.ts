import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { BodySize, Countries, EdgeRule, InjectionDetection, Rate, WebAcl, type WebAclProps } from '../../lib';
import { RULES } from '../../lib/edge/rule-table';
import type { MethodModel } from '../../lib/local/model/api';
import { Router } from '../../lib/local/pipeline/router';
import type { LocalWebAcl } from '../../lib/local/web-acl';
import { loadDetectors } from '../../lib/local/web-acl/injection';
import fc from '../fixtures/property';
import { aclOf, aclOfTemplate, type Rule, requestOf, STAGE_ARN } from '../local/web-acl/acl';

const geo = join(__dirname, '../../../shared/geo/GeoIP2-Country-Test.mmdb');
const databases = existsSync(geo) ? { country: geo } : {};

/** An address in Great Britain and one in Sweden, by the database of tests. */
const BRITAIN = '81.2.69.142';
const SWEDEN = '89.160.20.112';

/** A web ACL with every rule of ours. */
const FULL: WebAclProps = {
  threatFeeds: [],
  deny: ['203.0.113.0/24', '2001:db8:dead::/48'],
  onlyFrom: ['81.0.0.0/8', '89.0.0.0/8', '203.0.113.0/24', '203.0.114.0/23', '2001:db8::/32'],
  networks: { office: ['81.2.69.0/24', '2001:db8:0ff1::/48'] },
  exempt: [{ networks: ['81.2.69.144', '2001:db8:1::/48'], rules: [EdgeRule.TRAVERSAL] }],
  countries: Countries.allBut('SE'),
  injection: InjectionDetection.OWN,
  rates: [
    Rate.perAddress(60, Duration.minutes(5)),
    Rate.perCredential(40, Duration.minutes(5)),
    Rate.withoutCredential(30, Duration.minutes(5)),
    Rate.ceiling(500),
    Rate.onPath('/search', 15, Duration.minutes(5), { byHeader: 'x-session' }),
    Rate.onPath('/export', 12),
  ],
  pathPrefixes: ['/prod', '/v1'],
  mediaTypes: ['application/json', 'application/xml'],
  bodySizes: [
    { path: '/files', method: 'POST', size: BodySize.KB_32 },
    { path: '/films/{id}', method: 'PUT', size: BodySize.KB_64 },
  ],
  uninspected: [{ path: '/raw/{rest+}', method: 'POST' }],
  loginOperations: [{ path: '/login', method: 'POST' }],
  restrictions: [{ path: '/admin/{id}', method: 'DELETE', networks: 'office' }],
};

function built(props: WebAclProps) {
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Stack', {
    env: { region: 'eu-west-1', account: '123456789012' },
  });
  const { webAclArn } = new WebAcl(stack, 'Acl', props);
  new CfnWebACLAssociation(stack, 'Association', { webAclArn, resourceArn: STAGE_ARN });
  const template = Template.fromStack(stack).toJSON();
  const [resource] = Object.values(Template.fromStack(stack).findResources('AWS::WAFv2::WebACL'));
  // what the function would have written
  for (const [id, { Type, Properties }] of Object.entries<{
    Type: string;
    Properties: { Addresses: string[] };
  }>(template['Resources'])) {
    if (Type !== 'AWS::WAFv2::IPSet') continue;
    if (id.includes('ThreatFeedsAttackersIPv4')) Properties.Addresses = ['203.0.114.1/32'];
    if (id.includes('ThreatFeedsAttackersIPv6')) Properties.Addresses = ['2001:db8:a::/48'];
    if (/ThreatFeeds(Feeds)?IPv4/.test(id)) Properties.Addresses = ['203.0.115.0/24'];
    if (/ThreatFeeds(Feeds)?IPv6/.test(id)) Properties.Addresses = ['2001:db8:f::/48'];
  }
  const rules: Rule[] = resource?.['Properties'].Rules;

  return { rules, fresh: () => aclOfTemplate({ Resources: template['Resources'] }, { databases }) };
}

type Request = Parameters<typeof requestOf>[0];

const GOOD: Request = {
  sourceIp: BRITAIN,
  headers: [
    ['User-Agent', 'test'],
    ['Authorization', 'Bearer x'],
  ],
};
const json = (body: string | Buffer, more: Request = {}): Request => ({
  ...GOOD,
  method: 'POST',
  headers: [...(GOOD.headers ?? []), ['Content-Type', 'application/json']],
  body,
  ...more,
});
const withHeader = (name: string, value = 'x'): Request => ({
  ...GOOD,
  headers: [...(GOOD.headers ?? []), [name, value]],
});

/** The rule that ends the last of `times` equal requests to a web ACL nobody has asked yet. */
function ending(
  acl: LocalWebAcl,
  request: Request | ((index: number) => Request),
  times = 1,
): string | undefined {
  const of = typeof request === 'function' ? request : () => request;
  for (let index = 0; index < times - 1; index += 1) acl.evaluate(requestOf(of(index)));

  return acl.evaluate(requestOf(of(times - 1))).rule;
}

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
    'media-type': [json('x', { headers: [['Content-Type', 'text/plain']] })],
    'body-size-16': [json('x'.repeat(16_385))],
    'body-size-32': [json('x'.repeat(32_769), { path: '/prod/files' })],
    'body-size-64': [json('x'.repeat(65_537), { path: '/prod/films/1', method: 'PUT' })],
    'xml-entities': [json('<?xml?><!DOCTYPE a>', { headers: [['content-type', 'application/xml']] })],
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

  test('admit to an operation with a set of its own in both families', () => {
    const admin = (sourceIp: string) => ({ ...GOOD, method: 'DELETE', path: '/prod/admin/1', sourceIp });

    expect(ending(fresh(), admin('81.2.69.1'))).toBeUndefined();
    expect(ending(fresh(), admin('2001:db8:ff1::1'))).toBeUndefined();
    expect(ending(fresh(), admin('81.2.70.1'))).toBe('operation-only-from-office');
    expect(ending(fresh(), admin('2001:db8:ff2::1'))).toBe('operation-only-from-office');
  });

  test('let an exempt caller past the named rule in both families, and past no other', () => {
    for (const sourceIp of ['81.2.69.144', '2001:db8:1::9']) {
      expect(ending(fresh(), { ...GOOD, sourceIp, path: '/prod/../x' })).toBeUndefined();
      expect(ending(fresh(), { ...withHeader('x-user-id'), sourceIp })).toBe('reserved-headers');
    }
  });

  test.each([
    '/admin/1',
    '/prod/admin/1',
    '/v1/admin/1/',
    '/prod/%61dmin/1',
    '/prod/admin/a%2Fb',
    '/prod/%61dmin/a%2Fb',
    '/prod/%61dmin/%2e',
    '/prod/%61dmin/.',
    '/prod/%61dmin/%0a',
    '//admin/1',
    '/prod/./admin/1',
  ])('guard an operation reached by %s', (path) => {
    expect(ending(fresh(), { ...GOOD, method: 'DELETE', path, sourceIp: '81.9.9.9' })).toBe(
      'operation-only-from-office',
    );
  });

  test('guard an operation by every path that leads to it', () => {
    const paths = ['/admin', '/admin/{id}', '/files/{rest+}', '/a/{x}/b/{y}', '/c++/{z}'];
    const router = new Router(
      paths.map((resourcePath) => ({ httpMethod: 'GET', resourcePath }) as unknown as MethodModel),
    );
    const { fresh: guarded } = built({
      managedRules: [],
      networks: { office: ['81.2.69.0/24'] },
      pathPrefixes: ['/prod'],
      rates: [Rate.perAddress(1_000_000), Rate.withoutCredential(1_000_000), Rate.ceiling(1_000_000)],
      restrictions: paths.map((path) => ({ path, method: 'GET', networks: 'office' })),
      count: [EdgeRule.TRAVERSAL],
    });
    const acl = guarded();
    const value = fc.constantFrom(
      'x',
      'a/b',
      '.',
      '..',
      '/',
      'x/',
      '../x',
      'a+b',
      '\n',
      'a\nb',
      '\0',
      'é',
      '%41',
      '?',
    );
    const request = fc.record({
      path: fc.constantFrom(...paths),
      values: fc.array(value, { minLength: 2, maxLength: 2 }),
      encoded: fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
      slashes: fc.constantFrom('', '/', '//'),
    });
    let led = 0;

    fc.assert(
      fc.property(request, ({ path, values, encoded, slashes }) => {
        const code = (byte: number, index: number) =>
          encoded[index % 40] || !/[\w.+]/.test(String.fromCharCode(byte))
            ? `%${byte.toString(16).padStart(2, '0')}`
            : String.fromCharCode(byte);
        const spell = (text: string) => [...Buffer.from(text)].map(code).join('');
        const segments = path.split('/').slice(1);
        const sent = segments
          .map((segment, index) => `/${spell(segment.startsWith('{') ? (values[index % 2] ?? '') : segment)}`)
          .join('');
        if (!router.match('GET', sent + slashes)) return;
        led += 1;

        expect(ending(acl, { ...GOOD, path: `/prod${sent}${slashes}`, sourceIp: '81.9.9.9' })).toBe(
          'operation-only-from-office',
        );
      }),
      { numRuns: 2_000 },
    );
    expect(led).toBeGreaterThan(1_000);
  });

  test.each(['/admin', '/prod/admin/1/x', '/prod/%61dmin/1/x', '/administration/1'])(
    'leave %s alone',
    (path) => {
      expect(ending(fresh(), { ...GOOD, method: 'DELETE', path, sourceIp: '81.9.9.9' })).toBeUndefined();
    },
  );

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

describe('bodies', () => {
  const { fresh } = built({ ...FULL, exempt: [], injection: InjectionDetection.MANAGED, rates: [] });
  const KILOBYTE = 1024;
  const CASES = [
    { method: 'POST', path: '/prod/orders', most: 16 },
    { method: 'POST', path: '/v1/files', most: 32 },
    { method: 'GET', path: '/prod/files', most: 16 },
    { method: 'PUT', path: '/films/7', most: 64 },
    { method: 'PUT', path: '/films/7/8', most: 16 },
    { method: 'POST', path: '/prod/raw/a/b', most: Number.POSITIVE_INFINITY },
  ];

  test('are refused beyond the class of their operation and no sooner', () => {
    const acl = fresh();
    fc.assert(
      fc.property(
        fc.constantFrom(...CASES),
        fc.constantFrom(16, 32, 64, 100),
        fc.constantFrom(-1, 0, 1),
        (target, kilobytes, more) => {
          const bytes = kilobytes * KILOBYTE + more;
          const { response } = acl.evaluate(requestOf(json(Buffer.alloc(bytes, 32), target)));

          expect([target.path, bytes, response?.status]).toEqual([
            target.path,
            bytes,
            bytes > target.most * KILOBYTE ? 413 : undefined,
          ]);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('are held to what the operation takes that API Gateway leads them to, and not to another its path reads as', () => {
    const sizes = {
      '/files/{name}': 100,
      '/files/index': 16,
      '/files/{name}/parts': 64,
      '/files/index/{part}': 32,
      '/files/index/last': 100,
      '/tree/{rest+}': 64,
      '/tree/{leaf}': 16,
      '/{service}/{action}': 100,
      '/login': 16,
    };
    const operations = Object.entries(sizes).map(([path, size]) => ({ path, size, method: 'PUT' }));
    const router = new Router(
      operations.map(({ path }) => ({ httpMethod: 'PUT', resourcePath: path }) as unknown as MethodModel),
    );
    const acl = built({
      managedRules: [],
      rates: [Rate.perAddress(1_000_000), Rate.perCredential(1_000_000), Rate.ceiling(1_000_000)],
      pathPrefixes: ['/prod'],
      bodySizes: operations.filter(({ size }) => size <= BodySize.KB_64),
      uninspected: operations.filter(({ size }) => size > BodySize.KB_64),
    }).fresh();
    const segment = fc.constantFrom(
      'files',
      'index',
      'parts',
      'last',
      'tree',
      'login',
      'x',
      '%69ndex',
      'l%6Fgin',
    );
    const paths = new Set<string>();

    fc.assert(
      fc.property(
        fc.array(segment, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(16, 32, 64),
        (segments, kilobytes) => {
          const path = `/${segments.join('/')}`;
          const taken: string | undefined = router.match('PUT', path)?.method.resourcePath;
          const size = operations.find((operation) => operation.path === taken)?.size;
          if (size === undefined || (path.includes('%') && size > 16)) return;
          paths.add(path);
          const body = Buffer.alloc(kilobytes * KILOBYTE + 1, 32);
          const { response } = acl.evaluate(requestOf(json(body, { method: 'PUT', path: `/prod${path}` })));

          expect([path, kilobytes, response?.status]).toEqual([
            path,
            kilobytes,
            kilobytes < size ? undefined : 413,
          ]);
        },
      ),
      { numRuns: 2_000 },
    );
    expect(paths.size).toBeGreaterThan(50);
  });

  test.each([
    ['application/json', undefined],
    ['Application/JSON; charset=utf-8', undefined],
    ['application/jsonp', 415],
    ['text/plain', 415],
    ['x application/json', 415],
    [undefined, 415],
  ])('of type %s are answered by %s', (type, status) => {
    const headers = type === undefined ? [] : [['content-type', type] as const];

    expect(fresh().evaluate(requestOf(json('{}', { headers }))).response?.status).toBe(status);
  });

  test('come to operations that take one only', () => {
    const to = (bodies: WebAclProps['bodies'], request: Request) =>
      ending(built({ bodies, pathPrefixes: ['/prod'] }).fresh(), request);
    const files = [{ method: 'POST', path: '/files/{id}' }];

    expect(to(files, json('{}', { path: '/prod/files/1' }))).toBeUndefined();
    expect(to(files, json('{}', { path: '/prod/files' }))).toBe('media-type');
    expect(to(files, json('{}', { path: '/prod/files/1', method: 'PUT' }))).toBe('media-type');
    expect(to(files, { ...GOOD, path: '/prod/other' })).toBeUndefined();
    expect(to([], json('{}', { path: '/prod/files/1' }))).toBe('media-type');
    expect(to(undefined, json('{}', { path: '/prod/other' }))).toBeUndefined();
  });

  test('that are absent need no type', () => {
    expect(fresh().evaluate(requestOf(GOOD)).action).toBe('allow');
  });

  test.each([
    ['UTF-8', Buffer.from('<!doctype x [<!ENTITY a "b">]>')],
    ['UTF-16', Buffer.from('<!DOCTYPE x>', 'utf16le')],
    ['an entity alone', Buffer.from('<!entity a SYSTEM "file:///etc/passwd">')],
  ])('of XML define no document type or entity: %s', (_, body) => {
    expect(ending(fresh(), json(body, { headers: [['content-type', 'application/xml']] }))).toBe(
      'xml-entities',
    );
  });
});

describe('attacks', () => {
  const { fresh } = built({ ...FULL, rates: [] });

  test.each<[string, Request]>([
    ['path', { ...GOOD, path: '/prod/../etc/passwd' }],
    ['path, encoded', { ...GOOD, path: '/prod/%2e%2e/etc' }],
    ['path, encoded twice', { ...GOOD, path: '/prod/%252e%252e%255cetc' }],
    ['path, at its end', { ...GOOD, path: '/prod/..' }],
    ['query', { ...GOOD, rawQuery: 'file=../../etc/passwd' }],
    ['query, encoded', { ...GOOD, rawQuery: 'file=%2e%2e%2fetc' }],
  ])('by going up in the %s are refused', (_, request) => {
    expect(ending(fresh(), request)).toBe('traversal');
  });

  test.each<[string, Request]>([
    ['query', { ...GOOD, rawQuery: 'user[$ne]=x' }],
    ['query, encoded', { ...GOOD, rawQuery: 'user%5B%24gt%5D=' }],
    ['query, by itself', { ...GOOD, rawQuery: 'a=1&$where=sleep(1)' }],
    ['body', json('{"user":{"$ne":null}}')],
    ['body, escaped', json('{"user":{"\\u0024regex":".*"}}')],
    ['body that is no JSON', json('{"user":{"$where":')],
  ])('by an operator in the %s are refused', (_, request) => {
    expect(ending(fresh(), request)).toBe('nosql-operators');
  });

  test.each<[string, Request]>([
    ['prices', { ...GOOD, rawQuery: 'price=$5&currency=$' }],
    ['dots', { ...GOOD, path: '/prod/files/a..b/v1...2', rawQuery: 'range=1..5' }],
    ['a value that names an operator', json('{"note":"use $where with care"}')],
  ])('are not seen in %s', (_, request) => {
    expect(ending(fresh(), request)).toBeUndefined();
  });
});
