import { compiled, findingsOf, minimalDocument } from './minimal-document';

const components = {
  securitySchemes: {
    jwt: {
      type: 'oauth2',
      flows: { clientCredentials: { tokenUrl: 'https://id.example', scopes: { read: '', admin: '' } } },
    },
    key: { type: 'apiKey', in: 'header', name: 'X-Key' },
    certificate: { type: 'mutualTLS' },
    partner: { type: 'http', scheme: 'bearer' },
  },
};
const options = { authentication: ['jwt', 'key', 'certificate', 'partner'] };

const codes = (method: string, operation: object) =>
  findingsOf(minimalDocument({ components, paths: { '/orders': { [method]: operation } } }), options);

describe('findWeakSecurity', () => {
  test.each<[string, string, object, boolean]>([
    ['an API key alone on a writing operation', 'post', { security: [{ key: ['read'] }] }, true],
    ['an API key as one of two ways', 'delete', { security: [{ jwt: ['read'] }, { key: ['read'] }] }, true],
    ['an API key beside a token', 'post', { security: [{ jwt: ['read'], key: [] }] }, false],
    ['an API key beside a certificate', 'put', { security: [{ certificate: ['a'], key: [] }] }, false],
    ['an API key alone on a reading operation', 'get', { security: [{ key: ['read'] }] }, false],
    ['a public writing operation', 'post', { security: [], 'x-gateway': { public: 'why not' } }, false],
  ])('API_KEY_ONLY of %s', (_, method, operation, expected) => {
    expect(codes(method, operation).includes('API_KEY_ONLY')).toBe(expected);
  });

  test.each<[string, object, boolean]>([
    ['no scope', { security: [{ jwt: [] }] }, true],
    ['no scope in one of two ways', { security: [{ jwt: ['read'] }, { key: [] }] }, true],
    ['a scope', { security: [{ jwt: ['read'] }] }, false],
    ['a role', { security: [{ jwt: [] }], 'x-gateway': { roles: ['clerk'] } }, false],
    ['nothing, being public', { security: [], 'x-gateway': { public: 'why not' } }, false],
  ])('NO_SCOPE of %s', (_, operation, expected) => {
    expect(codes('get', operation).includes('NO_SCOPE')).toBe(expected);
  });

  test.each<[string, object[], boolean]>([
    ['two issuers', [{ jwt: [] }, { partner: [] }], true],
    ['one issuer', [{ jwt: [] }], false],
    ['one issuer in two ways', [{ jwt: [] }, { jwt: ['read'], certificate: [] }], false],
    ['an issuer and keys', [{ jwt: [] }, { key: [] }], false],
  ])('SHARED_OWNER where the claim is of %s', (_, security, expected) => {
    const operation = {
      security,
      parameters: [{ name: 'userId', in: 'path', required: true, schema: { type: 'string' } }],
    };
    const found = (extension: object) =>
      findingsOf(
        minimalDocument({
          components,
          paths: { '/users/{userId}': { get: { ...operation, 'x-gateway': extension } } },
        }),
        options,
      ).includes('SHARED_OWNER');

    expect(found({ owner: { parameter: 'userId', claim: 'sub' } })).toBe(expected);
    expect(found({})).toBe(false);
  });

  test.each<[string, boolean]>([
    ['admin', true],
    ['orders:*', true],
    ['root_readwrite', true],
    ['full-access', true],
    ['read', false],
    ['orders:administrative', false],
    ['small', false],
  ])('BROAD_SCOPE of %s', (scope, expected) => {
    expect(codes('get', { security: [{ jwt: [scope] }] }).includes('BROAD_SCOPE')).toBe(expected);
  });

  test('UNDECLARED_SCOPE of a scope its flow does not list', () => {
    expect(codes('get', { security: [{ jwt: ['raed'] }] })).toContain('UNDECLARED_SCOPE');
    expect(codes('get', { security: [{ jwt: ['read'] }] })).not.toContain('UNDECLARED_SCOPE');
  });

  test('PUBLIC_OPERATION with its reason', () => {
    const document = minimalDocument({
      paths: { '/a': { get: { security: [], 'x-gateway': { public: 'why not' } } } },
    });

    expect(compiled(document, { authentication: ['jwt'] }).findings).toContainEqual(
      expect.objectContaining({
        code: 'PUBLIC_OPERATION',
        operation: 'GET /a',
        message: 'open to anyone: why not',
      }),
    );
  });
});

describe('checkCallerRules', () => {
  const paths = (extension: object, security: object = {}) =>
    minimalDocument({ paths: { '/users/{userId}': { get: { ...security, 'x-gateway': extension } } } });

  test('compiles an owner for the declared name of the variable', () => {
    const document = paths({ owner: { parameter: 'userId', claim: 'sub' } });

    expect(compiled(document).policy.operations['GET /users/{userId}']?.owner).toEqual({
      parameter: 'userId',
      claim: 'sub',
    });
  });

  test('fails with an owner the path knows nothing of', () => {
    const problem = () => compiled(paths({ owner: { parameter: 'user', claim: 'sub' } }));

    expect(problem).toThrow('has no path parameter "user"');
  });

  test('fails with demands on the caller of a public operation, and drops those it inherits', () => {
    const open = { security: [] };

    expect(() => compiled(paths({ public: 'x', roles: ['a'] }, open))).toThrow('RULE_ON_PUBLIC_OPERATION');
    expect(
      compiled({ ...paths({ public: 'x' }, open), 'x-gateway': { roles: ['a'] } }).policy.operations[
        'GET /users/{userId}'
      ],
    ).not.toHaveProperty('roles');
  });
});
