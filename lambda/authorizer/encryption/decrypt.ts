import { createPrivateKey, type KeyObject } from 'node:crypto';
import { type CompactJWEHeaderParameters, compactDecrypt } from 'jose';
import type { RememberedSecret } from '../../shared/remembered-secret';
import { isJsonObject, type JsonObject } from '../jwt/json-object';
import { Unauthenticated } from '../refused';

/** Answers the token inside an encrypted one; throws `Unauthenticated` where there is none for us. */
export type Decrypt = (jwe: string) => Promise<string>;

const MINIMUM_RSA_BITS = 2048;

interface PrivateKey {
  readonly kid?: string;
  readonly key: KeyObject;
}

/**
 * Decrypts nested tokens (RFC 7519 section 5.2, RFC 7516): pinned algorithms, A256GCM, no compression, nothing
 * taken from the token but the name of the key.
 */
export function decrypter(secret: RememberedSecret, algorithms: readonly string[]): Decrypt {
  const keysIn = rememberingLast(readKeys);

  return async (jwe) => {
    const find = async (header: CompactJWEHeaderParameters) => {
      requireNested(header);
      const known = select(keysIn(await secret.current()), header);
      // a key that is not there may have been added since
      const key = known ?? select(keysIn(await secret.renewed()), header);
      if (key === undefined) throw new Unauthenticated('UNKNOWN_DECRYPTION_KEY');
      return key;
    };
    try {
      const { plaintext } = await compactDecrypt(jwe, find, {
        keyManagementAlgorithms: [...algorithms],
        contentEncryptionAlgorithms: ['A256GCM'],
      });
      return Buffer.from(plaintext).toString('latin1');
    } catch (error) {
      throw isOfTheToken(error) ? new Unauthenticated('UNDECRYPTABLE_TOKEN') : error;
    }
  };
}

function requireNested({ cty, zip }: CompactJWEHeaderParameters): void {
  // a few bytes could become gigabytes
  if (zip !== undefined) throw new Unauthenticated('UNSUPPORTED_HEADER');
  if (typeof cty !== 'string' || cty.toLowerCase() !== 'jwt') throw new Unauthenticated('NOT_NESTED');
}

function select(
  keys: readonly PrivateKey[],
  { alg, kid }: CompactJWEHeaderParameters,
): KeyObject | undefined {
  const fitting = keys.filter(
    ({ key }) => (key.asymmetricKeyType === 'rsa') === String(alg).startsWith('RSA'),
  );
  if (kid === undefined) return fitting.length === 1 ? fitting[0]?.key : undefined;
  return (fitting.find((key) => key.kid === kid) ?? fitting.find((key) => key.kid === undefined))?.key;
}

// whatever the library throws of a token has one of its codes; what the secret's reader throws has not
function isOfTheToken(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('ERR_JOSE') || code.startsWith('ERR_JWE');
}

/** Private keys as PEM, as a JWK, or as a set of them; those for signatures are left out. */
function readKeys(secret: string): readonly PrivateKey[] {
  const keys = parseKeys(secret);
  if (keys.some(({ key }) => isWeak(key))) {
    throw new Error(`the secret of the decryption holds an RSA key under ${MINIMUM_RSA_BITS} bits`);
  }
  return keys;
}

function parseKeys(secret: string): readonly PrivateKey[] {
  try {
    if (!secret.trimStart().startsWith('{')) return [{ key: createPrivateKey(secret) }];
    const json: unknown = JSON.parse(secret);
    const set = isJsonObject(json) && Array.isArray(json['keys']) ? json['keys'] : [json];
    return set
      .filter(isJsonObject)
      .filter(({ use }) => use === undefined || use === 'enc')
      .map(toPrivateKey);
  } catch {
    // the cause would quote the keys
    throw new Error('the secret of the decryption holds no private keys in PEM, JWK or JWK Set');
  }
}

function toPrivateKey(jwk: JsonObject): PrivateKey {
  const { kid } = jwk;
  return {
    ...(typeof kid === 'string' ? { kid } : {}),
    key: createPrivateKey({ key: jwk, format: 'jwk' }),
  };
}

// RFC 7518 section 4.3; the library refuses such a key as well, and it would look like a fault of the token
function isWeak({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  return asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) < MINIMUM_RSA_BITS;
}

function rememberingLast<T>(make: (text: string) => T): (text: string) => T {
  let last: { readonly text: string; readonly value: T } | undefined;
  return (text) => {
    if (last?.text !== text) last = { text, value: make(text) };
    return last.value;
  };
}
