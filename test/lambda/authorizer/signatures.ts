import type { JsonWebKey } from 'node:crypto';
import { verifyJws } from '../../../lambda/authorizer';
import { base64url, type SigningKey, signingKey, token } from './tokens';

export const RSA = signingKey('RS256', 'rsa');
export const ED = signingKey('EdDSA', 'ed');
export const EC = signingKey('ES256', 'ec');
export const CLAIMS = { sub: 'alice' };

/** Why a token is refused, or that it is accepted. */
export function outcome(text: string, ...keys: (SigningKey | JsonWebKey)[]): string {
  try {
    verifyJws(text, {
      keys: keys.map((key) => ('jwk' in key ? (key as SigningKey).jwk : key) as JsonWebKey),
    });
    return 'accepted';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A good token's signing input, and its signature. */
export function taken(key: SigningKey, claims: object = CLAIMS): { input: string; signature: Buffer } {
  const text = token(key, claims);
  const end = text.lastIndexOf('.');
  return { input: text.slice(0, end), signature: Buffer.from(text.slice(end + 1), 'base64url') };
}

export const withSignature = (input: string, signature: Uint8Array) => `${input}.${base64url(signature)}`;
export const number = (bytes: Uint8Array) => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
export const bytesOf = (value: bigint, length: number) =>
  Buffer.from(value.toString(16).padStart(2 * length, '0'), 'hex');
export const ZERO = Buffer.alloc(1);
