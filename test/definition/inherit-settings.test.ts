import { codesOf, compiled, minimalDocument, problemsOf } from './minimal-document';

const document = (root: unknown, path: unknown, operation: unknown) =>
  minimalDocument({
    'x-gateway': root,
    paths: { '/orders': { 'x-gateway': path, get: { operationId: 'listOrders', 'x-gateway': operation } } },
  });

const policyOf = (root: unknown, path: unknown, operation: unknown) =>
  compiled(document(root, path, operation)).policy.operations['GET /orders'];

describe('SettingsReader', () => {
  test.each<[string, unknown, unknown, unknown, string[] | undefined]>([
    ['takes what the root says', { roles: ['a'] }, undefined, undefined, ['a']],
    ['prefers the path to the root', { roles: ['a'] }, { roles: ['b'] }, undefined, ['b']],
    ['prefers the operation to the path', { roles: ['a'] }, { roles: ['b'] }, { roles: ['c'] }, ['c']],
    ['wins key by key', { roles: ['a'] }, { timeout: '5s' }, {}, ['a']],
    ['takes an inherited value back by null', { roles: ['a'] }, undefined, { roles: null }, undefined],
    ['takes a value taken back up again', { roles: ['a'] }, { roles: null }, { roles: ['c'] }, ['c']],
  ])('%s', (_, root, path, operation, expected) => {
    expect(policyOf(root, path, operation)?.roles).toEqual(expected);
  });

  test.each<[string, unknown]>([
    ['backend', ''],
    ['public', true],
    ['roles', []],
    ['roles', 'admin'],
    ['owner', { parameter: 'id' }],
    ['owner', { parameter: 'id', claim: 'sub', extra: 1 }],
    ['rateLimit', { limit: 0, perSeconds: 1 }],
    ['rateLimit', { limit: 10 }],
    ['rateLimit', { limit: 1.5, perSeconds: 1 }],
    ['rateLimit', { limit: 10, perSeconds: 1, by: 'moon' }],
    ['rateLimit', { limit: 10, perSeconds: 100_000 }],
    ['maxBody', '64'],
    ['maxBody', '0KB'],
    ['maxBody', 65_536],
    ['uninspected', true],
    ['credentialsInBody', true],
    ['credentialsInBody', ' '],
    ['timeout', '30s'],
    ['timeout', '49ms'],
    ['timeout', 5],
    ['contract', 'ignore'],
    ['cors', '*'],
    ['cors', { origins: ['https://a.example'], credential: true }],
    ['onlyFrom', ['office']],
    ['audit', true],
  ])('fails with %s: %j', (key, value) => {
    expect(problemsOf(() => policyOf(undefined, undefined, { [key]: value }))).toContainEqual(
      expect.stringContaining(`INVALID_EXTENSION x-gateway.${key} is`),
    );
  });

  test('fails with an unknown key, suggesting the nearest', () => {
    expect(problemsOf(() => policyOf(undefined, undefined, { rolls: ['a'] }))).toEqual([
      'UNKNOWN_EXTENSION_KEY x-gateway has no key "rolls" (did you mean "roles"?)',
    ]);
  });

  test('fails with a key of objects themselves', () => {
    expect(codesOf(document(undefined, undefined, { constructor: 1 }))).toEqual(['UNKNOWN_EXTENSION_KEY']);
  });

  test('fails once with a fault at the root, however many operations inherit it', () => {
    const paths = { '/a': { get: {}, put: {} }, '/b': { get: {} } };

    expect(codesOf(minimalDocument({ 'x-gateway': { maxBody: 1 }, paths }))).toEqual(['INVALID_EXTENSION']);
  });

  test.each([[[]], ['orders'], [null]])('fails with %j instead of an object', (value) => {
    expect(codesOf(document(value, undefined, undefined))).toEqual(['INVALID_EXTENSION']);
  });
});

describe('compile', () => {
  test.each<[string, unknown, object]>([
    [
      'an exact limit to the authorizer',
      { rateLimit: { limit: 5, perSeconds: 60, by: 'caller' } },
      { rateLimit: { limit: 5, perSeconds: 60, by: 'caller' } },
    ],
    ['observation to the authorizer', { contract: 'observe' }, { contract: 'observe' }],
    ['the backend to the authorizer', { backend: 'orders' }, { backend: 'orders' }],
  ])('hands %s', (_, extension, expected) => {
    expect(policyOf(undefined, undefined, extension)).toMatchObject(expected);
  });

  test('hands a limit without a subject to the stage, not to the authorizer', () => {
    const { stage, policy } = compiled(
      document(undefined, undefined, { rateLimit: { limit: 90, perSeconds: 60 } }),
    );

    expect(stage.throttles).toEqual([{ method: 'GET', path: '/orders', rate: 1.5, burst: 90 }]);
    expect(policy.operations['GET /orders']).not.toHaveProperty('rateLimit');
  });

  test('hands IP sets to the web ACL and sensitivity to the audit', () => {
    const { edge, audit } = compiled(
      document({ onlyFrom: 'office', audit: 'sensitive' }, undefined, undefined),
    );

    expect(edge.onlyFrom).toEqual([{ method: 'GET', path: '/orders', set: 'office' }]);
    expect(audit.sensitive).toEqual([{ method: 'GET', path: '/orders' }]);
  });

  test('hands the time to wait to the integration', () => {
    const { body } = compiled(document({ timeout: '2500ms' }, undefined, undefined));

    expect(body.paths['/orders']?.['get']?.['x-amazon-apigateway-integration']).toMatchObject({
      timeoutMillis: 2500,
    });
  });
});
