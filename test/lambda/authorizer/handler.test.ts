import { type AuthorizerEvent, createHandler } from '../../../lambda/authorizer/handler';
import { Recorder } from '../../../lambda/authorizer/recorder';
import { CONTEXT_KEYS } from '../../../lib/protocol/identity-headers';
import { GOOD, KEY, only } from './customer';
import { authorizerEvent } from './event';
import { token } from './tokens';
import { authorizer, bearer, CLAIMS, jwtVerifier, NOW, operation, PLAN_KEYS } from './under-test';

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

  test.each(['Allow', 'Deny'])('answers for no more of a path than API Gateway takes: %s', async (effect) => {
    const resource = `/orders/${'a'.repeat(600)}`;
    const { call } = authorizer(
      { customer: jwtVerifier([KEY]) },
      {
        [`GET ${resource}`]: operation(effect === 'Deny' ? { roles: ['admin'] } : {}),
      },
    );

    const { policyDocument } = await call({ ...bearer(GOOD), resource });

    const ofTheMethod = /^(?=.{512}$)arn:aws:execute-api:[^/]+\/prod\/GET\/orders\/a+\*$/;
    expect(policyDocument.Statement).toEqual([
      { Action: 'execute-api:Invoke', Effect: effect, Resource: expect.stringMatching(ofTheMethod) },
    ]);
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
      requestId: 'extended-1',
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

  test.each<[string, unknown, ApiId: string]>([
    ['nothing', undefined, '-'],
    ['null', null, '-'],
    ['no fields', {}, '-'],
    ['no context', others, '-'],
    ['a context without who calls', { ...others, requestContext: context }, 'api123'],
    [
      'headers whose values are numbers',
      { ...others, requestContext, multiValueHeaders: { A: 1, a: 2 } },
      'api123',
    ],
    ['no operation', { ...others, resource: null, requestContext: { identity, apiId: 'api123' } }, 'api123'],
  ])('is refused, logged and counted as a failure of ours: %s', async (_, event, ApiId) => {
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
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'ERROR',
      status: 500,
      AuthorizerFailed: 1,
      ApiId,
    });
    expect(lines[0]).not.toContain(GOOD.slice(-16));
  });
});
