import { generateKeyPairSync } from 'node:crypto';
import { verifyJws } from '../../../../lambda/authorizer';
import { introspector } from '../../../../lambda/authorizer/introspection/introspect';
import { RememberedSecret } from '../../../../lambda/shared/remembered-secret';
import type { IntrospectionConfiguration } from '../../../../lib/protocol/authorizer-configuration';
import { answer as awsAnswer, refuse } from '../../shared/service';
import { withinASecond } from '../../shared/within-a-second';
import { signingKey } from '../tokens';
import { bearer, ISSUER, NOW } from '../under-test';
import {
  ACTIVE,
  answering,
  answerJson401,
  asked,
  clock,
  configurationOf,
  OPAQUE,
  secrets,
  server,
  underTest,
} from './introspected';

describe('introspection', () => {
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

  test('says nothing of a private key that cannot be read', async () => {
    secrets.behave = awsAnswer({ SecretString: '{"kty":"EC","d":"top-secret-number"}' });
    const { call, lines } = underTest({ configuration: { clientAuthentication: 'private_key_jwt' } });

    await expect(call(bearer(OPAQUE))).rejects.toThrow(/^Internal$/);
    expect(lines.join()).not.toContain('top-secret');
  });
});
