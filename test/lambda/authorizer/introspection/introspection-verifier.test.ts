import { generateKeyPairSync } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { verifyJws } from '../../../../lambda/authorizer';
import { introspector } from '../../../../lambda/authorizer/introspection/introspect';
import { IntrospectionVerifier } from '../../../../lambda/authorizer/introspection/introspection-verifier';
import { RememberedSecret } from '../../../../lambda/shared/remembered-secret';
import { secretReader } from '../../../../lambda/shared/secret-reader';
import type { IntrospectionConfiguration } from '../../../../lib/protocol/authorizer-configuration';
import {
  answer as awsAnswer,
  environment,
  refuse,
  startService,
  type TestService,
} from '../../shared/service';
import { answerJson, type Behaviour, startServer, type TestServer } from '../https-server';
import { signingKey, token } from '../tokens';
import { AUDIENCE, authorizer, bearer, ISSUER, NOW, operation } from '../under-test';

const OPAQUE = 'opaque-token-of-alice-0123456789abcdef';
const ACTIVE = {
  active: true,
  iss: ISSUER,
  aud: AUDIENCE,
  sub: 'alice',
  scope: 'orders:read',
  exp: NOW + 600,
};

let server: TestServer;
let secrets: TestService;
let asked: { headers: Record<string, string | string[] | undefined>; form: URLSearchParams }[];
let clock: { millis: number };
const saved = { ...process.env };

beforeAll(async () => {
  server = await startServer(() => {});
  secrets = await startService(awsAnswer({ SecretString: 'pass:word/1' }));
  Object.assign(process.env, environment(secrets.endpoint));
});

afterAll(async () => {
  process.env = { ...saved };
  await server.close();
  await secrets.close();
});

beforeEach(() => {
  asked = [];
  clock = { millis: NOW * 1000 };
  server.requests.length = 0;
  secrets.calls.length = 0;
  secrets.behave = awsAnswer({ SecretString: 'pass:word/1' });
  server.behave = answering(ACTIVE);
});

/** Answers like an issuer, having read the question. */
function answering(value: unknown, status = 200): Behaviour {
  return (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      asked.push({ headers: request.headers, form: new URLSearchParams(Buffer.concat(chunks).toString()) });
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    });
  };
}

function configurationOf(changes: Partial<IntrospectionConfiguration> = {}): IntrospectionConfiguration {
  return {
    kind: 'introspection',
    endpoint: `${server.url}/introspect`,
    issuer: ISSUER,
    audiences: [AUDIENCE],
    clientId: 'gate way',
    clientSecretArn: 'arn:secret',
    clientAuthentication: 'client_secret_basic',
    ...changes,
  };
}

function underTest({
  revokeWithinMillis = 30_000,
  configuration: changes = {},
}: {
  revokeWithinMillis?: number;
  configuration?: Partial<IntrospectionConfiguration>;
} = {}) {
  const configuration = configurationOf(changes);
  const now = () => clock.millis;
  const secret = new RememberedSecret(configuration.clientSecretArn, secretReader(), now);
  const introspect = introspector(configuration, { secret, now, agent: server.agent });
  const verifier = new IntrospectionVerifier(configuration, introspect, revokeWithinMillis, now);
  return authorizer(
    { customer: verifier },
    { 'GET /orders': operation({ security: [{ customer: ['orders:read'] }] }) },
  );
}

const reasonOf = (lines: readonly string[]) => JSON.parse(lines.at(-1) ?? '{}').reason;

/** Answers within a second, by the wall clock. */
async function withinASecond<T>(work: Promise<T>): Promise<T> {
  const started = performance.now();
  try {
    return await work;
  } finally {
    expect(performance.now() - started).toBeLessThan(1_000);
  }
}

