import { compile, type GatewayOperation, OpenApiDocument } from '../../lib/definition';
import { GatewayConfigurationError } from '../../lib/errors';
import { compiled, minimalDocument, problemsOf } from './minimal-document';
import { describeEachReal, describeOnReal, madeReady, published } from './real-documents';

describe('compile', () => {
  test('tells all faults of all kinds at once, in the order of the document, each with its place', () => {
    const document = OpenApiDocument.fromString(
      [
        'openapi: 3.1.0',
        "info: { title: T, version: '1' }",
        'x-gateway: { backends: orders }',
        'paths:',
        '  /a#b: { get: { operationId: a, security: [{ jvt: [] }] } }',
        '  /c: { get: { operationId: a, x-gateway: { backend: orderz } } }',
        '  /d: { $ref: "missing.yaml" }',
        'components:',
        '  securitySchemes:',
        '    jwt: { type: http, scheme: bearer }',
        '    old: { type: apiKey, in: query, name: k }',
      ].join('\n'),
      { path: 'api.yaml' },
    );

    const faults = () => compile(document, { authentication: ['jwt'], backends: ['orders'] });

    expect(problemsAt(faults)).toEqual([
      'api.yaml:3:24 UNKNOWN_EXTENSION_KEY',
      'api.yaml:5:9 PATH_NOT_IMPORTABLE',
      'api.yaml:5:52 UNKNOWN_SCHEME',
      'api.yaml:6:14 NO_SECURITY',
      'api.yaml:6:29 DUPLICATE_OPERATION_ID',
      'api.yaml:6:54 UNKNOWN_BACKEND',
      'api.yaml:7:7 FILE_UNREADABLE',
      'api.yaml:11:10 UNSUPPORTED_SCHEME',
    ]);
  });

  test.each([
    ['before', ['/a', '/orders'], '/orders'],
    ['after', ['/orders', '/z'], '/z'],
  ])('fails where an operationId is the id of an operation without one %s it', (_, paths, at) => {
    const backends = ['orders'];
    const operationOf = (path: string) =>
      path === '/orders'
        ? { get: { security: [{ jwt: [] }], responses: { 200: { description: 'ok' } } } }
        : {
            put: {
              operationId: 'GET /orders',
              security: [{ jwt: [] }],
              responses: { 200: { description: 'ok' } },
            },
          };
    const document = OpenApiDocument.fromString(
      JSON.stringify({
        ...minimalDocument(),
        'x-gateway': { backend: 'orders' },
        paths: Object.fromEntries(paths.map((path) => [path, operationOf(path)])),
      }),
      { path: 'a.json' },
    );

    // an identity for the one would be an identity for the other
    expect(() => compile(document, { authentication: ['jwt'], backends })).toThrow(
      new RegExp(`(GET|PUT) ${at} has the operationId "GET /orders" of the operation at`),
    );
  });

  test('may be repeated with the same document', () => {
    const document = OpenApiDocument.fromString(JSON.stringify(minimalDocument()), { path: 'a.json' });
    const options = { authentication: ['jwt'], backends: ['orders'] };

    expect(compile(document, options)).toEqual(compile(document, options));
  });

  test('fails with a document that is not OpenAPI, or of another version', () => {
    for (const document of [
      '[]',
      '"x"',
      '{}',
      '{"swagger":"2.0"}',
      '{"openapi":"3.2.0"}',
      '{"openapi":3.1}',
    ]) {
      expect(problemsOf(() => compiled(document))).toContainEqual(expect.stringMatching(/^NOT_OPENAPI /));
    }
  });

  test('falls back to no backend when there are two to choose from', () => {
    expect(problemsOf(() => compiled(minimalDocument(), { backends: ['orders', 'users'] }))).toContainEqual(
      expect.stringMatching(/^NO_BACKEND GET \/orders names no backend, and there are 2/),
    );
  });

  test('names no backend superfluous while operations name none', () => {
    expect(
      problemsOf(() => compiled(minimalDocument(), { backends: ['orders', 'users'] })).join('\n'),
    ).not.toContain('UNUSED_BACKEND');
  });

  test('says once what many operations inherit from one place', () => {
    const document = minimalDocument({
      paths: { '/a': { get: {}, put: {} }, '/b': { get: {} } },
      'x-gateway': { backend: 'ordes' },
    });

    expect(problemsOf(() => compiled(document, { backends: ['orders'] }))).toEqual([
      expect.stringMatching(/^UNUSED_BACKEND /),
      expect.stringMatching(/^UNKNOWN_BACKEND there is no backend "ordes" \(did you mean "orders"\?\)/),
    ]);
  });

  test.each(['/files/{id}#link', '/files/{id}/thumbnail.{extension}'])(
    'does not call the parameters of %s unknown, which cannot be imported',
    (path) => {
      const parameters = ['id', 'extension']
        .filter((name) => path.includes(`{${name}}`))
        .map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
      const document = minimalDocument({ paths: { [path]: { get: { parameters } } } });

      expect(problemsOf(() => compiled(document))).toEqual([expect.stringMatching(/^PATH_NOT_IMPORTABLE /)]);
    },
  );

  test('fails with a backend nothing uses', () => {
    const document = minimalDocument({ 'x-gateway': { backend: 'orders' } });

    expect(problemsOf(() => compiled(document, { backends: ['orders', 'users'] }))).toEqual([
      expect.stringMatching(/^UNUSED_BACKEND 'backends' has "users"/),
    ]);
  });

  test('copies nothing of the document but names', () => {
    const document = minimalDocument({
      info: { title: 'T', version: '1', description: 'SECRET', 'x-note': 'SECRET' },
      servers: [{ url: 'https://SECRET.example.com' }],
      tags: [{ name: 'SECRET' }],
      paths: {
        '/orders': {
          summary: 'SECRET',
          get: {
            description: 'SECRET',
            'x-amazon-apigateway-integration': { uri: 'SECRET' },
            'x-amazon-apigateway-auth': { type: 'SECRET' },
            responses: {
              200: { description: 'SECRET', content: { 'application/json': { example: 'SECRET' } } },
            },
          },
        },
      },
      'x-amazon-apigateway-policy': 'SECRET',
    });

    expect(JSON.stringify(compiled(document).body)).not.toContain('SECRET');
  });
});

