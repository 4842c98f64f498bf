import { constants, type KeyObject, verify } from 'node:crypto';
import type { JwsAlgorithm } from '../../../lib/protocol/authorizer-configuration';
import { ecdsaDer } from './ecdsa-der';

/** How one algorithm verifies (RFC 7518 section 3, RFC 8037 section 3.1), and the keys it takes. */
export interface Algorithm {
  readonly keyType: 'RSA' | 'EC' | 'OKP';
  readonly curves?: readonly string[];
  readonly verify: (signed: Uint8Array, key: KeyObject, signature: Buffer) => boolean;
}

const rsa = (hash: string): Algorithm => ({
  keyType: 'RSA',
  // a bare KeyObject: on Node 24 wrapping it costs two thirds of the verification (reference/perf.md section 1)
  verify: (signed, key, signature) => verify(hash, signed, key, signature),
});

const rsaPss = (hash: string): Algorithm => ({
  keyType: 'RSA',
  verify: (signed, key, signature) =>
    verify(
      hash,
      signed,
      { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
      signature,
    ),
});

const ecdsa = (hash: string, curve: string, coordinateBytes: number): Algorithm => ({
  keyType: 'EC',
  curves: [curve],
  verify: (signed, key, signature) =>
    signature.length === 2 * coordinateBytes && verify(hash, signed, key, ecdsaDer(signature)),
});

/** Every algorithm there is. What is not here does not exist: no `none`, nothing symmetric. */
export const ALGORITHMS: ReadonlyMap<string, Algorithm> = new Map<JwsAlgorithm, Algorithm>([
  ['RS256', rsa('sha256')],
  ['RS384', rsa('sha384')],
  ['RS512', rsa('sha512')],
  ['PS256', rsaPss('sha256')],
  ['PS384', rsaPss('sha384')],
  ['PS512', rsaPss('sha512')],
  ['ES256', ecdsa('sha256', 'P-256', 32)],
  ['ES384', ecdsa('sha384', 'P-384', 48)],
  ['ES512', ecdsa('sha512', 'P-521', 66)],
  [
    'EdDSA',
    {
      keyType: 'OKP',
      curves: ['Ed25519', 'Ed448'],
      verify: (signed, key, signature) => verify(null, signed, key, signature),
    },
  ],
]);
