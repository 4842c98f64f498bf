import { constants, createHmac, generateKeyPairSync, type JsonWebKey, sign } from 'node:crypto';
import { verifyJws } from '../../../lambda/authorizer';
import { base64url, rawSign, type SigningKey, signingKey, token } from './tokens';

const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'];
const KEYS: Record<string, SigningKey> = Object.fromEntries(
  [...ALGORITHMS, 'EdDSA'].map((alg) => [alg, signingKey(alg, `kid-${alg}`)]),
);
const ATTACKER = signingKey('ES256', 'kid-ES256');
const ED448 = withAlgorithm(signingKey('Ed448', 'kid-448'), 'EdDSA');
const RSA = KEYS['RS256']!;
const EC = KEYS['ES256']!;
const WEAK = signingKey('RS256', 'weak', 1024);
const CLAIMS = { iss: 'https://id.example.com/', sub: 'alice' };

function withAlgorithm(key: SigningKey, alg: string): SigningKey {
  return { ...key, alg, jwk: { ...key.jwk, alg } };
}

const setOf = (...keys: (SigningKey | JsonWebKey)[]) => ({
  keys: keys.map((key) => ('jwk' in key ? (key as SigningKey).jwk : key) as JsonWebKey),
});
const changed = ({ jwk }: SigningKey, changes: object): JsonWebKey =>
  Object.fromEntries(Object.entries({ ...jwk, ...changes }).filter(([, value]) => value !== undefined));

/** A token of the key under any header at all. */
const forged = (header: object, { privateKey, alg }: SigningKey = EC, payload: object = CLAIMS) => {
  const input = `${base64url(header)}.${base64url(payload)}`;
  return `${input}.${rawSign(alg, privateKey, input).toString('base64url')}`;
};

const GOOD = token(EC, CLAIMS);
const [HEADER = '', PAYLOAD = '', SIGNATURE = ''] = GOOD.split('.');

/** The same bytes in another text: the last character's unused bits set. */
function nonCanonical(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return text.slice(0, -1) + alphabet.charAt(alphabet.indexOf(text.slice(-1)) | 1);
}