describeEachReal('compile of $name', ({ name, scheme }) => {
  const options = { authentication: [scheme], backends: ['service'] };
  const ready = () =>
    compile(OpenApiDocument.fromString(JSON.stringify(madeReady(name)), { path: name }), options);

  test('succeeds once made ready, with every operation guarded', () => {
    const { body, policy } = ready();
    const operations = Object.entries(body.paths).flatMap(([path, item]) =>
      Object.entries<GatewayOperation>(item).map(([method, operation]) => ({ path, method, operation })),
    );

    expect(Object.keys(policy.operations)).toEqual(
      operations.map(({ path, method }) => `${method.toUpperCase()} ${path}`),
    );
    for (const { operation } of operations) {
      expect(operation['security']).toEqual([{ authorizer: [] }, { plan: [] }]);
    }
  });

  test('stays far below the largest template', () => {
    expect(JSON.stringify(ready().body).length).toBeLessThan(700_000);
  });
});

describeOnReal('compile of Box as published', () => {
  test('names the 20 paths API Gateway cannot have, all with their lines', () => {
    const document = OpenApiDocument.fromString(published('box-3.0.json'), { path: 'box-3.0.json' });
    const problems = problemsAt(() =>
      compile(document, { authentication: ['OAuth2Security'], backends: ['box'] }),
    );
    const paths = problems.filter((problem) => problem.endsWith('PATH_NOT_IMPORTABLE'));

    expect(paths).toHaveLength(20);
    expect(paths[0]).toBe('box-3.0.json:184:30 PATH_NOT_IMPORTABLE');
  });
});

function problemsAt(run: () => unknown): string[] {
  try {
    run();
  } catch (error) {
    if (error instanceof GatewayConfigurationError)
      return error.problems.map(({ at, code }) => `${at} ${code}`);
    throw error;
  }
  return [];
}
