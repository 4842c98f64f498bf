import { codesOf, compiled, findingsOf, minimalDocument, problemsOf } from './minimal-document';

const operation = (get: unknown) => minimalDocument({ paths: { '/orders': { get } } });
const parameters = (list: unknown) => operation({ parameters: list });

describe('checkStructure', () => {
  test.each<[string, unknown, string]>([
    [
      'a version without quotes',
      { ...minimalDocument(), info: { title: 'T', version: 1 } },
      '"version" is 1',
    ],
    ['no info', { ...minimalDocument(), info: undefined }, '"info" is missing'],
    ['no paths', { ...minimalDocument(), paths: undefined }, '"paths" is missing'],
    ['paths that are a list', minimalDocument({ paths: [] }), '"paths" is []'],
    ['an operation that is text', operation('x'), '"get" is "x"'],
    ['an operationId that is a number', operation({ operationId: 7 }), '"operationId" is 7'],
    ['parameters that are an object', parameters({}), '"parameters" is {}'],
    ['a parameter that is text', parameters(['id']), '"0" is "id"'],
    ['a parameter without a name', parameters([{ in: 'query' }]), '"name" is missing'],
    ['a parameter in the body', parameters([{ name: 'a', in: 'body' }]), '"in" is "body"'],
    ['required as text', parameters([{ name: 'a', in: 'query', required: 'true' }]), '"required" is "true"'],
    [
      'a schema that is text',
      parameters([{ name: 'a', in: 'query', schema: 'string' }]),
      '"schema" is "string"',
    ],
    ['a body without content', operation({ requestBody: {} }), '"content" is missing'],
    ['components that are a list', minimalDocument({ components: [] }), '"components" is []'],
    [
      'a scheme without a type',
      minimalDocument({ components: { securitySchemes: { jwt: {} } } }),
      '"type" is missing',
    ],
  ])('fails with %s, in the words of the document', (_, document, message) => {
    expect(problemsOf(() => compiled(document))).toContainEqual(
      expect.stringContaining(`MALFORMED ${message}`),
    );
  });

  test.each<[string, Record<string, unknown>]>([
    ['an operation', { get: { $ref: '#/x-shared' } }],
    ['a media type', { post: { requestBody: { content: { 'application/json': { $ref: '#/x-shared' } } } } }],
  ])('fails with a reference in place of %s, which would be dropped', (_, pathItem) => {
    const document = minimalDocument({
      paths: { '/orders': pathItem },
      'x-shared': { security: [{ jwt: ['admin'] }], schema: {} },
    });

    expect(problemsOf(() => compiled(document))).toEqual([
      expect.stringContaining("MALFORMED OpenAPI has no '$ref' here"),
    ]);
  });

  test.each(['get', 'parameters', 'security', 'x-gateway'])(
    'fails with %s beside a reference to a path, which would be dropped',
    (field) => {
      const beside = {
        get: {},
        parameters: [],
        security: [{ jwt: ['admin'] }],
        'x-gateway': { roles: ['admin'] },
      }[field];
      const document = minimalDocument({
        paths: { '/orders': { $ref: '#/x-shared', description: 'Orders', [field]: beside } },
        'x-shared': { get: {} },
      });

      expect(problemsOf(() => compiled(document))).toEqual([
        expect.stringContaining(`MALFORMED "${field}" beside '$ref' would be dropped`),
      ]);
    },
  );

  test('accepts true as a schema in 3.1 only', () => {
    const document = parameters([{ name: 'a', in: 'query', schema: true }]);

    expect(codesOf(document)).toEqual([]);
    expect(codesOf({ ...document, openapi: '3.0.3' })).toEqual(['MALFORMED']);
  });

  test('checks what a reference leads to, once for all who refer to it', () => {
    const document = minimalDocument({
      paths: {
        '/a': {
          get: { parameters: [{ $ref: '#/components/parameters/A' }, { $ref: '#/components/parameters/A' }] },
        },
      },
      components: {
        parameters: { A: { name: 'a' } },
        securitySchemes: { jwt: { type: 'http', scheme: 'bearer' } },
      },
    });

    expect(codesOf(document)).toEqual(['MALFORMED']);
  });

  test('finds misspelt fields and suggests what may be meant', () => {
    const { findings } = compiled(operation({ operationID: 'x', 'x-anything': 1 }));

    expect(findings).toContainEqual(
      expect.objectContaining({
        code: 'UNKNOWN_FIELD',
        message: expect.stringContaining('did you mean "operationId"?'),
      }),
    );
  });

  test.each<[string, unknown]>([
    ['misspelt on an operation', operation({ securty: [{ admin: [] }] })],
    ['in another case', operation({ Security: [{ admin: [] }] })],
    ['on a path', minimalDocument({ paths: { '/orders': { get: {}, security: [{ admin: [] }] } } })],
    ['misspelt on the root', minimalDocument({ secuirty: [{ admin: [] }] })],
  ])('fails with security %s, which would be demanded of no one', (_where, document) => {
    expect(codesOf(document)).toContain('MISPLACED_SECURITY');
  });

  test('finds a misspelt method, which would not be served', () => {
    expect(findingsOf(minimalDocument({ paths: { '/orders': { get: {}, delte: {} } } }))).toContain(
      'UNKNOWN_FIELD',
    );
  });
});

