import { codesOf, compiled, compiledPaths, minimalDocument, problemsOf } from './minimal-document';

const securityOf = (operation: object, root: object = {}) =>
  compiled({ ...minimalDocument({ paths: { '/orders': { get: operation } } }), ...root }).policy.operations[
    'GET /orders'
  ]?.security;

const codes = (operation: object, root: object = {}) =>
  codesOf({ ...minimalDocument({ paths: { '/orders': { get: operation } } }), ...root });

const PUBLIC = { 'x-gateway': { public: 'anyone may look' } };
const SCHEMES = {
  components: {
    securitySchemes: {
      jwt: { type: 'http', scheme: 'bearer' },
      key: { type: 'apiKey', in: 'header', name: 'X-Key' },
    },
  },
};

describe('expandSecurity', () => {
  test.each<[string, object, unknown]>([
    ["writes the root's out", {}, [{ jwt: ['orders:read'] }]],
    ["prefers the operation's own", { security: [{ jwt: ['a', 'b'] }] }, [{ jwt: ['a', 'b'] }]],
    ['opens an operation that says so in both words', { security: [], ...PUBLIC }, []],
    ['names a scope once', { security: [{ jwt: ['a', 'a'] }] }, [{ jwt: ['a'] }]],
  ])('%s', (_, operation, expected) => {
    expect(securityOf(operation)).toEqual(expected);
  });

  test('keeps alternatives, and what one of them demands together', () => {
    const document = minimalDocument({
      ...SCHEMES,
      paths: { '/orders': { get: { security: [{ jwt: ['a'], key: [] }, { key: ['b'] }] } } },
    });

    expect(
      compiled(document, { authentication: ['jwt', 'key'] }).policy.operations['GET /orders']?.security,
    ).toEqual([{ jwt: ['a'], key: [] }, { key: ['b'] }]);
  });

  test.each<[string, object, object, string]>([
    ['no security anywhere', {}, { security: undefined }, 'NO_SECURITY'],
    ['no security anywhere, though said to be public', PUBLIC, { security: undefined }, 'NO_SECURITY'],
    ['an empty list', { security: [] }, {}, 'OPEN_OPERATION'],
    ['an empty list at the root', {}, { security: [] }, 'OPEN_OPERATION'],
    ['an empty requirement', { security: [{}] }, {}, 'OPEN_ALTERNATIVE'],
    ['an empty requirement beside others', { security: [{ jwt: [] }, {}] }, {}, 'OPEN_ALTERNATIVE'],
    ['an empty requirement, though said to be public', { security: [{}], ...PUBLIC }, {}, 'OPEN_ALTERNATIVE'],
    ['the word alone', PUBLIC, {}, 'PUBLIC_WITHOUT_OPEN_SECURITY'],
    ['an empty reason', { security: [], 'x-gateway': { public: ' ' } }, {}, 'INVALID_EXTENSION'],
    ['true instead of a reason', { security: [], 'x-gateway': { public: true } }, {}, 'INVALID_EXTENSION'],
    ['an unknown scheme', { security: [{ jwd: [] }] }, {}, 'UNKNOWN_SCHEME'],
    ['a requirement that is no object', { security: ['jwt'] }, {}, 'MALFORMED'],
    ['security that is no list', { security: { jwt: [] } }, {}, 'MALFORMED'],
    ['null', { security: null }, {}, 'MALFORMED'],
    ['scopes that are no list', { security: [{ jwt: 'a' }] }, {}, 'MALFORMED'],
  ])('fails with %s', (_, operation, root, code) => {
    expect(codes(operation, root)).toContain(code);
  });

  test('fails for a scheme nothing verifies', () => {
    const document = minimalDocument({ ...SCHEMES, security: [{ key: [] }] });

    expect(codesOf(document)).toContain('SCHEME_WITHOUT_AUTHENTICATION');
  });

  test('names every open operation at once, in their order', () => {
    const paths = { '/a': { get: { security: [] } }, '/b': { put: { security: [{}] } } };

    expect(problemsOf(() => compiledPaths(paths))).toEqual([
      expect.stringMatching(/^OPEN_OPERATION GET \/a /),
      expect.stringMatching(/^OPEN_ALTERNATIVE PUT \/b /),
    ]);
  });

  test('writes the authorizer and the plan on every operation, public ones too, and nothing at the root', () => {
    const { body } = compiledPaths({
      '/a': { get: { security: [], ...PUBLIC }, put: {} },
      '/b': { delete: {}, head: {}, options: {}, patch: {} },
    });
    const operations = Object.values(body.paths).flatMap((item) => Object.values(item));

    expect(body).not.toHaveProperty('security');
    expect(operations).toHaveLength(6);
    for (const operation of operations) {
      expect(operation).toMatchObject({ security: [{ authorizer: [] }, { plan: [] }] });
    }
  });
});
