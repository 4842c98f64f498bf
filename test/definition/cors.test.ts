import { codesOf, compiled, findingsOf, minimalDocument, problemsOf } from './minimal-document';

const A = 'https://a.example.com';
const B = 'https://b.example.com:8443';

const document = (cors: unknown, paths: object = { '/orders': { get: {}, post: {} } }) =>
  minimalDocument({ 'x-gateway': { cors }, paths });
const preflightOf = (cors: unknown) => compiled(document(cors)).body.paths['/orders']?.['options'];
const refusalsOf = (cors: unknown) =>
  JSON.stringify(compiled(document(cors)).body['x-amazon-apigateway-gateway-responses']);

describe('cors', () => {
  test('answers preflights by the gateway itself, without authorizer, plan or backend', () => {
    const preflight = preflightOf({ origins: [A] });

    expect(preflight).not.toHaveProperty('security');
    expect(preflight?.['x-amazon-apigateway-integration']).toMatchObject({ type: 'mock' });
    expect(compiled(document({ origins: [A] })).policy.operations).not.toHaveProperty('OPTIONS /orders');
  });

  test('names the methods of the path and the headers its operations take', () => {
    const parameters = [{ name: 'X-Trace', in: 'header', schema: { type: 'string', maxLength: 9 } }];
    const { body } = compiled(
      document({ origins: [A], headers: ['X-Extra'] }, { '/orders': { get: { parameters }, post: {} } }),
    );

    expect(body.paths['/orders']?.['options']).toMatchObject({
      'x-amazon-apigateway-integration': {
        responses: {
          default: {
            statusCode: '204',
            responseParameters: {
              'method.response.header.Access-Control-Allow-Methods': "'GET,POST'",
              'method.response.header.Access-Control-Allow-Headers':
                "'authorization,content-type,x-extra,x-trace'",
              'method.response.header.Access-Control-Allow-Origin': `'${A}'`,
              'method.response.header.Vary': "'Origin'",
            },
          },
        },
      },
    });
  });

  test('compares several origins one by one and sends back only what is written here', () => {
    const text = JSON.stringify(preflightOf({ origins: [A, B] }));

    expect(text).toContain(`#if($origin == \\"${A}\\")`);
    expect(text).toContain(`#elseif($origin == \\"${B}\\")`);
    expect(text).not.toMatch(/Allow-Origin = \$/);
    expect(text).not.toContain('method.response.header.Access-Control-Allow-Origin');
  });

  test('lets refusals carry the only origin, and none of several', () => {
    expect(refusalsOf({ origins: [A] })).toContain(
      `"gatewayresponse.header.Access-Control-Allow-Origin":"'${A}'"`,
    );
    expect(refusalsOf({ origins: [A, B] })).not.toContain('Access-Control');
    expect(refusalsOf(null)).not.toContain('Access-Control');
  });

  test('allows credentials only where that is said', () => {
    expect(JSON.stringify(preflightOf({ origins: [A] }))).not.toContain('Allow-Credentials');
    expect(JSON.stringify(preflightOf({ origins: [A], credentials: true }))).toContain('Allow-Credentials');
  });

  test('lets refusals allow credentials only where every path does, since they are the same for all', () => {
    const path = (credentials: boolean) => ({
      'x-gateway': { cors: { origins: [A], credentials } },
      get: {},
    });
    const refusals = (...all: boolean[]) => {
      const paths = Object.fromEntries(all.map((credentials, index) => [`/p${index}`, path(credentials)]));
      return JSON.stringify(
        compiled(minimalDocument({ paths })).body['x-amazon-apigateway-gateway-responses'],
      );
    };

    expect(refusals(true, true)).toContain('Allow-Credentials');
    expect(refusals(true, false)).not.toContain('Allow-Credentials');
    expect(refusals(false)).not.toContain('Allow-Credentials');
  });

  test('tells which headers the service must send, no more and no fewer', () => {
    const remedyOf = (cors: object) =>
      compiled(document({ origins: [A], ...cors })).findings.find(({ code }) => code === 'CORS_BACKEND')
        ?.remedy;

    expect(remedyOf({})).toContain("'Access-Control-Allow-Origin', 'Vary: Origin' for");
    expect(remedyOf({ credentials: true })).toContain("'Access-Control-Allow-Credentials: true', 'Vary");
    expect(remedyOf({ exposeHeaders: ['X-Page'] })).toContain(
      "'Access-Control-Expose-Headers: X-Page', 'Vary",
    );
  });

  test('corrects an origin only to one that a browser sends', () => {
    const problemOf = (origin: string) => problemsOf(() => compiled(document({ origins: [origin] }))).join();

    expect(problemOf(`${A}/`)).toContain(`did you mean "${A}"`);
    for (const origin of ['ftp://a.example.com/', 'mailto:a@example.com', 'a', 'http://a.example.com/']) {
      expect(problemOf(origin)).toContain('CORS_ORIGIN');
      expect(problemOf(origin)).not.toContain('did you mean');
    }
    expect(problemOf('https://*.example.com')).toContain('a wildcard lets any page');
    expect(problemOf('ftp://a.example.com')).not.toContain('wildcard');
  });

  test('comes from the props where the document is silent, and can be taken back', () => {
    const cors = { origins: [A], headers: [], exposeHeaders: [], credentials: false, maxAgeSeconds: 600 };
    const paths = { '/a': { get: {} }, '/b': { 'x-gateway': { cors: null }, get: {} } };
    const { body } = compiled(minimalDocument({ paths }), { cors });

    expect(body.paths['/a']).toHaveProperty('options');
    expect(body.paths['/b']).not.toHaveProperty('options');
  });

  test('says that the service must send the header itself', () => {
    expect(findingsOf(document({ origins: [A] })).filter((code) => code === 'CORS_BACKEND')).toHaveLength(1);
  });

  test.each<[string, unknown]>([
    ['a wildcard', ['*']],
    ['a wildcard of hosts', ['https://*.example.com']],
    ['no origin', []],
    ['null', ['null']],
    ['plain http', ['http://app.example.com']],
    ['a path', ['https://app.example.com/']],
    ['a quote', ["https://app.example.com'"]],
    ['the default port', ['https://app.example.com:443']],
    ['a port there is not', ['https://app.example.com:99999']],
    ['upper case', ['https://App.example.com']],
    ['a host that is none', ['https://..']],
    ['user information', ['https://user@app.example.com']],
    ['an address of the file system', ['file:///']],
    ['a browser extension', ['chrome-extension://abc']],
    ['two origins in one', ['https://a.example.com https://b.example.com']],
    ['a line break', ['https://a.example.com\n']],
    ['plain http on a name like localhost', ['http://localhost.example.com']],
    ['a directive of the template language', ['https://app.example.com")#end']],
  ])('fails with %s', (_, origins) => {
    expect(codesOf(document({ origins }))).toEqual(['CORS_ORIGIN']);
  });

  test('says what a browser would send', () => {
    expect(problemsOf(() => compiled(document({ origins: ['https://App.example.com:443/x'] })))).toEqual([
      'CORS_ORIGIN \'cors\' admits "https://App.example.com:443/x", which is no origin of https (did you mean "https://app.example.com"?)',
    ]);
  });

  test('leaves out of a preflight the operation that takes the rule back', () => {
    const paths = {
      '/orders': {
        get: {},
        post: {
          'x-gateway': { cors: null },
          parameters: [{ name: 'X-Admin', in: 'header', schema: { type: 'boolean' } }],
        },
      },
    };
    const text = JSON.stringify(
      compiled(document({ origins: [A] }, paths)).body.paths['/orders']?.['options'],
    );

    expect(text).toContain(`Allow-Methods":"'GET'"`);
    expect(text).not.toContain('x-admin');
  });

  test('fails where two paths that are one in the gateway differ', () => {
    const paths = {
      '/orders/{id}': { 'x-gateway': { cors: { origins: [A] } }, get: {} },
      '/orders/{number}': { 'x-gateway': { cors: { origins: [B] } }, post: {} },
    };

    expect(codesOf(minimalDocument({ paths }))).toEqual(['CORS_LEVEL']);
  });

  test('lets pages read when to come again, and what else the rule says, of refusals', () => {
    const refusals = refusalsOf({ origins: [A], exposeHeaders: ['X-Page'], credentials: true });

    expect(refusals).toContain(
      `"gatewayresponse.header.Access-Control-Expose-Headers":"'Retry-After,X-Page'"`,
    );
    expect(refusals).toContain(`"gatewayresponse.header.Access-Control-Allow-Credentials":"'true'"`);
  });

  test('may name a machine of a developer', () => {
    expect(codesOf(document({ origins: ['http://localhost:3000'] }))).toEqual([]);
  });

  test('fails on an operation, beside an OPTIONS operation, and with a wildcard of headers', () => {
    const get = { 'x-gateway': { cors: { origins: [A] } } };

    expect(codesOf(minimalDocument({ paths: { '/orders': { get } } }))).toEqual(['CORS_LEVEL']);
    expect(codesOf(document({ origins: [A] }, { '/orders': { get: {}, options: {} } }))).toEqual([
      'CORS_OPTIONS',
    ]);
    expect(codesOf(document({ origins: [A], headers: ['*'] }))).toEqual(['CORS_HEADER']);
  });

  test('leaves a declared OPTIONS operation to the service where there is no rule', () => {
    const { body } = compiled(minimalDocument({ paths: { '/orders': { options: {} } } }));

    expect(body.paths['/orders']?.['options']).toMatchObject({
      security: [{ authorizer: [] }, { plan: [] }],
    });
  });
});
