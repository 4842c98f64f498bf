import { generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import { CompactEncrypt } from 'jose';
import type { AuthorizerRequest } from '../../../../lambda/authorizer/authorizer-request';
import { Credential } from '../../../../lambda/authorizer/credential';
import { decrypter } from '../../../../lambda/authorizer/encryption/decrypt';
import { DecryptingVerifier } from '../../../../lambda/authorizer/encryption/decrypting-verifier';
import { RememberedSecret } from '../../../../lambda/shared/remembered-secret';
import { readCertificate } from '../../../../lib/protocol/client-certificate';
import { certificate } from '../certificate/certificates';
import { mutations } from '../mutations';
import { signingKey, token } from '../tokens';
import { authorizer, bearer, CLAIMS, jwtVerifier, NOW, operation } from '../under-test';

const MUTATIONS = Number(process.env['FUZZ_RUNS'] ?? 500);
const KEY = signingKey('ES256', 'one');
const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });
const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const NEW = generateKeyPairSync('rsa', { modulusLength: 2048 });
const SIGNED = token(KEY, CLAIMS);

const HEADER = { alg: 'RSA-OAEP-256', enc: 'A256GCM', cty: 'JWT', kid: 'rsa' };

const encrypt = (text: string, key: KeyObject, header: object = {}) =>
  new CompactEncrypt(Buffer.from(text)).setProtectedHeader({ ...HEADER, ...header }).encrypt(key);

const jwkOf = (key: KeyObject, kid: string): JsonWebKey => ({ ...key.export({ format: 'jwk' }), kid });

function underTest(keys: JsonWebKey[] = [jwkOf(RSA.privateKey, 'rsa'), jwkOf(EC.privateKey, 'ec')]) {
  const state = { keys, reads: 0, millis: NOW * 1000 };
  const read = async () => {
    state.reads += 1;
    return JSON.stringify({ keys: state.keys });
  };
  const secret = new RememberedSecret('arn', read, () => state.millis);
  const verifier = new DecryptingVerifier(jwtVerifier([KEY]), decrypter(secret, ['RSA-OAEP-256', 'ECDH-ES']));
  return { state, verifier, ...authorizer({ customer: verifier }, { 'GET /orders': operation() }) };
}

