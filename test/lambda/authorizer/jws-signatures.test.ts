import { constants, createHash, privateEncrypt, sign } from 'node:crypto';
import { bytesOf, CLAIMS, ED, number, outcome, RSA, taken, withSignature, ZERO } from './signatures';
import { rawSign, signingKey, token } from './tokens';

/** Order of the group, by algorithm (FIPS 186-5, SEC 2). */
const ORDERS: Readonly<Record<string, bigint>> = {
  ES256: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  ES384: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  ES512: BigInt(`0x1${'f'.repeat(65)}a51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409`),
};
/** Order of Ed25519's group (RFC 8032 section 5.1). */
const ED25519_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
/** DigestInfo of SHA-256 (RFC 8017 section 9.2). */
const SHA256_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');

const PSS = signingKey('PS256', 'pss');

describe.each(Object.keys(ORDERS))('a signature by %s', (alg) => {
  const key = signingKey(alg, 'ec');
  const n = ORDERS[alg] ?? 0n;
  const { input, signature } = taken(key);
  const half = signature.length / 2;
  const [r, s] = [number(signature.subarray(0, half)), number(signature.subarray(half))];
  const pair = (first: bigint, second: bigint) =>
    withSignature(input, Buffer.concat([bytesOf(first, half), bytesOf(second, half)]));

  test('is made of the numbers this suite thinks', () => {
    expect(outcome(pair(r, s), key)).toBe('accepted');
    // the other root of the same point: as valid, by the definition of ECDSA
    expect(outcome(pair(r, n - s), key)).toBe('accepted');
  });

  test('is refused at every boundary of r and s', () => {
    const values = [0n, 1n, n - 1n, n, n + 1n, 2n ** BigInt(8 * half) - 1n];
    const pairs = [
      ...values.flatMap((first) => values.map((second) => [first, second] as const)),
      ...values.flatMap((value) => [[r, value] as const, [value, s] as const]),
      [s, r] as const,
    ];

    expect(pairs.filter(([first, second]) => outcome(pair(first, second), key) !== 'BAD_SIGNATURE')).toEqual(
      [],
    );
  });

  test('is refused in any other length', () => {
    const [first, second] = [signature.subarray(0, half), signature.subarray(half)];
    const others = [
      Buffer.alloc(0),
      ZERO,
      first,
      signature.subarray(1),
      signature.subarray(0, -1),
      Buffer.concat([ZERO, signature]),
      Buffer.concat([signature, ZERO]),
      Buffer.concat([ZERO, first, ZERO, second]),
      Buffer.concat([first, ZERO, second]),
      Buffer.concat([signature, signature]),
      sign(`sha${alg === 'ES256' ? 256 : alg.slice(2)}`, Buffer.from(input), key.privateKey),
    ];

    expect(others.filter((other) => outcome(withSignature(input, other), key) === 'accepted')).toEqual([]);
  });

  test('is accepted where r or s begins with zeros', () => {
    const found = new Set<string>();
    for (let jti = 0; found.size < 2 && jti < 5_000; jti += 1) {
      const { input: text, signature: bytes } = taken(key, { jti });
      if (bytes[0] === 0) found.add('r');
      else if (bytes[half] === 0) found.add('s');
      else continue;
      expect(outcome(withSignature(text, bytes), key)).toBe('accepted');
    }

    expect([...found].sort()).toEqual(['r', 's']);
  });
});

