import type { JwtConfiguration } from '../../../../lib/protocol/authorizer-configuration';
import { signingKey, token } from '../tokens';
import { authorizer, bearer, CLAIMS, jwtVerifier, operation } from '../under-test';

const KEY = signingKey('ES256', 'one');

describe('identity of a JWT', () => {
  const identity = async (claims: object, configuration: Partial<JwtConfiguration> = {}) => {
    const { call } = authorizer(
      { customer: jwtVerifier([KEY], configuration) },
      { 'GET /orders': operation() },
    );
    return (await call(bearer(token(KEY, { ...CLAIMS, ...claims })))).context;
  };

  test.each<[string, object, Partial<JwtConfiguration>, object]>([
    ['scopes of one string', { scope: 'a b' }, {}, { userScopes: 'a b' }],
    ['scopes of a list', { scp: ['a', 'b'] }, { scopeClaim: 'scp' }, { userScopes: 'a b' }],
    ['no scopes of a number', { scope: 7 }, {}, { userScopes: '-' }],
    [
      'roles by a name with dots',
      { 'https://a.b/roles': ['r'] },
      { rolesClaim: 'https://a.b/roles' },
      { userRoles: 'r' },
    ],
    [
      'roles within an object',
      { realm: { roles: ['r', 's'] } },
      { rolesClaim: 'realm.roles' },
      { userRoles: 'r s' },
    ],
    ['a role that holds a blank, as one', { roles: ['a b', '50%'] }, {}, { userRoles: 'a%20b 50%25' }],
    ['no role that is no text', { roles: ['r', 7, '', null, ['s']] }, {}, { userRoles: 'r' }],
    ['no roles within text', { realm: 'roles' }, { rolesClaim: 'realm.length' }, { userRoles: '-' }],
    ['no roles within nothing', { realm: null }, { rolesClaim: 'realm.roles' }, { userRoles: '-' }],
    ['no tenant out of a list', { org: ['acme'] }, { tenantClaim: 'org.0' }, { tenantId: '-' }],
    ['no tenant that is empty', { org: '' }, { tenantClaim: 'org' }, { tenantId: '-' }],
    ['no tenant out of the prototype', {}, { tenantClaim: 'constructor.name' }, { tenantId: '-' }],
    [
      'the client by a claim of its own',
      { cid: 'x', client_id: 'c' },
      { clientIdClaim: 'cid' },
      { clientId: 'x' },
    ],
    [
      'no other client where that claim is missing',
      { client_id: 'c' },
      { clientIdClaim: 'cid' },
      { clientId: '-' },
    ],
    ['the tenant', { org: 'acme' }, { tenantClaim: 'org' }, { tenantId: 'acme' }],
    ['the client', { client_id: 'c', azp: 'a' }, {}, { clientId: 'c' }],
    ['the client by azp', { azp: 'a' }, {}, { clientId: 'a' }],
  ])('has %s', async (_, claims, configuration, expected) => {
    expect(await identity(claims, configuration)).toMatchObject(expected);
  });

  test.each([
    ['is not ASCII', { sub: 'aliçe' }],
    ['holds a line end', { sub: 'alice\r\nX-User-Roles: admin' }],
    ['begins with a blank', { sub: ' alice' }],
    ['reads like no value', { sub: '-' }],
    ['does not fit', { roles: Array.from({ length: 500 }, (_, index) => `role-${index}`) }],
  ])('is refused with 403 where it %s', async (_, claims) => {
    const { call, lines } = authorizer({ customer: jwtVerifier([KEY]) }, { 'GET /orders': operation() });

    const decision = await call(bearer(token(KEY, { ...CLAIMS, ...claims })));

    expect(decision.policyDocument.Statement[0]?.Effect).toBe('Deny');
    expect(decision.context.userId).toBe('-');
    expect(JSON.parse(lines[0] ?? '').status).toBe(403);
  });
});
