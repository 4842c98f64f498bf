import { BodySize, EdgeRule, InjectionDetection, Rate } from '../../lib';
import type { MethodModel } from '../../lib/local/model/api';
import { Router } from '../../lib/local/pipeline/router';
import fc from '../fixtures/property';
import { requestOf } from '../local/web-acl/acl';
import { built, ending, FULL, GOOD, json, type Request } from './full-web-acl';

describe('the rules of the web ACL', () => {
  const { fresh } = built(FULL);

  test('admit to an operation with a set of its own in both families', () => {
    const admin = (sourceIp: string) => ({ ...GOOD, method: 'DELETE', path: '/prod/admin/1', sourceIp });

    expect(ending(fresh(), admin('81.2.69.1'))).toBeUndefined();
    expect(ending(fresh(), admin('2001:db8:ff1::1'))).toBeUndefined();
    expect(ending(fresh(), admin('81.2.70.1'))).toBe('operation-only-from-office');
    expect(ending(fresh(), admin('2001:db8:ff2::1'))).toBe('operation-only-from-office');
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
    ['query, behind a semicolon', { ...GOOD, rawQuery: 'a=1;$where=sleep(1)' }],
    ['body', json('{"user":{"$ne":null}}')],
    ['body, escaped', json('{"user":{"\\u0024regex":".*"}}')],
    ['body, in capitals within', json('{"list":{"$elemMatch":{}}}')],
    ['query, in capitals within', { ...GOOD, rawQuery: 'user[$jsonSchema]=x' }],
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
