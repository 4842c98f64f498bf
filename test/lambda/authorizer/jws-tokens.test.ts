import type { JsonWebKey } from 'node:crypto';
import { verifyJws } from '../../../lambda/authorizer';
import { CLAIMS, EC, ED, outcome, RSA, withSignature } from './signatures';
import { base64url, rawSign, type SigningKey, signingKey, token } from './tokens';

describe('a key', () => {
  const good = token(EC, CLAIMS);
  const changed = (changes: object) => ({ ...EC.jwk, ...changes });

  test.each<[string, object, string]>([
    ['RFC 7517 4.2: for another use', { use: 'enc' }, 'UNKNOWN_KEY'],
    ['RFC 7517 4.2: for a use in another case', { use: 'SIG' }, 'UNKNOWN_KEY'],
    ['RFC 7517 4.2: for no use', { use: null }, 'UNKNOWN_KEY'],
    ['RFC 7517 4.3: for no operation', { key_ops: [] }, 'UNKNOWN_KEY'],
    ['RFC 7517 4.3: for an operation in text', { key_ops: 'verify' }, 'UNKNOWN_KEY'],
    ['RFC 7517 4.3: for encryption', { key_ops: ['encrypt'] }, 'UNKNOWN_KEY'],
    [
      'RFC 7517 4.3: whose use contradicts its operations',
      { use: 'enc', key_ops: ['verify'] },
      'UNKNOWN_KEY',
    ],
    ['RFC 7517 4.3: for both halves', { key_ops: ['sign', 'verify'] }, 'accepted'],
    ['RFC 7517 4.4: for an algorithm nobody knows', { alg: 'ES256K' }, 'UNKNOWN_KEY'],
    ['RFC 7517 4.4: for an algorithm in another case', { alg: 'es256' }, 'UNKNOWN_KEY'],
    ['RFC 7517 4.4: for an algorithm that is null', { alg: null }, 'UNKNOWN_KEY'],
    ['RFC 7517 4.1: of another type', { kty: 'OKP' }, 'UNKNOWN_KEY'],
    ['RFC 7517 4.1: of a type in another case', { kty: 'ec' }, 'UNKNOWN_KEY'],
    ['RFC 7518 6.2.1.1: of another curve', { crv: 'P-384' }, 'UNKNOWN_KEY'],
    ['RFC 8812 3.1: of a curve of another family', { crv: 'secp256k1' }, 'UNKNOWN_KEY'],
    ['RFC 7518 6.2.1.1: of no curve', { crv: undefined }, 'UNKNOWN_KEY'],
    ['RFC 7518 6.2.1.2: without its other half', { y: undefined }, 'UNKNOWN_KEY'],
    ['RFC 7518 6.2.1.2: cut short', { x: String(EC.jwk['x']).slice(0, 40) }, 'UNKNOWN_KEY'],
    [
      'RFC 7518 6.2.1: at infinity',
      { x: base64url(Buffer.alloc(32)), y: base64url(Buffer.alloc(32)) },
      'UNKNOWN_KEY',
    ],
    ['RFC 7517 4: with members of another type', { n: RSA.jwk['n'], e: 'AQAB', k: 'c2VjcmV0' }, 'accepted'],
  ])('%s: %s', (_, changes, expected) => {
    expect(outcome(good, changed(changes))).toBe(expected);
  });

  test('for Diffie-Hellman verifies nothing', () => {
    expect(outcome(token(ED, CLAIMS), { ...ED.jwk, crv: 'X25519' })).toBe('UNKNOWN_KEY');
  });

  test('is not looked for among what is no key', () => {
    const set = { keys: [null, 5, 'key', [], {}, EC.jwk] as JsonWebKey[] };

    expect(() => verifyJws(good, set)).not.toThrow();
  });
});

describe('the kid of a token', () => {
  const one = signingKey('ES256', 'one');
  const two = signingKey('ES256', 'two');
  const named = (key: SigningKey, kid: unknown) => ({ ...key.jwk, kid }) as JsonWebKey;

  test.each<[string, string, JsonWebKey[], string]>([
    [
      'absent, any key may have signed',
      token(two, CLAIMS, { kid: undefined }),
      [one.jwk, two.jwk],
      'accepted',
    ],
    [
      'of another key, that key alone is tried',
      token(two, CLAIMS, { kid: 'one' }),
      [one.jwk, two.jwk],
      'BAD_SIGNATURE',
    ],
    [
      'of nobody, no named key is tried',
      token(two, CLAIMS, { kid: 'three' }),
      [one.jwk, two.jwk],
      'UNKNOWN_KEY',
    ],
    ['empty, no named key is tried', token(two, CLAIMS, { kid: '' }), [one.jwk, two.jwk], 'UNKNOWN_KEY'],
    [
      'in another case, no named key is tried',
      token(two, CLAIMS, { kid: 'TWO' }),
      [one.jwk, two.jwk],
      'UNKNOWN_KEY',
    ],
    ['of two keys, both are tried', token(two, CLAIMS), [named(one, 'two'), two.jwk], 'accepted'],
    [
      'of a key of another type as well, the fitting one is tried',
      token(two, CLAIMS),
      [named(RSA, 'two'), two.jwk],
      'accepted',
    ],
    [
      'of nobody, a key without name is tried',
      token(two, CLAIMS),
      [one.jwk, named(two, undefined)],
      'accepted',
    ],
    [
      'of a key that does not fit, none without name is tried',
      token(two, CLAIMS),
      [named(RSA, 'two'), named(two, undefined)],
      'UNKNOWN_KEY',
    ],
  ])('%s', (_, text, keys, expected) => {
    expect(outcome(text, ...keys)).toBe(expected);
  });
});

