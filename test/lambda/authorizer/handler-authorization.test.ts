import { GOOD, KEY, only } from './customer';
import { token } from './tokens';
import { authorizer, bearer, CLAIMS, jwtVerifier, operation } from './under-test';

describe('authorizer', () => {
  test('denies a caller who lacks one of the scopes', async () => {
    const { call, lines } = only({ security: [{ customer: ['orders:read', 'orders:admin'] }] });

    const decision = await call(bearer(GOOD));

    expect(decision.policyDocument.Statement[0]?.Effect).toBe('Deny');
    expect(decision.context).toMatchObject({ code: 'FORBIDDEN', userId: '-' });
    expect(lines[0]).toContain('"reason":"MISSING_SCOPE"');
  });

  test.each([
    ['clerk', 'Allow'],
    ['admin', 'Deny'],
  ])('asks for any of the roles: %s, %s', async (role, effect) => {
    const decision = await only({ roles: ['owner', role] }).call(bearer(GOOD));

    expect(decision.policyDocument.Statement[0]?.Effect).toBe(effect);
  });

  test.each([
    ['alice', 'Allow'],
    ['bob', 'Deny'],
    ['Alice', 'Deny'],
    ['%61lice', 'Deny'],
  ])('lets a caller at their own resource only: %s, %s', async (userId, effect) => {
    const { call } = authorizer(
      { customer: jwtVerifier([KEY]) },
      {
        'GET /users/{id}': operation({
          owner: { parameter: 'userId', claim: 'sub' },
          pathNames: { id: 'userId' },
        }),
      },
    );

    const decision = await call({ ...bearer(GOOD), resource: '/users/{id}', path: { id: userId } });

    expect(decision.policyDocument.Statement[0]?.Effect).toBe(effect);
  });

  test.each<[string, unknown, string, string]>([
    ['a number that equals it', 42, '42', 'Allow'],
    ['a number that does not', 42, '43', 'Deny'],
    ['a number written another way', 42, '042', 'Deny'],
    [
      'a number a double does not tell from its neighbour',
      12345678901234567000,
      '12345678901234567000',
      'Deny',
    ],
    ['what the backend would decode', 'bo%62', 'bo%62', 'Deny'],
    ['its encoding', 'auth0|a@b', 'auth0%7Ca%40b', 'Allow'],
    ['another encoding of it', 'a@b', '%61%40b', 'Deny'],
    ['an encoding of its encoding', 'a@b', 'a%2540b', 'Deny'],
    ['what cannot be encoded', 'a\ud800', 'a%ED%A0%80', 'Deny'],
    ['a path to somebody else’s', 'bob/orders', 'bob%2Forders', 'Deny'],
    ['one with backslashes', 'bob\\orders', 'bob%5Corders', 'Deny'],
    ['one with a query', 'bob?', 'bob%3F', 'Deny'],
    ['one with a fragment', 'bob#', 'bob%23', 'Deny'],
    ['one with matrix parameters', 'bob;x', 'bob;x', 'Deny'],
    ['the directory above', '..', '..', 'Deny'],
    ['dots', 'a.b', 'a.b', 'Allow'],
    ['an empty claim', '', '', 'Deny'],
    ['a list that holds it', ['alice'], 'alice', 'Deny'],
    ['no claim', undefined, 'undefined', 'Deny'],
    ['truth', true, 'true', 'Deny'],
    ['nothing', null, 'null', 'Deny'],
  ])('compares the owner with %s', async (_, account, id, effect) => {
    const owner = { parameter: 'id', claim: 'account' };
    const { call } = authorizer(
      { customer: jwtVerifier([KEY]) },
      { 'GET /users/{id}': operation({ owner }) },
    );

    const decision = await call({
      ...bearer(token(KEY, { ...CLAIMS, account })),
      resource: '/users/{id}',
      path: { id },
    });

    expect(decision.policyDocument.Statement[0]?.Effect).toBe(effect);
  });

  test('finds the owner by the name of its parameter among several', async () => {
    const { call } = authorizer(
      { customer: jwtVerifier([KEY]) },
      {
        'GET /a/{x}/{y}': operation({
          owner: { parameter: 'userId', claim: 'sub' },
          pathNames: { x: 'shop', y: 'userId' },
        }),
      },
    );
    const effect = async (path: Record<string, string>) =>
      (await call({ ...bearer(GOOD), resource: '/a/{x}/{y}', path })).policyDocument.Statement[0]?.Effect;

    expect(await effect({ x: 'bob', y: 'alice' })).toBe('Allow');
    expect(await effect({ x: 'alice', y: 'bob' })).toBe('Deny');
  });
});
