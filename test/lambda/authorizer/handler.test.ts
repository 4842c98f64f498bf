import { type AuthorizerEvent, createHandler } from '../../../lambda/authorizer/handler';
import { Recorder } from '../../../lambda/authorizer/recorder';
import { CONTEXT_KEYS } from '../../../lib/protocol/identity-headers';
import { authorizerEvent } from './event';
import { signingKey, token } from './tokens';
import { authorizer, bearer, CLAIMS, jwtVerifier, NOW, operation, PLAN_KEYS } from './under-test';

const KEY = signingKey('ES256', 'one');
const GOOD = token(KEY, { ...CLAIMS, scope: 'orders:read orders:write', roles: ['clerk'] });

const only = (changes: Parameters<typeof operation>[0] = {}) =>
  authorizer({ customer: jwtVerifier([KEY]) }, { 'GET /orders': operation(changes) });

describe('authorizer', () => {
  test('admits a caller with a valid token, under the plan of callers without a tier', async () => {
    const decision = await only().call(bearer(GOOD));

    expect(decision).toMatchObject({
      principalId: 'alice',
      policyDocument: { Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke' }] },
      usageIdentifierKey: PLAN_KEYS.authenticated,
      context: { userId: 'alice', userScopes: 'orders:read orders:write', userRoles: 'clerk', tenantId: '-' },
    });
    expect(decision.policyDocument.Statement[0]).toHaveProperty(
      'Resource',
      expect.stringMatching(/GET\/orders$/),
    );
  });

  test('writes no quote into what the access log quotes, and the whole name for the backend', async () => {
    const sub = 'x","injected":"y\\';
    const decision = await only().call(bearer(token(KEY, { ...CLAIMS, sub, client_id: sub })));

    expect(decision.principalId).toBe('x%22,%22injected%22:%22y%5C');
    expect(decision.context).toMatchObject({ userId: sub, clientId: decision.principalId });
  });

  test('calls nobody anonymous in the access log who is somebody', async () => {
    const decision = await only().call(bearer(token(KEY, { ...CLAIMS, sub: 'anonymous' })));

    expect(decision).toMatchObject({ principalId: '%61nonymous', context: { userId: 'anonymous' } });
  });

  test.each([
    ['allowed', [], []],
    ['denied', [{ customer: ['orders:admin'] }], []],
  ])('answers every context key when %s', async (_, security) => {
    const decision = await only(security.length ? { security } : {}).call(bearer(GOOD));

    expect(Object.keys(decision.context).sort()).toEqual([...CONTEXT_KEYS].sort());
    expect(Object.values(decision.context).every((value) => value !== '')).toBe(true);
  });

  test.each([
    ['no credential', {}],
    ['another scheme', { headers: { Authorization: 'Basic YTpi' } }],
    ['another scheme as long as Bearer', { headers: { Authorization: `Digest ${GOOD}` } }],
    ['another scheme that begins alike', { headers: { Authorization: `Bearers${GOOD}` } }],
    ['a tab behind the scheme', { headers: { Authorization: `Bearer\t${GOOD}` } }],
    ['a tab behind the blank', { headers: { Authorization: `Bearer \t${GOOD}` } }],
    ['a blank of another script behind the scheme', { headers: { Authorization: `Bearer \u00a0${GOOD}` } }],
    ['a blank of another script behind the token', { headers: { Authorization: `Bearer ${GOOD}\u00a0` } }],
    ['a mark before the scheme', { headers: { Authorization: `\ufeffBearer ${GOOD}` } }],
    ['a line separator behind the token', { headers: { Authorization: `Bearer ${GOOD}\u2028` } }],
    ['an empty header', { headers: { Authorization: '' } }],
    ['two tokens in one header', { headers: { Authorization: `Bearer ${GOOD}, Bearer ${GOOD}` } }],
    ['two different headers', { headers: { Authorization: [`Bearer ${GOOD}`, 'Bearer other'] } }],
    [
      'two casings of one header',
      { headers: { Authorization: `Bearer ${GOOD}`, authorization: 'Bearer x' } },
    ],
    [
      'two casings of one header, the good one last',
      { headers: { Authorization: 'Bearer x', authorization: `Bearer ${GOOD}` } },
    ],
    ['a truncated token', bearer(GOOD.slice(0, -8))],
  ])('answers 401 to %s and names no credential in the log', async (_, request) => {
    const { call, lines } = only();

    await expect(call(request)).rejects.toThrow(/^Unauthorized$/);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      status: 401,
      Unauthenticated: 1,
      requestId: 'request-1',
    });
    expect(lines.join()).not.toContain(GOOD.slice(0, 20));
  });

  test.each([
    ['RFC 9110 11.1: the scheme in any case', { headers: { Authorization: `bEaReR ${GOOD}` } }],
    ['RFC 6750 2.1: several blanks', { headers: { authorization: `Bearer   ${GOOD}` } }],
    ['RFC 9110 5.5: blanks around the value', { headers: { Authorization: ` \tBearer ${GOOD}\t ` } }],
    ['one token twice', { headers: { Authorization: [`Bearer ${GOOD}`, `Bearer ${GOOD}`] } }],
  ])('admits %s', async (_, request) => {
    await expect(only().call(request)).resolves.toMatchObject({ principalId: 'alice' });
  });

  test.each([
    ['RFC 6750 2.3: a token in the query', { query: { access_token: [GOOD] } }],
    ['RFC 6750 2.1: a token without its scheme', { headers: { Authorization: GOOD } }],
    ['RFC 6750 2.1: the scheme without a token', { headers: { Authorization: 'Bearer' } }],
    ['RFC 6750 2.1: the scheme and blanks', { headers: { Authorization: 'Bearer    ' } }],
    ['RFC 9449 7.1: another scheme for the token', { headers: { Authorization: `DPoP ${GOOD}` } }],
    ['a token in a cookie', { headers: { Cookie: `access_token=${GOOD}` } }],
    ['a token in another header', { headers: { 'X-Authorization': `Bearer ${GOOD}` } }],
    [
      'a SAML assertion',
      { headers: { Authorization: `Bearer ${Buffer.from('<saml2:Assertion/>').toString('base64')}` } },
    ],
  ])('answers 401 to %s', async (_, request) => {
    await expect(only().call(request)).rejects.toThrow(/^Unauthorized$/);
  });

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
    ['an encoding of it', 'a@b', 'a%40b', 'Deny'],
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

  test('knows path variables by names that every object has', async () => {
    const { call } = authorizer(
      { customer: jwtVerifier([KEY]) },
      {
        'GET /a/{constructor}/{y}': operation({
          pathNames: { y: 'userId' },
          parameters: [
            { name: 'constructor', in: 'path', reading: { scalar: ['string'] }, value: { maxLength: 2 } },
            { name: 'userId', in: 'path', reading: { scalar: ['string'] }, value: { maxLength: 2 } },
          ],
        }),
      },
    );
    const plan = async (path: Record<string, string>) =>
      (await call({ ...bearer(GOOD), resource: '/a/{constructor}/{y}', path })).usageIdentifierKey;

    expect(await plan({ constructor: 'a', y: 'b' })).toBe(PLAN_KEYS.authenticated);
    expect(await plan({ constructor: 'abc', y: 'b' })).toBe(PLAN_KEYS.contractRefusal);
  });

  test('lets anyone at a public operation as anonymous, whatever credential they bring', async () => {
    const decision = await only({ security: [] }).call(bearer('nonsense'));

    expect(decision).toMatchObject({
      principalId: 'anonymous',
      usageIdentifierKey: PLAN_KEYS.anonymous,
      context: { userId: '-' },
    });
  });

  test('does not admit by an alternative that asks for nothing', async () => {
    await expect(only({ security: [{}] }).call()).rejects.toThrow('Unauthorized');
  });

  test('fails on an operation the policy does not know', async () => {
    const { call, lines } = only();

    await expect(call({ ...bearer(GOOD), method: 'DELETE' })).rejects.toThrow(/^Internal$/);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ status: 500, AuthorizerFailed: 1 });
  });

  test('fails where the policy does not say where a scheme is', async () => {
    const { call } = authorizer({ customer: jwtVerifier([KEY]) }, { 'GET /orders': operation() }, {});

    await expect(call(bearer(GOOD))).rejects.toThrow(/^Internal$/);
  });

  test('knows no operation by a name of Object', async () => {
    await expect(only().call({ ...bearer(GOOD), method: '', resource: '__proto__' })).rejects.toThrow(
      /^Internal$/,
    );
  });

  test.each(['a"b', 'a\\b'])(
    'denies a caller whose tenant would add fields to the access log: %s',
    async (org) => {
      const { call, lines } = authorizer(
        { customer: jwtVerifier([KEY], { tenantClaim: 'org' }) },
        { 'GET /orders': operation() },
      );

      const decision = await call(bearer(token(KEY, { ...CLAIMS, org })));

      expect(decision.policyDocument.Statement[0]?.Effect).toBe('Deny');
      expect(lines[0]).toContain('UNPRINTABLE_IDENTITY');
    },
  );

  test.each([
    [3_000, 'Allow'],
    [3_990, 'Deny'],
  ])('hands on an identity that fits the context: %d characters, %s', async (length, effect) => {
    const decision = await only().call(bearer(token(KEY, { ...CLAIMS, roles: ['r'.repeat(length)] })));

    expect(decision.policyDocument.Statement[0]?.Effect).toBe(effect);
  });

  test('fails where a scheme of the operation has no verifier', async () => {
    const { call } = authorizer({}, { 'GET /orders': operation() });

    await expect(call(bearer(GOOD))).rejects.toThrow(/^Internal$/);
  });
});