describe('a header', () => {
  const under = (text: string) => {
    const input = `${base64url(text)}.${base64url(CLAIMS)}`;
    return withSignature(input, rawSign('ES256', EC.privateKey, input));
  };

  test.each([
    // RFC 7515 section 4 leaves the choice; what is judged is what is verified by
    [
      'RFC 7515 4: of a name given twice, the last counts',
      '{"alg":"none","kid":"x","alg":"ES256","kid":"ec"}',
      'accepted',
    ],
    [
      'RFC 7515 4: of a name given twice, the last counts',
      '{"alg":"ES256","kid":"ec","\\u0061lg":"none"}',
      'UNKNOWN_KEY',
    ],
    ['RFC 7515 4: blanks and line ends', ' {\r\n\t"alg" : "ES256", "kid" : "ec" } ', 'accepted'],
    [
      'RFC 7515 4: a prototype is a name like any other',
      '{"alg":"ES256","kid":"ec","__proto__":{"crit":["b64"]}}',
      'accepted',
    ],
    [
      'RFC 7515 4: no alg but in the prototype',
      '{"__proto__":{"alg":"ES256"},"kid":"ec"}',
      'MALFORMED_TOKEN',
    ],
    ['RFC 7515 4.1.1: alg and a NUL', '{"alg":"ES256\\u0000","kid":"ec"}', 'UNKNOWN_KEY'],
    ['RFC 7515 4.1.1: alg is a list', '{"alg":["ES256"],"kid":"ec"}', 'MALFORMED_TOKEN'],
    ['RFC 7515 4.1.4: kid is a list', '{"alg":"ES256","kid":["ec"]}', 'MALFORMED_TOKEN'],
    ['RFC 7515 4.1.4: kid is null', '{"alg":"ES256","kid":null}', 'MALFORMED_TOKEN'],
    ['RFC 7515 4.1.9: typ is a number', '{"alg":"ES256","kid":"ec","typ":7}', 'MALFORMED_TOKEN'],
    ['RFC 7516 4.1.2: enc', '{"alg":"ES256","kid":"ec","enc":"A256GCM"}', 'ENCRYPTED_TOKEN'],
    ['RFC 7515 4: text behind the object', '{"alg":"ES256","kid":"ec"}x', 'MALFORMED_TOKEN'],
    ['RFC 8259 4: a comma too many', '{"alg":"ES256","kid":"ec",}', 'MALFORMED_TOKEN'],
    ['RFC 8259 7: single quotes', "{'alg':'ES256','kid':'ec'}", 'MALFORMED_TOKEN'],
  ])('%s: %s', (_, text, expected) => {
    expect(outcome(under(text), EC)).toBe(expected);
  });
});

describe('a token', () => {
  const good = token(EC, CLAIMS);
  const [header = '', payload = '', signature = ''] = good.split('.');

  test.each([
    ['RFC 7515 7.1: in four segments', `${good}.${signature}`, 'MALFORMED_TOKEN'],
    ['RFC 7516 9: in five segments', `${good}.${signature}.${signature}`, 'ENCRYPTED_TOKEN'],
    ['RFC 7515 7.1: in six segments', `${good}....`, 'MALFORMED_TOKEN'],
    ['RFC 7515 2: with a blank in its header', `${header} .${payload}.${signature}`, 'MALFORMED_TOKEN'],
    ['RFC 7515 2: with a blank in its payload', `${header}.${payload} .${signature}`, 'MALFORMED_TOKEN'],
    ['RFC 7515 2: with a blank in its signature', `${header}.${payload}.${signature} `, 'MALFORMED_TOKEN'],
  ])('%s is malformed before anything is verified: %s', (_, text, expected) => {
    expect(outcome(text, EC)).toBe(expected);
  });

  test.each([
    [8_192, 'accepted'],
    [8_193, 'TOKEN_TOO_LONG'],
  ])('of %d characters: %s', (length, expected) => {
    // a header of 50 characters more or less makes up for lengths that no base64url has
    const texts = ['', 'x', 'xx', 'xxx'].map((note) => {
      const overhead = token(EC, '', { note }).length;
      return token(EC, 'x'.repeat(Math.floor(((length - overhead) * 3) / 4)), { note });
    });
    const text = texts.find((candidate) => candidate.length === length);

    expect(text).toBeDefined();
    expect(outcome(text ?? '', EC)).toBe(expected);
  });
});
