import { generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import { CompactEncrypt } from 'jose';
import { decrypter } from '../../../../lambda/authorizer/encryption/decrypt';
import { DecryptingVerifier } from '../../../../lambda/authorizer/encryption/decrypting-verifier';
import { RememberedSecret } from '../../../../lambda/shared/remembered-secret';
import { signingKey, token } from '../tokens';
import { authorizer, bearer, CLAIMS, jwtVerifier, NOW, operation } from '../under-test';

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
  return { state, ...authorizer({ customer: verifier }, { 'GET /orders': operation() }) };
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
    ['garbage in five segments', async () => 'a.b.c.d.e', 'UNDECRYPTABLE_TOKEN'],
    ['empty segments', async () => '....', 'UNDECRYPTABLE_TOKEN'],
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

  function flipLast(text: string): string {
    return text.slice(0, -2) + (text.endsWith('AA') ? 'BA' : 'AA');
  }

  test('is opened by a new key once the secret has it', async () => {
    const { call, state } = underTest();
    const text = await encrypt(SIGNED, NEW.publicKey, { kid: 'new' });
    await expect(call(bearer(text))).rejects.toThrow('Unauthorized');
    state.keys = [...state.keys, jwkOf(NEW.privateKey, 'new')];

    state.millis += 5_000;
    expect((await call(bearer(text))).principalId).toBe('alice');
    expect(state.reads).toBe(2);
  });

  test('fails, and says nothing of the keys, where the secret cannot be read', async () => {
    const { call, lines } = underTest([{ kty: 'EC', d: 'top-secret-number' }]);

    await expect(call(bearer(await encrypt(SIGNED, RSA.publicKey)))).rejects.toThrow(/^Internal$/);
    expect(lines.join()).not.toContain('top-secret');
  });
});
