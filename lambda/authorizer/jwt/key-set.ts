import { createPublicKey, type KeyObject } from 'node:crypto';
import { ALGORITHMS, type Algorithm } from './algorithms';
import { isJsonObject, type JsonObject } from './json-object';

const MINIMUM_RSA_BITS = 2048;
const MAXIMUM_RSA_BITS = 8192;

/** A public key of a key set. */
interface SetKey {
  readonly kid?: string;
  readonly keyType: string;
  readonly curve?: string;
  /** Algorithm the key is for, if it names one. */
  readonly algorithm?: string;
  readonly jwk: JsonObject;
  keyObject?: KeyObject | 'unusable';
}

/** The public keys of one issuer (RFC 7517), made ready when first used. */
export class KeySet {
  private readonly keys: readonly SetKey[];
  /** What was asked for last, and found: the next token of an issuer asks the same. */
  private last?: {
    readonly kid: string | undefined;
    readonly name: string;
    readonly found: readonly KeyObject[];
  };

  /** Throws where `document` is no key set. Keys that can never verify a signature are left out. */
  constructor(document: unknown) {
    const keys = isJsonObject(document) ? document['keys'] : undefined;
    if (!Array.isArray(keys)) throw new Error('not a JSON Web Key Set');

    this.keys = keys.filter(isJsonObject).filter(isForVerification).map(toSetKey);
  }

  public get size(): number {
    return this.keys.length;
  }

  /** The keys that a token with this `kid` may be signed with by this algorithm. */
  public candidates(kid: string | undefined, name: string): readonly KeyObject[] {
    const { last } = this;
    if (last && last.kid === kid && last.name === name) return last.found;

    const algorithm = ALGORITHMS.get(name);
    if (algorithm === undefined) return [];

    const named = kid === undefined ? this.keys : this.named(kid);
    const found = named
      .filter((key) => fits(key, name, algorithm))
      .map(keyObjectOf)
      .filter((key) => key !== undefined);
    this.last = { kid, name, found };
    return found;
  }

  // RFC 7515 section 4.1.4: kid is a hint; keys without one may be meant by any
  private named(kid: string): readonly SetKey[] {
    const named = this.keys.filter((key) => key.kid === kid);
    return named.length > 0 ? named : this.keys.filter((key) => key.kid === undefined);
  }
}

// RFC 7517 sections 4.2, 4.3: a key for encryption must not verify
function isForVerification(jwk: JsonObject): boolean {
  const { use, key_ops: operations } = jwk;
  if (use !== undefined && use !== 'sig') return false;
  return operations === undefined || (Array.isArray(operations) && operations.includes('verify'));
}

function toSetKey(jwk: JsonObject): SetKey {
  const { kid, kty, crv, alg } = jwk;
  return {
    kid: typeof kid === 'string' ? kid : undefined,
    keyType: String(kty),
    curve: typeof crv === 'string' ? crv : undefined,
    algorithm: alg === undefined ? undefined : String(alg),
    jwk,
  };
}

// a key is only ever used for what it is: RFC 8725 section 3.1
function fits(
  { keyType, curve, algorithm }: SetKey,
  name: string,
  { keyType: wanted, curves }: Algorithm,
): boolean {
  if (keyType !== wanted) return false;
  if (algorithm !== undefined && algorithm !== name) return false;
  return curves === undefined || (curve !== undefined && curves.includes(curve));
}

function keyObjectOf(key: SetKey): KeyObject | undefined {
  key.keyObject ??= createKey(key.jwk) ?? 'unusable';
  return key.keyObject === 'unusable' ? undefined : key.keyObject;
}

// the public members only: a private key published by mistake is not taken into memory
function createKey({ kty, n, e, crv, x, y }: JsonObject): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: withoutUndefined({ kty, n, e, crv, x, y }), format: 'jwk' });
    return isStrong(key) ? key : undefined;
  } catch {
    return undefined;
  }
}

function isStrong({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  if (asymmetricKeyType !== 'rsa') return true;

  const { modulusLength = 0, publicExponent = 0n } = asymmetricKeyDetails ?? {};
  return modulusLength >= MINIMUM_RSA_BITS && modulusLength <= MAXIMUM_RSA_BITS && publicExponent > 1n;
}

// JSON leaves them out
const withoutUndefined = (members: JsonObject): JsonObject => JSON.parse(JSON.stringify(members));
