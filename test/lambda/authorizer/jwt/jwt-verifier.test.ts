import { Credential } from '../../../../lambda/authorizer/credential';
import { requireClaims } from '../../../../lambda/authorizer/jwt/claims';
import { fetchKeySet } from '../../../../lambda/authorizer/jwt/fetch-key-set';
import { IssuerKeys } from '../../../../lambda/authorizer/jwt/issuer-keys';
import { JwtVerifier } from '../../../../lambda/authorizer/jwt/jwt-verifier';
import type { JwtConfiguration } from '../../../../lib/protocol/authorizer-configuration';
import { signingKey, token } from '../tokens';
import {
  authorizer,
  bearer,
  CLAIMS,
  ISSUER,
  jwtConfiguration,
  jwtVerifier,
  NOW,
  operation,
} from '../under-test';

const KEY = signingKey('ES256', 'one');
const OTHER = signingKey('ES256', 'two');
const STRANGER = 'https://stranger.example.com/';

const without = (name: string) =>
  Object.fromEntries(Object.entries(CLAIMS).filter(([claim]) => claim !== name));

async function outcome(
  claims: object | string,
  {
    header = {},
    configuration = {},
    key = KEY,
  }: { header?: object; configuration?: Partial<JwtConfiguration>; key?: typeof KEY } = {},
): Promise<string> {
  const { call, lines } = authorizer(
    { customer: jwtVerifier([KEY], configuration) },
    { 'GET /orders': operation() },
  );
  try {
    return (await call(bearer(token(key, claims, { ...header })))).principalId;
  } catch (error) {
    expect(error).toEqual(new Error('Unauthorized'));
    return JSON.parse(lines[0] ?? '').reason;
  }
}

/** Written by hand: JSON.stringify says neither. */
const CLAIMS_WITHOUT_END = JSON.stringify({ ...CLAIMS, exp: 'END' }).replace('"END"', '1e999');
const TWICE = `${JSON.stringify(CLAIMS).slice(0, -1)},"iss":"${STRANGER}"}`;

