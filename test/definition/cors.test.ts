import { codesOf, compiled, findingsOf, minimalDocument } from './minimal-document';

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
    ['a directive of the template language', ['https://app.example.com")#end']],
  ])('fails with %s', (_, origins) => {
    expect(codesOf(document({ origins }))).toEqual(['CORS_ORIGIN']);
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