const reasonOf = (lines: readonly string[]) => JSON.parse(lines.at(-1) ?? '{}').reason;

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

  test.each<[string, () => Promise<string>, string]>([
    ['RFC 7516 4.1.1: RSA1_5', async () => reheaded({ alg: 'RSA1_5' }), 'UNDECRYPTABLE_TOKEN'],
    [
      'RFC 7518 4.3: RSA-OAEP with SHA-1',
      () => encrypt(SIGNED, RSA.publicKey, { alg: 'RSA-OAEP' }),
      'UNDECRYPTABLE_TOKEN',
    ],
    ['RFC 7516 4.1.1: dir', async () => reheaded({ alg: 'dir' }), 'UNDECRYPTABLE_TOKEN'],
    [
      'RFC 7516 4.1.2: A128GCM',
      () => encrypt(SIGNED, RSA.publicKey, { enc: 'A128GCM' }),
      'UNDECRYPTABLE_TOKEN',
    ],
    [
      'RFC 7518 5.2: CBC',
      () => encrypt(SIGNED, RSA.publicKey, { enc: 'A128CBC-HS256' }),
      'UNDECRYPTABLE_TOKEN',
    ],
    ['RFC 8725 3.6: compression', async () => reheaded({ zip: 'DEF' }), 'UNSUPPORTED_HEADER'],
    ['RFC 7519 5.2: no cty', () => encrypt(SIGNED, RSA.publicKey, { cty: undefined }), 'NOT_NESTED'],
    ['RFC 7516 4.1.13: crit', async () => reheaded({ crit: ['exp'], exp: 1 }), 'UNDECRYPTABLE_TOKEN'],
    ['a key of nobody', () => encrypt(SIGNED, NEW.publicKey, { kid: 'new' }), 'UNKNOWN_DECRYPTION_KEY'],
    ['another key under our kid', () => encrypt(SIGNED, NEW.publicKey), 'UNDECRYPTABLE_TOKEN'],
    [
      'RFC 8725 3.2: claims that nobody signed',
      () => encrypt(JSON.stringify(CLAIMS), RSA.publicKey),
      'MALFORMED_TOKEN',
    ],
    [
      'RFC 8725 2.1: an unsigned token inside',
      () =>
        encrypt(
          `${Buffer.from('{"alg":"none"}').toString('base64url')}.${SIGNED.split('.')[1]}.`,
          RSA.publicKey,
        ),
      'ALGORITHM_NOT_ALLOWED',
    ],
    [
      'another encrypted token inside',
      async () => encrypt(await encrypt(SIGNED, RSA.publicKey), RSA.publicKey),
      'ENCRYPTED_TOKEN',
    ],
    [
      'an expired token inside',
      () => encrypt(token(KEY, { ...CLAIMS, exp: NOW - 60 }), RSA.publicKey),
      'EXPIRED',
    ],
    ['a changed tag', async () => flipLast(await encrypt(SIGNED, RSA.publicKey)), 'UNDECRYPTABLE_TOKEN'],
    ['a changed header', async () => reheaded({ x: 1 }), 'UNDECRYPTABLE_TOKEN'],
    ['garbage in five segments', async () => 'a.b.c.d.e', 'MALFORMED_TOKEN'],
    ['empty segments', async () => '....', 'UNDECRYPTABLE_TOKEN'],
    ['a token of 9 KB', () => encrypt('x'.repeat(7_000), RSA.publicKey), 'TOKEN_TOO_LONG'],
    ['RFC 7515 2: a blank in the ciphertext', () => segment(3, (text) => `${text} `), 'MALFORMED_TOKEN'],
    ['RFC 7515 2: padding of the tag', () => segment(4, (text) => `${text}==`), 'MALFORMED_TOKEN'],
    [
      'RFC 7515 2: a character of another script',
      () => segment(3, (text) => String.fromCharCode(text.charCodeAt(0) + 0x100) + text.slice(1)),
      'MALFORMED_TOKEN',
    ],
    ['RFC 7516 4.1.1: a shared key', async () => reheaded({ alg: 'A256KW' }), 'UNDECRYPTABLE_TOKEN'],
    [
      'RFC 8725 3.2: a password, and a billion rounds',
      async () => reheaded({ alg: 'PBES2-HS256+A128KW', p2c: 1e9, p2s: 'c2FsdA' }),
      'UNDECRYPTABLE_TOKEN',
    ],
    [
      'RFC 7518 4.6: wrapped keys, where agreed ones are pinned',
      () => encrypt(SIGNED, EC.publicKey, { alg: 'ECDH-ES+A256KW', kid: 'ec' }),
      'UNDECRYPTABLE_TOKEN',
    ],
    ['RFC 7518 4.6.1.1: no ephemeral key', () => agreed(undefined), 'UNDECRYPTABLE_TOKEN'],
    ['RFC 7518 4.6.1.1: an ephemeral key in text', () => agreed('key'), 'UNDECRYPTABLE_TOKEN'],
    [
      'RFC 8725 3.4: an ephemeral point off the curve',
      () => agreed(publicPoint(Buffer.alloc(32, 1), Buffer.alloc(32, 1))),
      'UNDECRYPTABLE_TOKEN',
    ],
    [
      'RFC 8725 3.4: an ephemeral point at infinity',
      () => agreed(publicPoint(Buffer.alloc(32), Buffer.alloc(32))),
      'UNDECRYPTABLE_TOKEN',
    ],
    [
      'RFC 8725 3.4: an ephemeral point of another curve',
      () => agreed(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' })),
      'UNDECRYPTABLE_TOKEN',
    ],
    [
      'RFC 7516 4.1.6: the key of another kind',
      async () => reheaded({ kid: 'ec' }),
      'UNKNOWN_DECRYPTION_KEY',
    ],
    ['RFC 7516 4.1.6: kid is a number', async () => reheaded({ kid: 7 }), 'UNKNOWN_DECRYPTION_KEY'],
    [
      'RFC 7519 5.2: cty of another type',
      () => encrypt(SIGNED, RSA.publicKey, { cty: 'JOSE' }),
      'NOT_NESTED',
    ],
    ['RFC 7519 5.2: cty is a list', async () => reheaded({ cty: ['JWT'] }), 'NOT_NESTED'],
    ['RFC 7518 5.3: a short initialization vector', () => segment(2, () => 'AAAA'), 'UNDECRYPTABLE_TOKEN'],
    ['RFC 7518 5.3: a short tag', () => segment(4, (text) => text.slice(0, 16)), 'UNDECRYPTABLE_TOKEN'],
    ['RFC 7516 5.2: no tag', () => segment(4, () => ''), 'UNDECRYPTABLE_TOKEN'],
    ['RFC 7516 5.2: no encrypted key', () => segment(1, () => ''), 'UNDECRYPTABLE_TOKEN'],
  ])('is refused: %s', async (_, make, reason) => {
    const { call, lines } = underTest();

    await expect(call(bearer(await make()))).rejects.toThrow(/^Unauthorized$/);
    expect(reasonOf(lines)).toBe(reason);
  });

  /** A good token under another header. */
  async function reheaded(changes: object): Promise<string> {
    const [, ...rest] = (await encrypt(SIGNED, RSA.publicKey)).split('.');
    return [Buffer.from(JSON.stringify({ ...HEADER, ...changes })).toString('base64url'), ...rest].join('.');
  }

  /** A good token with another segment. */
  async function segment(at: number, change: (text: string) => string): Promise<string> {
    const segments = (await encrypt(SIGNED, RSA.publicKey)).split('.');
    return segments.map((text, index) => (index === at ? change(text) : text)).join('.');
  }

  /** Agreed with us by this key. */
  const agreed = async (epk: unknown) => reheaded({ alg: 'ECDH-ES', kid: 'ec', epk });

  const publicPoint = (x: Buffer, y: Buffer) => ({
    kty: 'EC',
    crv: 'P-256',
    x: x.toString('base64url'),
    y: y.toString('base64url'),
  });

  function flipLast(text: string): string {
    return text.slice(0, -2) + (text.endsWith('AA') ? 'BA' : 'AA');
  }

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