describe('claims of a JWT', () => {
  test.each<[string, object | string, string]>([
    ['RFC 7519 4.1.1: no iss', without('iss'), 'UNKNOWN_ISSUER'],
    ['RFC 7519 4.1.1: another iss', { ...CLAIMS, iss: STRANGER }, 'UNKNOWN_ISSUER'],
    ['RFC 7519 4.1.1: iss without its last slash', { ...CLAIMS, iss: ISSUER.slice(0, -1) }, 'UNKNOWN_ISSUER'],
    ['RFC 7519 4.1.1: iss in another case', { ...CLAIMS, iss: ISSUER.toUpperCase() }, 'UNKNOWN_ISSUER'],
    ['RFC 7519 4.1.1: a list of iss', { ...CLAIMS, iss: [ISSUER] }, 'UNKNOWN_ISSUER'],
    ['RFC 7519 4.1.3: no aud', without('aud'), 'WRONG_AUDIENCE'],
    ['RFC 7519 4.1.3: another aud', { ...CLAIMS, aud: 'billing' }, 'WRONG_AUDIENCE'],
    ['RFC 7519 4.1.3: an empty list of aud', { ...CLAIMS, aud: [] }, 'WRONG_AUDIENCE'],
    ['RFC 7519 4.1.3: a prefix of aud', { ...CLAIMS, aud: 'order' }, 'WRONG_AUDIENCE'],
    ['RFC 7519 4.1.3: aud is an object', { ...CLAIMS, aud: { orders: true } }, 'WRONG_AUDIENCE'],
    ['RFC 7519 4.1.3: aud holds a number', { ...CLAIMS, aud: ['orders', 1] }, 'WRONG_AUDIENCE'],
    ['RFC 7519 4.1.4: no exp', without('exp'), 'NO_EXPIRY'],
    ['RFC 7519 4.1.4: exp is text', { ...CLAIMS, exp: String(NOW + 600) }, 'NO_EXPIRY'],
    ['RFC 7519 4.1.4: exp is null', { ...CLAIMS, exp: null }, 'NO_EXPIRY'],
    ['RFC 7519 4.1.4: exp is negative', { ...CLAIMS, exp: -1 }, 'NO_EXPIRY'],
    ['RFC 7519 4.1.4: exp five seconds ago', { ...CLAIMS, exp: NOW - 5 }, 'EXPIRED'],
    ['RFC 7519 2: exp is infinite', CLAIMS_WITHOUT_END, 'NO_EXPIRY'],
    ['RFC 7519 4.1.4: exp is a list', { ...CLAIMS, exp: [NOW + 600] }, 'NO_EXPIRY'],
    ['RFC 7519 4.1.4: exp before iat', { ...CLAIMS, iat: NOW, exp: NOW - 6 }, 'EXPIRED'],
    ['RFC 7519 4.1.5: nbf is null', { ...CLAIMS, nbf: null }, 'NOT_YET_VALID'],
    ['RFC 7519 4.1.6: iat in 1970', { ...CLAIMS, iat: 0 }, 'LIVES_TOO_LONG'],
    ['RFC 7519 4.1.2: sub is empty', { ...CLAIMS, sub: '' }, 'NO_SUBJECT'],
    ['RFC 7519 4.1.3: aud in another case', { ...CLAIMS, aud: 'Orders' }, 'WRONG_AUDIENCE'],
    ['RFC 7519 4.1.3: aud within a list within a list', { ...CLAIMS, aud: [['orders']] }, 'WRONG_AUDIENCE'],
    ['RFC 7519 4: of a claim given twice, the last counts', TWICE, 'UNKNOWN_ISSUER'],
    ['RFC 7800 3.1: bound to nothing that is known', { ...CLAIMS, cnf: null }, 'BINDING_NOT_SUPPORTED'],
    ['RFC 7519 4.1.5: nbf in six seconds', { ...CLAIMS, nbf: NOW + 6 }, 'NOT_YET_VALID'],
    ['RFC 7519 4.1.5: nbf is text', { ...CLAIMS, nbf: 'now' }, 'NOT_YET_VALID'],
    ['RFC 7519 4.1.6: no iat', without('iat'), 'NO_ISSUE_TIME'],
    ['RFC 7519 4.1.6: iat is text', { ...CLAIMS, iat: 'now' }, 'NO_ISSUE_TIME'],
    ['RFC 7519 4.1.6: iat in six seconds', { ...CLAIMS, iat: NOW + 6 }, 'ISSUED_IN_FUTURE'],
    ['a life longer than the maximum', { ...CLAIMS, exp: CLAIMS.iat + 86_401 }, 'LIVES_TOO_LONG'],
    ['RFC 9068 2.2: neither sub nor client', without('sub'), 'NO_SUBJECT'],
    ['RFC 7519 4.1.2: sub is a number', { ...CLAIMS, sub: 7 }, 'NO_SUBJECT'],
    ['OpenID Connect Core 2: an ID token by nonce', { ...CLAIMS, nonce: 'n' }, 'ID_TOKEN'],
    ['OpenID Connect Core 3.3.2.11: an ID token by at_hash', { ...CLAIMS, at_hash: 'h' }, 'ID_TOKEN'],
    ["Cognito's ID token", { ...CLAIMS, token_use: 'id' }, 'ID_TOKEN'],
    ["Keycloak's refresh token", { ...CLAIMS, typ: 'Refresh' }, 'ID_TOKEN'],
    ['RFC 7519 7.2: claims in a list', [CLAIMS], 'UNKNOWN_ISSUER'],
  ])('are refused: %s', async (_, claims, reason) => {
    expect(await outcome(claims)).toBe(reason);
  });

  test.each<[string, object]>([
    ['RFC 7519 4.1.3: one aud of several', { ...CLAIMS, aud: ['billing', 'orders'] }],
    ['RFC 7519 4.1.4: exp four seconds ago', { ...CLAIMS, exp: NOW - 4 }],
    ['RFC 7519 4.1.5: nbf in five seconds', { ...CLAIMS, nbf: NOW + 5 }],
    ['RFC 7519 4.1.6: iat in five seconds', { ...CLAIMS, iat: NOW + 5 }],
    ['RFC 7519 2: dates with fractions', { ...CLAIMS, exp: NOW + 0.5, iat: NOW - 0.5 }],
    ['a life of exactly the maximum', { ...CLAIMS, exp: CLAIMS.iat + 86_400 }],
  ])('are accepted: %s', async (_, claims) => {
    expect(await outcome(claims)).toBe('alice');
  });

  test('are accepted without sub where they name a client', async () => {
    expect(await outcome({ ...without('sub'), client_id: 'batch' })).toBe('anonymous');
  });

  test.each([
    [undefined, 'JWT', 'alice'],
    [undefined, 'at+jwt', 'alice'],
    [undefined, 'application/at+jwt', 'alice'],
    [undefined, 'logout+jwt', 'WRONG_TOKEN_TYPE'],
    [undefined, 'secevent+jwt', 'WRONG_TOKEN_TYPE'],
    [undefined, 'dpop+jwt', 'WRONG_TOKEN_TYPE'],
    ['at+jwt', 'at+jwt', 'alice'],
    ['at+jwt', 'AT+JWT', 'alice'],
    ['at+jwt', 'application/at+jwt', 'alice'],
    ['at+jwt', 'JWT', 'WRONG_TOKEN_TYPE'],
    ['at+jwt', undefined, 'WRONG_TOKEN_TYPE'],
  ])(
    'where type %s is demanded, of type %s (RFC 9068 4, RFC 8725 3.11): %s',
    async (tokenType, typ, expected) => {
      expect(await outcome(CLAIMS, { header: { typ }, configuration: { tokenType } })).toBe(expected);
    },
  );

  test('must have the values that are required', async () => {
    const configuration = {
      requiredClaims: { token_use: 'access' },
      audienceClaim: 'client_id',
      audiences: ['app'],
    };

    expect(await outcome({ ...CLAIMS, client_id: 'app', token_use: 'access' }, { configuration })).toBe(
      'alice',
    );
    expect(await outcome({ ...CLAIMS, client_id: 'app' }, { configuration })).toBe('WRONG_CLAIM');
    expect(await outcome({ ...CLAIMS, client_id: 'other', token_use: 'access' }, { configuration })).toBe(
      'WRONG_AUDIENCE',
    );
  });

  test('signed by an algorithm that is not pinned are refused', async () => {
    expect(await outcome(CLAIMS, { configuration: { algorithms: ['RS256'] } })).toBe('ALGORITHM_NOT_ALLOWED');
  });

  test('are of the issuer, whoever asks', () => {
    expect(() => requireClaims({ ...CLAIMS, iss: STRANGER }, jwtConfiguration(), NOW)).toThrow(
      'UNKNOWN_ISSUER',
    );
    expect(() => requireClaims(CLAIMS, jwtConfiguration(), NOW)).not.toThrow();
  });

  test('RFC 9068 2.2: may hold a nonce where the type says that it is an access token', async () => {
    expect(await outcome({ ...CLAIMS, nonce: 'n' }, { header: { typ: 'at+jwt' } })).toBe('alice');
  });

  test.each([
    ['a refused token, by its hash', { aud: 'billing' }, /^sha256:[A-Za-z0-9+/]{16}$/],
    ['a good token, by its jti, cut', { scope: '', jti: 'j'.repeat(200) }, /^j{128}$/],
    ['a good token without jti, by its hash', { scope: '', jti: '' }, /^sha256:[A-Za-z0-9+/]{16}$/],
  ])('are named in the log: %s', async (_, changes, expected) => {
    const { call, lines } = authorizer(
      { customer: jwtVerifier([KEY]) },
      { 'GET /orders': operation({ security: [{ customer: ['orders:read'] }] }) },
    );

    await call(bearer(token(KEY, { ...CLAIMS, ...changes }))).catch(() => {});

    expect(JSON.parse(lines[0] ?? '').credentialId).toMatch(expected);
  });

  test("signed by another issuer's key are refused, even under its own kid", async () => {
    const impostor = { ...OTHER, jwk: { ...OTHER.jwk, kid: 'one' } };

    expect(await outcome(CLAIMS, { key: OTHER })).toBe('UNKNOWN_KEY');
    expect(await outcome(CLAIMS, { key: impostor })).toBe('BAD_SIGNATURE');
  });
});

