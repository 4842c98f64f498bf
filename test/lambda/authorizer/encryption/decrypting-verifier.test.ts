import { generateKeyPairSync } from 'node:crypto';
import type { AuthorizerRequest } from '../../../../lambda/authorizer/authorizer-request';
import { Credential } from '../../../../lambda/authorizer/credential';
import { decrypter } from '../../../../lambda/authorizer/encryption/decrypt';
import { DecryptingVerifier } from '../../../../lambda/authorizer/encryption/decrypting-verifier';
import { RememberedSecret } from '../../../../lambda/shared/remembered-secret';
import { readCertificate } from '../../../../lib/protocol/client-certificate';
import { certificate } from '../certificate/certificates';
import { mutations } from '../mutations';
import { token } from '../tokens';
import { authorizer, bearer, CLAIMS, jwtVerifier, operation } from '../under-test';
import { EC, encrypt, jwkOf, KEY, NEW, RSA, reasonOf, SIGNED, underTest } from './encrypted';

const MUTATIONS = Number(process.env['FUZZ_RUNS'] ?? 500);

describe('encrypted token', () => {
  test('is refused where nothing says how to open it', async () => {
    const { call, lines } = authorizer({ customer: jwtVerifier([KEY]) }, { 'GET /orders': operation() });

    await expect(call(bearer(await encrypt(SIGNED, RSA.publicKey)))).rejects.toThrow(/^Unauthorized$/);
    expect(reasonOf(lines)).toBe('ENCRYPTED_TOKEN');
  });

  test.each([
    ['RSA-OAEP-256', RSA.publicKey, {}],
    ['ECDH-ES', EC.publicKey, { alg: 'ECDH-ES', kid: 'ec' }],
    ['a header without kid', RSA.publicKey, { kid: undefined }],
  ])('is opened and proven: %s', async (_, key, header) => {
    const { call } = underTest();
    const text = await encrypt(SIGNED, key, header);

    expect((await call(bearer(text))).principalId).toBe('alice');
    expect((await call(bearer(text))).principalId).toBe('alice');
  });

  test('need not be encrypted', async () => {
    expect((await underTest().call(bearer(SIGNED))).principalId).toBe('alice');
  });

  test('is opened once, and proven again each time', async () => {
    const opened: string[] = [];
    const decrypt = async (jwe: string) => {
      opened.push(jwe);
      return SIGNED;
    };
    const verifier = new DecryptingVerifier(jwtVerifier([KEY]), decrypt);
    const { call } = authorizer({ customer: verifier }, { 'GET /orders': operation() });
    const text = await encrypt(SIGNED, RSA.publicKey);

    await call(bearer(text));
    await call(bearer(text));

    expect(opened).toEqual([text]);
  });

  test('without kid is not tried with one key after the other', async () => {
    const { call, lines } = underTest([jwkOf(RSA.privateKey, 'one'), jwkOf(NEW.privateKey, 'two')]);
    const text = await encrypt(SIGNED, RSA.publicKey, { kid: undefined });

    await expect(call(bearer(text))).rejects.toThrow(/^Unauthorized$/);
    expect(reasonOf(lines)).toBe('UNKNOWN_DECRYPTION_KEY');
  });

  test.each([
    ['PEM', () => String(RSA.privateKey.export({ type: 'pkcs8', format: 'pem' }))],
    ['a JWK behind a line end', () => `\n${JSON.stringify(jwkOf(RSA.privateKey, 'rsa'))}`],
  ])('is opened by a key in %s', async (_, secretText) => {
    const secret = new RememberedSecret(
      'arn',
      async () => secretText(),
      () => 0,
    );
    const verifier = new DecryptingVerifier(jwtVerifier([KEY]), decrypter(secret, ['RSA-OAEP-256']));
    const { call } = authorizer({ customer: verifier }, { 'GET /orders': operation() });

    expect((await call(bearer(await encrypt(SIGNED, RSA.publicKey)))).principalId).toBe('alice');
  });

  test('is opened by a new key once the secret has it', async () => {
    const { call, state } = underTest();
    const text = await encrypt(SIGNED, NEW.publicKey, { kid: 'new' });
    await expect(call(bearer(text))).rejects.toThrow('Unauthorized');
    state.keys = [...state.keys, jwkOf(NEW.privateKey, 'new')];

    state.millis += 5_000;
    expect((await call(bearer(text))).principalId).toBe('alice');
    expect(state.reads).toBe(2);
  });

  test.each([
    ['is too weak', jwkOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey, 'rsa')],
    ['is public', { ...RSA.publicKey.export({ format: 'jwk' }), kid: 'rsa' }],
  ])('fails, which is no fault of the token, where our key %s', async (_, key) => {
    const { call } = underTest([key]);

    await expect(call(bearer(await encrypt(SIGNED, RSA.publicKey)))).rejects.toThrow(/^Internal$/);
  });

  test('RFC 7517 4.2: is opened by a key for encryption', async () => {
    const { call } = underTest([{ ...jwkOf(RSA.privateKey, 'rsa'), use: 'enc' }]);

    expect((await call(bearer(await encrypt(SIGNED, RSA.publicKey)))).principalId).toBe('alice');
  });

  test.each([
    ['RSA-OAEP-256', RSA.publicKey, {}],
    ['ECDH-ES', EC.publicKey, { alg: 'ECDH-ES', kid: 'ec' }],
  ])('is never accepted, and crashes nothing, where it is mutated: %s', async (_, key, header) => {
    const { verifier } = underTest();
    const good = await encrypt(SIGNED, key, header);
    const wrong: unknown[] = [];

    for (const text of mutations(good, MUTATIONS, 3)) {
      const outcome = await (async () =>
        verifier.verify(new Credential(text), {} as AuthorizerRequest))().then(
        () => 'accepted',
        (error: Error) => error.name,
      );
      if (outcome !== 'Unauthenticated') wrong.push([outcome, text]);
    }

    expect(wrong).toEqual([]);
  });

  test('RFC 7517 4.2: is not opened by a key for signatures', async () => {
    const { call, lines } = underTest([{ ...jwkOf(RSA.privateKey, 'rsa'), use: 'sig' }]);

    await expect(call(bearer(await encrypt(SIGNED, RSA.publicKey)))).rejects.toThrow(/^Unauthorized$/);
    expect(reasonOf(lines)).toBe('UNKNOWN_DECRYPTION_KEY');
  });

  test('that is bound to a certificate comes with it each time, remembered or not', async () => {
    const pem = await certificate();
    const { call, lines } = underTest();
    const cnf = { 'x5t#S256': readCertificate(pem)?.thumbprint };
    const headers = {
      Authorization: `Bearer ${await encrypt(token(KEY, { ...CLAIMS, cnf }), RSA.publicKey)}`,
    };

    await expect(call({ headers, certificate: pem })).resolves.toBeDefined();
    await expect(call({ headers })).rejects.toThrow(/^Unauthorized$/);
    await expect(call({ headers, certificate: await certificate() })).rejects.toThrow(/^Unauthorized$/);
    await expect(call({ headers, certificate: pem })).resolves.toBeDefined();
    expect(reasonOf(lines)).toBe('BOUND_TO_ANOTHER_CERTIFICATE');
  });

  test('fails, and says nothing of the keys, where the secret cannot be read', async () => {
    const { call, lines } = underTest([{ kty: 'EC', d: 'top-secret-number' }]);

    await expect(call(bearer(await encrypt(SIGNED, RSA.publicKey)))).rejects.toThrow(/^Internal$/);
    expect(lines.join()).not.toContain('top-secret');
  });
});