describe('a signature by RS256', () => {
  const { input, signature } = taken(RSA);
  const size = signature.length;
  const hash = createHash('sha256').update(input).digest();
  /** What the private key makes of any block at all. */
  const raw = (block: Buffer) =>
    withSignature(input, privateEncrypt({ key: RSA.privateKey, padding: constants.RSA_NO_PADDING }, block));
  const block = (kind: number, info: Buffer, tail = Buffer.alloc(0), fill = 0xff) =>
    Buffer.concat([
      Buffer.from([0, kind]),
      Buffer.alloc(size - 3 - info.length - tail.length, fill),
      ZERO,
      info,
      tail,
    ]);
  const info = Buffer.concat([SHA256_INFO, hash]);

  test('is made of the block this suite thinks', () => {
    expect(outcome(raw(block(1, info)), RSA)).toBe('accepted');
  });

  test.each<[string, Buffer]>([
    ['RFC 8017 9.2: of another block type', block(2, info)],
    ['RFC 8017 9.2: of a padding that is not FF', block(1, info, undefined, 0xfe)],
    ['CVE-2006-4339: with bytes behind the hash', block(1, info, Buffer.alloc(64, 7))],
    [
      'RFC 8017 9.2: of a padding of eight bytes',
      Buffer.concat([block(1, info).subarray(0, 10), ZERO, info, Buffer.alloc(size - 11 - info.length)]),
    ],
    [
      'RFC 8017 9.2: without parameters of the hash',
      block(1, Buffer.concat([Buffer.from('302f300b06096086480165030402010420', 'hex'), hash])),
    ],
    ['RFC 8017 9.2: of the bare hash', block(1, hash)],
    [
      'RFC 8017 9.2: of a hash by another name',
      block(1, Buffer.concat([Buffer.from('3031300d060960864801650304020205000420', 'hex'), hash])),
    ],
    ['RFC 8017 9.2: of zeros before the hash', Buffer.concat([Buffer.alloc(size - info.length), info])],
  ])('is refused: %s', (_, forged) => {
    expect(outcome(raw(forged), RSA)).toBe('BAD_SIGNATURE');
  });

  test('is refused in any other length, and as any other number', () => {
    const modulus = number(Buffer.from(String(RSA.jwk['n']), 'base64url'));
    const more = number(signature) + modulus;
    const others = [
      Buffer.alloc(0),
      Buffer.alloc(size),
      bytesOf(1n, size),
      bytesOf(modulus - 1n, size),
      bytesOf(modulus, size),
      bytesOf(more, more >= 2n ** BigInt(8 * size) ? size + 1 : size),
      Buffer.concat([ZERO, signature]),
      Buffer.concat([signature, ZERO]),
      signature.subarray(1),
      signature.subarray(0, -1),
    ];

    expect(others.filter((other) => outcome(withSignature(input, other), RSA) === 'accepted')).toEqual([]);
  });

  test('is accepted with the zero it begins with, not without', () => {
    let found: ReturnType<typeof taken> | undefined;
    for (let jti = 0; found?.signature[0] !== 0 && jti < 10_000; jti += 1) found = taken(RSA, { jti });

    expect(outcome(withSignature(found?.input ?? '', found?.signature ?? ZERO), RSA)).toBe('accepted');
    expect(outcome(withSignature(found?.input ?? '', found?.signature.subarray(1) ?? ZERO), RSA)).toBe(
      'BAD_SIGNATURE',
    );
  });

  test.each([
    [1024, 'UNKNOWN_KEY'],
    [2040, 'UNKNOWN_KEY'],
    [2048, 'accepted'],
    [3072, 'accepted'],
  ])('by a key of %d bits: %s', (bits, expected) => {
    const key = signingKey('RS256', 'rsa', bits);

    expect(outcome(token(key, CLAIMS), key)).toBe(expected);
  });

  test('is refused under an exponent of one, by which anybody signs', () => {
    expect(outcome(withSignature(input, block(1, info)), { ...RSA.jwk, e: 'AQ' })).toBe('UNKNOWN_KEY');
  });
});

describe('a signature by PS256', () => {
  const { input } = taken(PSS);

  test.each([0, 20, 31, 32, 33, 64, 222])(
    'takes a salt as long as the hash, no other: %d bytes',
    (saltLength) => {
      const padding = constants.RSA_PKCS1_PSS_PADDING;
      const signature = sign('sha256', Buffer.from(input), { key: PSS.privateKey, padding, saltLength });

      expect(outcome(withSignature(input, signature), PSS)).toBe(
        saltLength === 32 ? 'accepted' : 'BAD_SIGNATURE',
      );
    },
  );

  test('by PKCS #1 is refused', () => {
    expect(outcome(withSignature(input, rawSign('RS256', PSS.privateKey, input)), PSS)).toBe('BAD_SIGNATURE');
  });
});

describe('a signature by EdDSA', () => {
  const { input, signature } = taken(ED);
  const reversed = (bytes: Uint8Array) => Buffer.from(bytes).reverse();

  test('RFC 8032 5.1.7: is refused where S is not below the order', () => {
    const s = number(reversed(signature.subarray(32))) + ED25519_ORDER;
    const malleable = Buffer.concat([signature.subarray(0, 32), reversed(bytesOf(s, 32))]);

    expect(outcome(withSignature(input, malleable), ED)).toBe('BAD_SIGNATURE');
  });

  test('is refused in any other length', () => {
    const others = [
      Buffer.alloc(0),
      Buffer.alloc(64),
      signature.subarray(0, 63),
      signature.subarray(0, 32),
      Buffer.concat([signature, ZERO]),
    ];

    expect(others.map((other) => outcome(withSignature(input, other), ED))).toEqual(
      others.map(() => 'BAD_SIGNATURE'),
    );
  });
});
