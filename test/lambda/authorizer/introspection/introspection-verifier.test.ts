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

function underTest({
  revokeWithinMillis = 30_000,
  configuration: changes = {},
}: {
  revokeWithinMillis?: number;
  configuration?: Partial<IntrospectionConfiguration>;
} = {}) {
  const configuration: IntrospectionConfiguration = {
    kind: 'introspection',
    endpoint: `${server.url}/introspect`,
    issuer: ISSUER,
    audiences: [AUDIENCE],
    clientId: 'gate way',
    clientSecretArn: 'arn:secret',
    clientAuthentication: 'client_secret_basic',
    ...changes,
  };
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
    ['RFC 7662 2.2: inactive', { active: false }, 'INACTIVE'],
    ['RFC 7662 2.2: inactive, whatever else is said', { ...ACTIVE, active: false }, 'INACTIVE'],
    ['RFC 7662 2.2: another iss', { ...ACTIVE, iss: 'https://other.example.com/' }, 'UNKNOWN_ISSUER'],
    ['RFC 7662 2.2: another aud', { ...ACTIVE, aud: ['billing'] }, 'WRONG_AUDIENCE'],
    ['RFC 7662 2.2: no aud', { ...ACTIVE, aud: undefined }, 'WRONG_AUDIENCE'],
    ['RFC 7662 2.2: exp over', { ...ACTIVE, exp: NOW - 5 }, 'EXPIRED'],
    ['RFC 7662 2.2: exp is text', { ...ACTIVE, exp: '9999999999' }, 'EXPIRED'],
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