describe('verifyJws', () => {
  test.each(Object.values(KEYS).map((key) => [key.alg, key] as const))(
    'accepts a valid token: %s',
    (_, key) => {
      const { header, payload } = verifyJws(token(key, CLAIMS), setOf(...Object.values(KEYS)));

      expect(header).toEqual({ alg: key.alg, kid: key.jwk['kid'] });
      expect(JSON.parse(Buffer.from(payload).toString())).toEqual(CLAIMS);
    },
  );

  test.each([
    [
      'RFC 7515 A.3, ES256',
      'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q',
      {
        kty: 'EC',
        crv: 'P-256',
        x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
        y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
      },
    ],
    [
      'RFC 8037 A.4, Ed25519',
      'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg',
      { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' },
    ],
  ])('accepts the example of %s', (_, example, jwk) => {
    expect(verifyJws(example, { keys: [jwk] }).payload.length).toBeGreaterThan(0);
    expect(() => verifyJws(`${example.slice(0, -4)}AAAA`, { keys: [jwk] })).toThrow('BAD_SIGNATURE');
  });

  test.each([
    ['RFC 8037 3.1, Ed448', token(ED448, CLAIMS), setOf(ED448)],
    ['RFC 7515 4.1.4, a token without kid', token(EC, CLAIMS, { kid: undefined }), setOf(RSA, EC)],
    ['RFC 7515 4.1.4, a key without kid', GOOD, setOf(changed(EC, { kid: undefined }))],
    ['RFC 7517 4.4, a key without alg', GOOD, setOf(changed(EC, { alg: undefined }))],
    ['RFC 7517 4.2, a key for signatures', GOOD, setOf(changed(EC, { use: 'sig', key_ops: ['verify'] }))],
    ['RFC 7517 5, a set with keys of unknown types', GOOD, setOf({ kty: 'PQC' }, EC)],
    ['RFC 7515 4, unknown parameters that are not critical', token(EC, CLAIMS, { foo: 1 }), setOf(EC)],
    ['RFC 7515 A.5 aside, a payload that is no JSON', token(EC, 'foo'), setOf(EC)],
  ])('accepts %s', (_, text, keys) => {
    expect(() => verifyJws(text, keys)).not.toThrow();
  });

  test.each([
    ['RFC 8725 2.1: alg none, no signature', `${base64url({ alg: 'none' })}.${PAYLOAD}.`],
    ['RFC 8725 2.1: alg None in another case', `${base64url({ alg: 'nOnE' })}.${PAYLOAD}.`],
    ['RFC 8725 2.1: alg none with a signature', `${base64url({ alg: 'none' })}.${PAYLOAD}.${SIGNATURE}`],
    ['RFC 8725 2.1: empty alg', forged({ alg: '', kid: 'kid-ES256' })],
    ['RFC 7515 4.1.1: no alg', forged({ kid: 'kid-ES256' })],
    ['RFC 7515 4.1.1: alg in another case', forged({ alg: 'es256', kid: 'kid-ES256' })],
    ['RFC 7515 4.1.1: alg is a list', forged({ alg: ['ES256'], kid: 'kid-ES256' })],
    ['RFC 7515 4.1.1: alg is a name of Object', forged({ alg: 'constructor', kid: 'kid-ES256' })],
    ['RFC 7518 3.1: an algorithm nobody pinned', forged({ alg: 'ES256K', kid: 'kid-ES256' })],
    ['RFC 8725 3.1: alg of another curve', forged({ alg: 'ES384', kid: 'kid-ES256' })],
    ['RFC 8725 3.1: alg of another type', forged({ alg: 'RS256', kid: 'kid-ES256' })],
    [
      'RFC 8725 3.1: PSS signature under a PKCS #1 key',
      forged({ alg: 'PS256', kid: 'kid-RS256' }, { ...RSA, alg: 'PS256' }),
    ],
    [
      'RFC 8725 3.1: hash other than the key says',
      forged({ alg: 'RS512', kid: 'kid-RS256' }, { ...RSA, alg: 'RS512' }),
    ],
    [
      'RFC 7515 4.1.3: an embedded key',
      forged({ alg: 'ES256', kid: 'kid-ES256', jwk: ATTACKER.jwk }, ATTACKER),
    ],
    [
      'RFC 7515 4.1.2: jku',
      forged({ alg: 'ES256', kid: 'x', jku: 'https://attacker.example/' }, signingKey('ES256', 'x')),
    ],
    [
      'RFC 7515 4.1.5: x5u',
      forged({ alg: 'ES256', kid: 'x', x5u: 'https://attacker.example/' }, signingKey('ES256', 'x')),
    ],
    ['RFC 7515 4.1.6: x5c', forged({ alg: 'ES256', x5c: ['MIIB'] }, signingKey('ES256'))],
    [
      'RFC 7515 4.1.11: crit with an unknown extension',
      forged({ alg: 'ES256', kid: 'kid-ES256', crit: ['exp'], exp: 1 }),
    ],
    ['RFC 7515 4.1.11: empty crit', forged({ alg: 'ES256', kid: 'kid-ES256', crit: [] })],
    ['RFC 7797 6: b64 false', forged({ alg: 'ES256', kid: 'kid-ES256', b64: false, crit: ['b64'] })],
    ['RFC 7797 6: b64 false that is not critical', forged({ alg: 'ES256', kid: 'kid-ES256', b64: false })],
    ['RFC 7515 4.1.4: kid of nobody', forged({ alg: 'ES256', kid: 'nobody' })],
    ['RFC 7515 4.1.4: kid that is a path', forged({ alg: 'ES256', kid: '../../dev/null' })],
    ['RFC 7515 4.1.4: kid that is a query', forged({ alg: 'ES256', kid: "' OR 1=1 --" })],
    ['RFC 7515 4.1.4: kid that is an object', forged({ alg: 'ES256', kid: { a: 1 } })],
    ['RFC 7515 4.1.4: kid __proto__', forged({ alg: 'ES256', kid: '__proto__' })],
    ['RFC 7515 4: header is a list', `${base64url([{ alg: 'ES256' }])}.${PAYLOAD}.${SIGNATURE}`],
    ['RFC 7515 4: header is null', `${base64url('null')}.${PAYLOAD}.${SIGNATURE}`],
    ['RFC 7515 5.2: header is no JSON', `${base64url('{alg:ES256}')}.${PAYLOAD}.${SIGNATURE}`],
    ['RFC 7515 5.2: header with a string that is no UTF-8', notUtf8()],
    [
      'RFC 7515 5.2: header is no UTF-8',
      `${base64url(Buffer.from([0x7b, 0xff, 0x7d]))}.${PAYLOAD}.${SIGNATURE}`,
    ],
    [
      'RFC 7515 5.2: header with a byte order mark',
      `${base64url(Buffer.from(`\ufeff${JSON.stringify({ alg: 'ES256', kid: 'kid-ES256' })}`))}.${PAYLOAD}.${SIGNATURE}`,
    ],
    ['RFC 7515 7.1: empty text', ''],
    ['RFC 7515 7.1: dots only', '..'],
    ['RFC 7515 7.1: no header', `.${PAYLOAD}.${SIGNATURE}`],
    ['RFC 7515 7.1: no payload', `${HEADER}..${SIGNATURE}`],
    ['RFC 7515 7.1: no signature', `${HEADER}.${PAYLOAD}.`],
    ['RFC 7515 7.1: two segments', `${HEADER}.${PAYLOAD}`],
    ['RFC 7515 7.1: an extra empty segment', `${GOOD}.`],
    ['RFC 7515 7.1: an extra segment', `${GOOD}.${SIGNATURE}`],
    ['RFC 7516 9: five segments', `${GOOD}.${SIGNATURE}.${SIGNATURE}`],
    [
      'RFC 7515 7.2: JSON serialization',
      JSON.stringify({ payload: PAYLOAD, protected: HEADER, signature: SIGNATURE }),
    ],
    ['RFC 7515 2: padding', `${HEADER}.${PAYLOAD}.${SIGNATURE}==`],
    ['RFC 7515 2: the other alphabet', otherAlphabet()],
    ['RFC 4648 3.5: unused bits in the signature', `${HEADER}.${PAYLOAD}.${nonCanonical(SIGNATURE)}`],
    ['RFC 4648 3.3: a space in the signature', `${HEADER}.${PAYLOAD}. ${SIGNATURE}`],
    ['RFC 4648 3.3: a line end after the signature', `${GOOD}\n`],
    [
      'RFC 4648 3.3: a foreign character',
      `${HEADER}.${PAYLOAD}.${SIGNATURE.slice(0, 8)}?${SIGNATURE.slice(8)}`,
    ],
    ['RFC 4648 3.3: NUL', `${GOOD}\0`],
    ['RFC 7518 3.4: a truncated signature', `${HEADER}.${PAYLOAD}.${SIGNATURE.slice(0, -4)}`],
    ['RFC 7518 3.4: a zero before r and before s', `${HEADER}.${PAYLOAD}.${base64url(widened())}`],
    ['RFC 7518 3.5: PSS with a salt of another length', shortSalt()],
    ['RFC 7518 3.4: a zero signature', `${HEADER}.${PAYLOAD}.${base64url(Buffer.alloc(64))}`],
    [
      'RFC 7518 3.4: a leading zero byte',
      `${HEADER}.${PAYLOAD}.${base64url(Buffer.concat([Buffer.alloc(1), Buffer.from(SIGNATURE, 'base64url')]))}`,
    ],
    [
      'RFC 7518 3.4: DER',
      `${HEADER}.${PAYLOAD}.${base64url(sign('sha256', Buffer.from(`${HEADER}.${PAYLOAD}`), EC.privateKey))}`,
    ],
    ['a token over 8 KB, signed as it should be', token(EC, { ...CLAIMS, pad: 'x'.repeat(6_200) })],
    ['RFC 8725 2.4: 1 MB of token', `${HEADER}.${'A'.repeat(1_000_000)}.${SIGNATURE}`],
    ['RFC 8725 2.1: HMAC with the public key', hmacWithPublicKey()],
  ])('refuses %s', (_, text) => {
    expect(() => verifyJws(text, setOf(...Object.values(KEYS)))).toThrow(
      expect.objectContaining({ name: 'Unauthenticated' }),
    );
  });

  // question marks are written with an underscore
  function otherAlphabet(): string {
    return token(EC, { ...CLAIMS, note: '??????' })
      .replaceAll('-', '+')
      .replaceAll('_', '/');
  }

  // the salt is as long as the hash
  function shortSalt(): string {
    const key = KEYS['PS256']!;
    const input = `${base64url({ alg: 'PS256', kid: 'kid-PS256' })}.${PAYLOAD}`;
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    const signature = sign('sha256', Buffer.from(input), { key: key.privateKey, padding, saltLength: 20 });
    return `${input}.${signature.toString('base64url')}`;
  }

  // the same two numbers, one byte longer each
  function widened(): Buffer {
    const bytes = Buffer.from(SIGNATURE, 'base64url');
    const zero = Buffer.alloc(1);
    return Buffer.concat([zero, bytes.subarray(0, 32), zero, bytes.subarray(32)]);
  }

  // signed as it should be, by the right key
  function notUtf8(): string {
    const header = Buffer.from(JSON.stringify({ alg: 'ES256', kid: 'kid-ES256', note: '\xff' }), 'latin1');
    const input = `${base64url(header)}.${PAYLOAD}`;
    return `${input}.${rawSign('ES256', EC.privateKey, input).toString('base64url')}`;
  }

  // RFC 8725 2.1: the public key as text is everyone's
  function hmacWithPublicKey(): string {
    const input = `${base64url({ alg: 'HS256', kid: 'kid-RS256' })}.${PAYLOAD}`;
    const publicKey = JSON.stringify(RSA.jwk);
    return `${input}.${createHmac('sha256', publicKey).update(input).digest('base64url')}`;
  }

  test.each([
    ['RFC 7517 4.2: a key for encryption', GOOD, setOf(changed(EC, { use: 'enc' }))],
    ['RFC 7517 4.3: a key that only signs', GOOD, setOf(changed(EC, { key_ops: ['sign'] }))],
    ['RFC 7517 4.4: a key for another algorithm', GOOD, setOf(changed(EC, { alg: 'ES384' }))],
    ['RFC 7517 4.1: a key of another type', GOOD, setOf(changed(EC, { kty: 'RSA' }))],
    ['RFC 7518 6.4: a symmetric key', hmac(), setOf({ kty: 'oct', k: base64url('secret'), kid: 's' })],
    ['RFC 7518 6.2: a point off the curve', GOOD, setOf(changed(EC, { x: EC.jwk['y'] }))],
    ['RFC 7518 3.3: an RSA key under 2048 bits', token(WEAK, CLAIMS), setOf(WEAK)],
    ['another key under the same kid', GOOD, setOf(signingKey('ES256', 'kid-ES256'))],
    ['no key', GOOD, setOf()],
  ])('refuses %s', (_, text, keys) => {
    expect(() => verifyJws(text, keys)).toThrow(expect.objectContaining({ name: 'Unauthenticated' }));
  });

  function hmac(): string {
    const input = `${base64url({ alg: 'HS256', kid: 's' })}.${PAYLOAD}`;
    return `${input}.${createHmac('sha256', 'secret').update(input).digest('base64url')}`;
  }

  test('does not take the private half of a key', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const published = { ...privateKey.export({ format: 'jwk' }), kid: 'leaked' };

    expect(
      verifyJws(token({ alg: 'ES256', privateKey, jwk: published }, CLAIMS), { keys: [published] }),
    ).toBeDefined();
  });
});
