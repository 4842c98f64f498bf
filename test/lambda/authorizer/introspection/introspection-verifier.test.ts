import { gzipSync } from 'node:zlib';
import { withinASecond } from '../../shared/within-a-second';
import { answerJson, type Behaviour } from '../https-server';
import { signingKey, token } from '../tokens';
import { AUDIENCE, bearer, ISSUER, NOW } from '../under-test';
import {
  ACTIVE,
  answering,
  answerJson401,
  asked,
  clock,
  OPAQUE,
  reasonOf,
  secrets,
  server,
  underTest,
} from './introspected';

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
});
