import type { JsonWebKey } from 'node:crypto';
import { type JoseHeader, parseCompactJws } from './jwt/compact-jws';
import { KeySet } from './jwt/key-set';
import { isSignedByOne } from './jwt/signature';
import { Unauthenticated } from './refused';

export interface VerifiedJws {
  readonly header: JoseHeader;
  readonly payload: Uint8Array;
}

/**
 * Header and payload of a JWS in compact form that one of the keys signed, by any asymmetric algorithm; throws
 * `Unauthenticated` for any other text. Says nothing about claims.
 */
export function verifyJws(token: string, jwks: { keys: JsonWebKey[] }): VerifiedJws {
  const jws = parseCompactJws(token);
  const keys = new KeySet(jwks).candidates(jws.header.kid, jws.header.alg);
  if (keys.length === 0) throw new Unauthenticated('UNKNOWN_KEY');
  if (!isSignedByOne(jws, keys)) throw new Unauthenticated('BAD_SIGNATURE');
  return { header: jws.header, payload: jws.payload };
}