describe('an event that is none', () => {
  const { requestContext, ...others } = authorizerEvent(bearer(GOOD));
  const { identity, ...context } = requestContext;

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['no fields', {}],
    ['no context', others],
    ['a context without who calls', { ...others, requestContext: context }],
    ['headers whose values are numbers', { ...others, requestContext, multiValueHeaders: { A: 1, a: 2 } }],
    ['no operation', { ...others, resource: null, requestContext: { identity, apiId: 'api123' } }],
  ])('is refused, logged and counted as a failure of ours: %s', async (_, event) => {
    const lines: string[] = [];
    const now = () => NOW * 1000;
    const handler = createHandler({
      policy: {
        version: 1,
        schemes: { customer: { in: 'authorization' } },
        operations: { 'GET /orders': operation({ security: [] }) },
      },
      verifiers: {},
      planKeys: PLAN_KEYS,
      recorder: new Recorder({ write: (line) => lines.push(line), now }),
      now,
    });

    await expect(handler(event as AuthorizerEvent)).rejects.toThrow(/^Internal$/);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'ERROR', status: 500, AuthorizerFailed: 1 });
    expect(lines[0]).not.toContain(GOOD.slice(-16));
  });
});

describe('contract', () => {
  const required = { name: 'page', in: 'query', required: true, value: {} } as const;

  test('answers a broken one through the plan key that does not exist', async () => {
    const { call, lines } = only({ parameters: [required] });

    const decision = await call(bearer(GOOD));

    expect(decision.usageIdentifierKey).toBe(PLAN_KEYS.contractRefusal);
    expect(decision.context).toMatchObject({ code: 'CONTRACT_VIOLATION', userId: 'alice' });
    expect(decision.context.detail).toContain('query page');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      status: 400,
      reason: 'MISSING_PARAMETER',
      detail: 'query page',
      ContractRefused: 1,
    });
  });

  test.each([
    ['a path parameter that breaks its schema', { path: { id: 'x' } }],
    ['a path parameter that cannot be read', { path: { id: '11', nr: 'x' } }],
    ['a query parameter that cannot be read', { path: { id: '1' }, query: { size: ['x'] } }],
  ])('lets %s pass under observation', async (_, request) => {
    const { call, lines } = only({
      contract: 'observe',
      parameters: [
        { name: 'id', in: 'path', required: true, reading: { scalar: ['string'] }, value: { minLength: 2 } },
        { name: 'size', in: 'query', reading: { scalar: ['number'] }, value: { type: ['integer'] } },
        { name: 'nr', in: 'path', reading: { scalar: ['number'] }, value: { type: ['integer'] } },
      ],
    });

    expect((await call({ ...bearer(GOOD), ...request })).usageIdentifierKey).toBe(PLAN_KEYS.authenticated);
    expect(lines[0]).toContain('_PARAMETER');
  });

  test('answers 403 where the plan key of refusals is empty', async () => {
    const { call } = authorizer(
      { customer: jwtVerifier([KEY]) },
      { 'GET /orders': operation({ parameters: [required] }) },
      undefined,
      { ...PLAN_KEYS, contractRefusal: '' },
    );

    const decision = await call(bearer(GOOD));

    expect(decision.policyDocument.Statement[0]?.Effect).toBe('Deny');
    expect(decision).not.toHaveProperty('usageIdentifierKey');
  });

  test('lets a broken one pass under observation, and counts it', async () => {
    const { call, lines } = only({ parameters: [required], contract: 'observe' });

    expect((await call(bearer(GOOD))).usageIdentifierKey).toBe(PLAN_KEYS.authenticated);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ message: 'observed', ContractObserved: 1 });
  });

  test('knows no query parameter where none is declared', async () => {
    const decision = await only().call({ ...bearer(GOOD), query: { debug: ['1'] } });

    expect(decision.usageIdentifierKey).toBe(PLAN_KEYS.contractRefusal);
  });

  test('takes no unsafe path segment where none is declared', async () => {
    const decision = await only().call({ ...bearer(GOOD), path: { id: '..%2fadmin' } });

    expect(decision.usageIdentifierKey).toBe(PLAN_KEYS.contractRefusal);
  });

  test('takes no unsafe path segment under observation either: the backend would see another path', async () => {
    const { call } = only({ contract: 'observe', mediaTypes: ['application/json'] });

    const decision = await call({ ...bearer(GOOD), path: { id: '..%2fadmin' } });

    expect(decision.usageIdentifierKey).toBe(PLAN_KEYS.contractRefusal);
    expect(decision.context.detail).toContain('path id');
  });

  test.each([
    ['export', false],
    ['%65xport', false],
    ['%2565xport', false],
    ['export;v=1', false],
    ['EXPORT', false],
    ['exports', true],
    ['%65xports', true],
  ])('takes no path value that the backend may read as another path: %s', async (id, accepted) => {
    const { call } = only({ contract: 'observe', fixedTexts: { id: ['export'] } });

    const decision = await call({ ...bearer(GOOD), path: { id } });

    expect(decision.usageIdentifierKey === PLAN_KEYS.authenticated).toBe(accepted);
  });

  test('is held on public operations too', async () => {
    const decision = await only({ security: [], parameters: [required] }).call();

    expect(decision.usageIdentifierKey).toBe(PLAN_KEYS.contractRefusal);
  });

  test('is not judged before the caller is known', async () => {
    await expect(only({ parameters: [required] }).call()).rejects.toThrow('Unauthorized');
  });

  test.each([
    ['the declared type', ['application/json'], 'application/json; charset=utf-8', true],
    [
      'the declared type in quoted UTF-8',
      ['application/json'],
      'application/json; charset="UTF8"; a=b',
      true,
    ],
    ['JSON in another charset', ['application/json'], 'application/json;charset=utf-7', false],
    ['JSON in two charsets', ['application/json'], 'application/json;charset=utf-8; Charset = utf-7', false],
    ['JSON in a longer charset', ['application/x+json'], 'application/x+json;charset="utf-8x"', false],
    ['text in another charset', ['text/csv'], 'text/csv;charset=latin1', true],
    ['the declared type in another spelling', ['application/json'], 'Application/JSON', false],
    ['the declared type and a blank', ['application/json'], 'application/json ;charset=utf-8', false],
    ['another type', ['application/json'], 'text/plain', false],
    ['no type where JSON is declared', ['application/json'], undefined, true],
    ['no type where JSON is not declared', ['text/csv'], undefined, false],
    ['a type within a range', ['image/*'], 'image/png', true],
    ['a type beside a range', ['image/*'], 'imagex/png', false],
    ['no type at all', ['*/*'], '', false],
    ['two types', ['application/json'], ['application/json', 'text/plain'], false],
    ['two declared types', ['application/json', 'text/plain'], ['application/json', 'text/plain'], false],
    ['one type of several', ['text/csv', 'application/json'], 'application/json', true],
    [
      'a good charset and a bad one',
      ['application/json'],
      ['application/json', 'application/json;charset=utf-7'],
      false,
    ],
    ['any type', ['*/*'], 'text/plain', true],
    ['a type that only begins like a declared one', ['image/png'], 'image/pngx', false],
    ['any type where no body is declared', undefined, 'text/plain', true],
  ])('takes a body of %s: %s, %s', async (_, mediaTypes, type, accepted) => {
    const headers = {
      Authorization: `Bearer ${GOOD}`,
      ...(type === undefined ? {} : { 'content-type': type }),
    };

    const decision = await only({ mediaTypes }).call({ headers });

    expect(decision.usageIdentifierKey === PLAN_KEYS.authenticated).toBe(accepted);
  });
});