describe('introspection', () => {
  test('asks the issuer, as the client it is, and admits an active token', async () => {
    const decision = await underTest().call(bearer(OPAQUE));

    expect(decision.context).toMatchObject({ userId: 'alice', userScopes: 'orders:read' });
    expect(Object.fromEntries(asked[0]?.form ?? [])).toEqual({
      token: OPAQUE,
      token_type_hint: 'access_token',
    });
    // RFC 6749 2.3.1: form-encoded, then joined
    expect(asked[0]?.headers['authorization']).toBe(
      `Basic ${Buffer.from('gate+way:pass%3Aword%2F1').toString('base64')}`,
    );
    expect(secrets.calls).toMatchObject([{ operation: 'GetSecretValue', input: { SecretId: 'arn:secret' } }]);
  });

  test.each([
    ['the token', OPAQUE, 'sha256:'],
    ['what the token begins with', OPAQUE.slice(0, 20), 'sha256:'],
    ['the token in an address', `urn:token:${OPAQUE}`, 'sha256:'],
    ['a name', '0b6e7f9a', '0b6e7f9a'],
  ])('names the token in the log by a jti that is %s safely', async (_, jti, named) => {
    server.behave = answering({ ...ACTIVE, jti, scope: 'other' });
    const { call, lines } = underTest();

    expect((await call(bearer(OPAQUE))).policyDocument.Statement[0]?.Effect).toBe('Deny');
    expect(JSON.parse(lines[0] ?? '{}').credentialId).toMatch(new RegExp(`^${named}`));
    expect(lines.join()).not.toContain(OPAQUE.slice(0, 20));
  });

  test.each([
    ['RFC 7662 2.2: inactive', { active: false }, 'INACTIVE'],
    ['RFC 7662 2.2: inactive, whatever else is said', { ...ACTIVE, active: false }, 'INACTIVE'],
    ['RFC 7662 2.2: another iss', { ...ACTIVE, iss: 'https://other.example.com/' }, 'UNKNOWN_ISSUER'],
    ['RFC 7662 2.2: another aud', { ...ACTIVE, aud: ['billing'] }, 'WRONG_AUDIENCE'],
    ['RFC 7662 2.2: no aud', { ...ACTIVE, aud: undefined }, 'WRONG_AUDIENCE'],
    ['RFC 7662 2.2: exp over', { ...ACTIVE, exp: NOW - 5 }, 'EXPIRED'],
    ['RFC 7662 2.2: exp is text', { ...ACTIVE, exp: '9999999999' }, 'EXPIRED'],
    ['RFC 7662 2.2: exp is null', { ...ACTIVE, exp: null }, 'EXPIRED'],
    ['RFC 7662 2.2: iss is null', { ...ACTIVE, iss: null }, 'UNKNOWN_ISSUER'],
    ['RFC 7662 2.2: iss in a list', { ...ACTIVE, iss: [ISSUER] }, 'UNKNOWN_ISSUER'],
    ['RFC 7662 2.2: aud in an object', { ...ACTIVE, aud: { [AUDIENCE]: true } }, 'WRONG_AUDIENCE'],
    ['RFC 7662 2.2: an empty list of aud', { ...ACTIVE, aud: [] }, 'WRONG_AUDIENCE'],
    ['RFC 7662 2.2: a list of aud in a list', { ...ACTIVE, aud: [[AUDIENCE]] }, 'WRONG_AUDIENCE'],
    ['RFC 7662 2.2: nbf is text', { ...ACTIVE, nbf: '0' }, 'NOT_YET_VALID'],
    ['RFC 7662 2.2: a type that is a number', { ...ACTIVE, token_type: 7 }, 'WRONG_TOKEN_TYPE'],
    ['RFC 9449 6.2: a DPoP token', { ...ACTIVE, token_type: 'DPoP' }, 'WRONG_TOKEN_TYPE'],
    ['RFC 7662 2.2: nbf to come', { ...ACTIVE, nbf: NOW + 60 }, 'NOT_YET_VALID'],
    ['RFC 7662 2.2: a refresh token', { ...ACTIVE, token_type: 'refresh_token' }, 'WRONG_TOKEN_TYPE'],
    ['RFC 9449 7: a token bound by DPoP', { ...ACTIVE, cnf: { jkt: 'x' } }, 'BINDING_NOT_SUPPORTED'],
    ['RFC 7662 2.2: nobody named', { ...ACTIVE, sub: undefined }, 'NO_SUBJECT'],
  ])('refuses %s', async (_, value, reason) => {
    server.behave = answering(value);
    const { call, lines } = underTest();

    await expect(call(bearer(OPAQUE))).rejects.toThrow(/^Unauthorized$/);
    expect(reasonOf(lines)).toBe(reason);
  });

  test.each([
    ['what may be left out, left out', { iss: undefined, exp: undefined }],
    ['one aud of several', { aud: ['billing', AUDIENCE] }],
    ['exp four seconds ago', { exp: NOW - 4 }],
    ['nbf in five seconds', { nbf: NOW + 5 }],
    ['the type in any case', { token_type: 'BEARER' }],
    ['a client instead of a subject', { sub: undefined, client_id: 'batch' }],
  ])('RFC 7662 2.2: admits %s', async (_, changes) => {
    server.behave = answering({ ...ACTIVE, ...changes });

    await expect(underTest().call(bearer(OPAQUE))).resolves.toHaveProperty('usageIdentifierKey');
  });

  test("asks for the issuer's own JWTs, and for what only looks like one", async () => {
    const own = token(signingKey('ES256', 'k'), { iss: ISSUER });
    const { call } = underTest();

    await call(bearer(own));
    await call(bearer('a.b.c'));
    await call(bearer('a.b'));

    expect(asked.map(({ form }) => form.get('token'))).toEqual([own, 'a.b.c', 'a.b']);
  });

  test('takes an answer whose type names its charset', async () => {
    server.behave = answerJson(ACTIVE, { 'content-type': 'Application/JSON; charset=utf-8' });

    await expect(underTest().call(bearer(OPAQUE))).resolves.toBeDefined();
  });

  test.each([
    [
      "another issuer's JWT",
      token(signingKey('ES256', 'k'), { iss: 'https://other.example.com/' }),
      'UNKNOWN_ISSUER',
    ],
    ['what no token can be', 'a b', 'MALFORMED_TOKEN'],
    ['a token of 9 KB', 'a'.repeat(9_000), 'TOKEN_TOO_LONG'],
  ])('refuses %s without showing it to the issuer', async (_, text, reason) => {
    const { call, lines } = underTest();

    await expect(call(bearer(text))).rejects.toThrow(/^Unauthorized$/);
    expect(reasonOf(lines)).toBe(reason);
    expect(asked).toEqual([]);
  });

  test.each<[string, Behaviour]>([
    ['hangs', () => {}],
    ['closes the connection', (request) => request.socket.destroy()],
    ['answers 500', answeringLater(500, { active: true })],
    ['answers 404', answeringLater(404, ACTIVE)],
    ['redirects', (_, response) => response.writeHead(302, { location: '/other' }).end()],
    ['answers HTML', (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')],
    [
      'answers a JWT',
      (_, response) =>
        response.writeHead(200, { 'content-type': 'application/token-introspection+jwt' }).end('e30.e30.'),
    ],
    ['answers a list', answerJson([])],
    [
      'drips',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const timer = setInterval(() => response.write(' '), 20);
        response.on('close', () => clearInterval(timer));
      },
    ],
    ['breaks off', (_, response) => response.writeHead(200, { 'content-length': '500' }).end('{')],
    ['answers more than 64 KB', answerJson({ ...ACTIVE, pad: 'x'.repeat(65_536) })],
    ['answers 201', answeringLater(201, ACTIVE)],
    ['answers 204', (_, response) => response.writeHead(204).end()],
    ['redirects with the question', (_, response) => response.writeHead(307, { location: '/other' }).end()],
    [
      'answers JSON as text',
      (_, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end(JSON.stringify(ACTIVE)),
    ],
    [
      'answers HTML as JSON',
      (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('<html>'),
    ],
    [
      'answers compressed',
      (_, response) =>
        response
          .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
          .end(gzipSync(JSON.stringify(ACTIVE))),
    ],
    [
      'takes it back in one answer',
      (_, response) =>
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(`${JSON.stringify(ACTIVE).slice(0, -1)},"active":"yes"}`),
    ],
    ['says null', answerJson(null)],
    ['says active in text', answerJson({ ...ACTIVE, active: 'true' })],
    ['says active by a number', answerJson({ ...ACTIVE, active: 1 })],
    ['does not say', answerJson({ sub: 'alice' })],
    [
      'answers without end',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const more = () => response.write(Buffer.alloc(65_536, ' '), more);
        more();
      },
    ],
    ['refuses the client again and again', answerJson401],
  ])('fails within a second, and admits nobody, where the issuer %s', async (_, behave) => {
    server.behave = behave;
    const { call } = underTest();

    await withinASecond(expect(call(bearer(OPAQUE))).rejects.toThrow(/^Internal$/));
  });

  function answeringLater(status: number, value: object): Behaviour {
    return (_, response) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  }

  function answerJson401(...[, response]: Parameters<Behaviour>): void {
    response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":"invalid_client"}');
  }

  test.each([
    ['is denied', refuse('AccessDeniedException')],
    ['does not answer', () => {}],
  ])('fails within a second where the secret %s', async (_, behave) => {
    secrets.behave = behave;

    await withinASecond(expect(underTest().call(bearer(OPAQUE))).rejects.toThrow(/^Internal$/));
    expect(asked).toEqual([]);
  });

  test('does not remember that the secret could not be read', async () => {
    secrets.behave = refuse('AccessDeniedException');
    const { call } = underTest();
    await expect(call(bearer(OPAQUE))).rejects.toThrow(/^Internal$/);
    secrets.behave = awsAnswer({ SecretString: 'pass:word/1' });

    await expect(call(bearer(OPAQUE))).resolves.toBeDefined();
  });

  test('waits for no secret longer than a caller waits for an answer', async () => {
    const secret = new RememberedSecret(
      'arn',
      () => new Promise(() => {}),
      () => clock.millis,
    );
    const introspect = introspector(configurationOf(), {
      secret,
      now: () => clock.millis,
      agent: server.agent,
    });

    await withinASecond(expect(introspect(OPAQUE)).rejects.toThrow('not read in time'));
    expect(asked).toEqual([]);
  });

  test('reads the secret anew after a minute', async () => {
    const { call } = underTest({ revokeWithinMillis: 0 });
    await call(bearer(OPAQUE));

    clock.millis += 59_999;
    await call(bearer(OPAQUE));
    expect(secrets.calls).toHaveLength(1);
    clock.millis += 1;
    await call(bearer(OPAQUE));
    expect(secrets.calls).toHaveLength(2);
  });

  test('takes up a rotated secret when the old one is refused', async () => {
    const { call } = underTest({ revokeWithinMillis: 0 });
    await call(bearer(OPAQUE));
    secrets.behave = awsAnswer({ SecretString: 'new' });
    server.behave = (request, response) => {
      const isNew =
        request.headers.authorization === `Basic ${Buffer.from('gate+way:new').toString('base64')}`;
      (isNew ? answering(ACTIVE) : answering({}, 401))(request, response);
    };
    clock.millis += 5_000;

    await expect(call(bearer(OPAQUE))).resolves.toBeDefined();
    expect(secrets.calls).toHaveLength(2);
  });

  test('does not ask for a secret over and over while it is refused', async () => {
    server.behave = answerJson401;
    const { call } = underTest({ revokeWithinMillis: 0 });

    for (let round = 0; round < 5; round += 1) await call(bearer(OPAQUE)).catch(() => {});

    expect(secrets.calls).toHaveLength(1);
  });

  test('remembers an answer no longer than a revoked token may work', async () => {
    const { call } = underTest({ revokeWithinMillis: 30_000 });
    await call(bearer(OPAQUE));
    server.behave = answering({ active: false });

    clock.millis += 29_999;
    await expect(call(bearer(OPAQUE))).resolves.toBeDefined();
    clock.millis += 1;
    await expect(call(bearer(OPAQUE))).rejects.toThrow(/^Unauthorized$/);
  });

  test('remembers an answer no longer than the token lives', async () => {
    server.behave = answering({ ...ACTIVE, exp: NOW + 10 });
    const { call } = underTest({ revokeWithinMillis: 3_600_000 });
    await call(bearer(OPAQUE));

    clock.millis += 15_000;
    await expect(call(bearer(OPAQUE))).rejects.toThrow(/^Unauthorized$/);
    expect(asked).toHaveLength(2);
  });

  test('remembers that a token is not active, and asks once for many', async () => {
    server.behave = answering({ active: false });
    const { call } = underTest();

    await Promise.allSettled(Array.from({ length: 100 }, () => call(bearer(OPAQUE))));
    await call(bearer(OPAQUE)).catch(() => {});

    expect(asked).toHaveLength(1);
  });

  test('asks on every request where nothing may be remembered', async () => {
    const { call } = underTest({ revokeWithinMillis: 0 });

    await Promise.all([call(bearer(OPAQUE)), call(bearer(OPAQUE))]);

    expect(asked).toHaveLength(2);
  });

  test('serves from memory while the issuer is down, until it may not', async () => {
    const { call } = underTest();
    await call(bearer(OPAQUE));
    server.behave = (request) => request.socket.destroy();

    clock.millis += 29_999;
    await expect(call(bearer(OPAQUE))).resolves.toBeDefined();
    clock.millis += 1;
    await expect(call(bearer(OPAQUE))).rejects.toThrow(/^Internal$/);
  });

  test.each(['ES256', 'RS256', 'EdDSA'])('proves the client by a signed statement: %s', async (alg) => {
    const key = signingKey(alg, 'client-key');
    const jwk = { ...key.privateKey.export({ format: 'jwk' }), kid: 'client-key' };
    secrets.behave = awsAnswer({ SecretString: JSON.stringify(jwk) });
    const { call } = underTest({ configuration: { clientAuthentication: 'private_key_jwt' } });

    await call(bearer(OPAQUE));

    const form = asked[0]?.form ?? new URLSearchParams();
    const { payload } = verifyJws(form.get('client_assertion') ?? '', { keys: [key.jwk] });
    expect(JSON.parse(Buffer.from(payload).toString())).toMatchObject({
      iss: 'gate way',
      sub: 'gate way',
      aud: ISSUER,
      exp: NOW + 60,
    });
    expect(form.get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    expect(asked[0]?.headers['authorization']).toBeUndefined();
  });

  test.each([
    ['ES384', 'a JWK'],
    ['ES512', 'a JWK'],
    ['RS512', 'a JWK'],
    ['RS256', 'PEM'],
    ['ES256', 'PEM'],
  ])('proves the client by a key of another kind: %s in %s', async (alg, form) => {
    const key = signingKey(alg, 'client-key');
    const jwk = { ...key.privateKey.export({ format: 'jwk' }), kid: 'client-key', alg };
    const pem = String(key.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    secrets.behave = awsAnswer({ SecretString: form === 'PEM' ? pem : JSON.stringify(jwk) });
    const { call } = underTest({ configuration: { clientAuthentication: 'private_key_jwt' } });

    await call(bearer(OPAQUE));

    const { header } = verifyJws(asked[0]?.form.get('client_assertion') ?? '', { keys: [key.jwk] });
    expect(header).toEqual({ alg, typ: 'JWT', ...(form === 'PEM' ? {} : { kid: 'client-key' }) });
  });

  test('finds the password beside other things in JSON', async () => {
    secrets.behave = awsAnswer({ SecretString: JSON.stringify({ client_secret: 'new', other: 1 }) });

    await underTest().call(bearer(OPAQUE));

    expect(asked[0]?.headers['authorization']).toBe(
      `Basic ${Buffer.from('gate+way:new').toString('base64')}`,
    );
  });

  test.each<[string, string, Partial<IntrospectionConfiguration>]>([
    ['a password', '{"password":"top-secret"}', {}],
    ['a password in text', '{"client_secret":7,"note":"top-secret"}', {}],
    ['a private key', 'top-secret', { clientAuthentication: 'private_key_jwt' }],
    [
      'a key that signs',
      String(generateKeyPairSync('x25519').privateKey.export({ type: 'pkcs8', format: 'pem' })),
      { clientAuthentication: 'private_key_jwt' },
    ],
  ])(
    'fails, and quotes nothing, where the secret does not hold %s',
    async (_, SecretString, configuration) => {
      secrets.behave = awsAnswer({ SecretString });
      const { call, lines } = underTest({ configuration });

      await expect(call(bearer(OPAQUE))).rejects.toThrow(/^Internal$/);
      expect(lines.join()).not.toMatch(/top-secret|PRIVATE/);
      expect(asked).toEqual([]);
    },
  );

  test('asks again over another connection when the one that was kept has died', async () => {
    server.agent.options.keepAlive = true;
    Object.assign(server.agent, { keepAlive: true });
    const { call } = underTest({ revokeWithinMillis: 0 });
    await call(bearer(OPAQUE));
    server.behave = (request, response) => {
      server.behave = answering(ACTIVE);
      request.socket.destroy();
      response.destroy();
    };

    await expect(call(bearer(OPAQUE))).resolves.toBeDefined();
    server.agent.destroy();
    Object.assign(server.agent, { keepAlive: false });
  });

  test('says nothing of a private key that cannot be read', async () => {
    secrets.behave = awsAnswer({ SecretString: '{"kty":"EC","d":"top-secret-number"}' });
    const { call, lines } = underTest({ configuration: { clientAuthentication: 'private_key_jwt' } });

    await expect(call(bearer(OPAQUE))).rejects.toThrow(/^Internal$/);
    expect(lines.join()).not.toContain('top-secret');
  });
});
