import { generateKeyPairSync } from 'node:crypto';
import { token } from '../tokens';
import { bearer, CLAIMS, NOW } from '../under-test';
import { EC, encrypt, HEADER, KEY, NEW, RSA, reasonOf, SIGNED, underTest } from './encrypted';

describe('encrypted token', () => {
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
});