describe('compile', () => {
  test('fails with TRACE, and serves HEAD as any other method', () => {
    expect(codesOf(minimalDocument({ paths: { '/a': { trace: {} } } }))).toEqual(['METHOD_NOT_SUPPORTED']);
    expect(
      Object.keys(compiled(minimalDocument({ paths: { '/a': { head: {} } } })).policy.operations),
    ).toEqual(['HEAD /a']);
  });

  test('fails with a document of no operations', () => {
    expect(codesOf(minimalDocument({ paths: {} }))).toContain('NO_OPERATIONS');
  });

  test('fails with a reference that leads nowhere, even where nothing would use it', () => {
    const responses = {
      200: {
        description: '',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/No' } } },
      },
    };

    expect(codesOf(operation({ responses }))).toEqual(['UNRESOLVED_REFERENCE']);
  });

  test('takes no example for a reference', () => {
    const responses = {
      200: { description: '', content: { 'application/json': { example: { $ref: '#/no' } } } },
    };

    expect(codesOf(operation({ responses }))).toEqual([]);
  });

  test('fails with a path parameter the path does not have, and finds a variable nothing describes', () => {
    const id = { name: 'id', in: 'path', required: true, schema: { type: 'string', maxLength: 9 } };

    expect(codesOf(minimalDocument({ paths: { '/a': { get: { parameters: [id] } } } }))).toEqual([
      'PATH_PARAMETER_UNKNOWN',
    ]);
    expect(findingsOf(minimalDocument({ paths: { '/a/{id}': { get: {} } } }))).toContain(
      'PATH_PARAMETER_UNDECLARED',
    );
    expect(
      findingsOf(minimalDocument({ paths: { '/a/{id}': { get: { parameters: [id] } } } })),
    ).not.toContain('PATH_PARAMETER_UNDECLARED');
  });

  test('finds what it does not read', () => {
    const document = { ...operation({ callbacks: {}, servers: [] }), webhooks: {} };

    expect(findingsOf(document).filter((code) => code === 'NOT_READ')).toHaveLength(3);
  });

  test.each<[string, string, object, boolean]>([
    ['a public login', '/login', { security: [], 'x-gateway': { public: 'x' } }, true],
    ['a public token endpoint', '/oauth2/token', { security: [], 'x-gateway': { public: 'x' } }, true],
    [
      'a login by its operationId',
      '/enter',
      { operationId: 'signIn', security: [], 'x-gateway': { public: 'x' } },
      true,
    ],
    [
      'a login with a limit for each address',
      '/login',
      { security: [], 'x-gateway': { public: 'x', rateLimit: { limit: 5, perSeconds: 60, by: 'ip' } } },
      false,
    ],
    [
      'a login with a limit for all together',
      '/login',
      { security: [], 'x-gateway': { public: 'x', rateLimit: { limit: 5, perSeconds: 60 } } },
      true,
    ],
    ['what is not public', '/login', {}, false],
    ['what is named otherwise', '/catalogue', { security: [], 'x-gateway': { public: 'x' } }, false],
  ])('tells the web ACL of %s', (_, path, rest, expected) => {
    const post = {
      requestBody: { content: { 'application/json': { schema: { type: 'object' } } } },
      ...rest,
    };

    expect(compiled(minimalDocument({ paths: { [path]: { post } } })).edge.loginOperations).toEqual(
      expected ? [{ method: 'POST', path }] : [],
    );
  });
});
