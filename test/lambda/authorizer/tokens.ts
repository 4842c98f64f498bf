import {
  constants,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  type SignKeyObjectInput,
  sign,
} from 'node:crypto';

/** A key of a test's issuer. */
export interface SigningKey {
  readonly alg: string;
  readonly privateKey: KeyObject;
  /** The public half, with kid and alg. */
  readonly jwk: JsonWebKey;
}

const CURVES: Readonly<Record<string, string>> = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' };

export function signingKey(alg: string, kid?: string, rsaBits = 2048): SigningKey {
  const { privateKey, publicKey } = pair(alg, rsaBits);
  return { alg, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg } };
}

function pair(alg: string, modulusLength: number): { privateKey: KeyObject; publicKey: KeyObject } {
  if (alg === 'EdDSA') return generateKeyPairSync('ed25519');
  if (alg === 'Ed448') return generateKeyPairSync('ed448');
  const namedCurve = CURVES[alg];
  return namedCurve
    ? generateKeyPairSync('ec', { namedCurve })
    : generateKeyPairSync('rsa', { modulusLength });
}

export const base64url = (value: string | Uint8Array | object): string =>
  Buffer.from(
    typeof value === 'string' || value instanceof Uint8Array ? value : JSON.stringify(value),
  ).toString('base64url');

/** Signature over any text, as JWS has it. */
export function rawSign(alg: string, privateKey: KeyObject, input: string): Buffer {
  const bytes = Buffer.from(input);
  if (alg.startsWith('Ed')) return sign(null, bytes, privateKey);

  const options: Readonly<Record<string, Omit<SignKeyObjectInput, 'key'>>> = {
    PS: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
    ES: { dsaEncoding: 'ieee-p1363' },
  };
  return sign(`sha${alg.slice(2)}`, bytes, { key: privateKey, ...options[alg.slice(0, 2)] });
}

/** A token; `header` is added to alg and kid, and can change them. */
export function token(
  { alg, privateKey, jwk }: SigningKey,
  claims: object | string,
  header: Readonly<Record<string, unknown>> = {},
): string {
  const input = `${base64url({ alg, kid: jwk['kid'], ...header })}.${base64url(claims)}`;
  return `${input}.${rawSign(alg, privateKey, input).toString('base64url')}`;
}