describe('memory of JWTs', () => {
  function withClock(published = [KEY]) {
    const clock = { millis: NOW * 1000, published };
    const now = () => clock.millis;
    const fetchDocument = async () => ({ json: { keys: clock.published.map(({ jwk }) => jwk) } });
    const configuration = jwtConfiguration();
    const verifier = new JwtVerifier(
      configuration,
      new IssuerKeys(configuration, { fetchKeys: () => fetchKeySet(configuration, fetchDocument), now }),
      now,
    );
    const verify = async (text: string) => verifier.verify(new Credential(text), {});
    return { clock, verify };
  }

  test('forgets a token when it expires', async () => {
    const { clock, verify } = withClock();
    const text = token(KEY, CLAIMS);
    await verify(text);

    clock.millis = (CLAIMS.exp + 4) * 1000;
    await expect(verify(text)).resolves.toMatchObject({ userId: 'alice' });
    clock.millis = (CLAIMS.exp + 5) * 1000;
    await expect(verify(text)).rejects.toThrow('EXPIRED');
  });

  test('forgets the tokens of a key that the issuer has withdrawn', async () => {
    const { clock, verify } = withClock();
    const text = token(KEY, { ...CLAIMS, exp: NOW + 80_000 });
    await verify(text);
    clock.published = [OTHER];

    clock.millis += 7 * 3_600_000;
    await expect(verify(text)).rejects.toThrow('UNKNOWN_KEY');
  });

  test('proves a token once', async () => {
    const { verify } = withClock();
    const text = token(KEY, CLAIMS);

    expect(await verify(text)).toBe(await verify(text));
  });

  test('is empty once the issuer published other keys', async () => {
    const { clock, verify } = withClock();
    const text = token(KEY, { ...CLAIMS, exp: NOW + 80_000 });
    await verify(text);
    clock.published = [OTHER];
    clock.millis += 30_000;

    // an unknown key is asked for, and what comes no longer holds the old one
    await verify(token(OTHER, CLAIMS));
    await expect(verify(text)).rejects.toThrow('UNKNOWN_KEY');
  });

  test('does not mistake one token for another', async () => {
    const { verify } = withClock();
    await verify(token(KEY, CLAIMS));

    await expect(verify(token(KEY, { ...CLAIMS, sub: 'bob' }))).resolves.toMatchObject({ userId: 'bob' });
  });
});
