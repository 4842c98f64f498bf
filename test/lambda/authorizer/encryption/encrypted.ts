import { generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import { CompactEncrypt } from 'jose';
import { decrypter } from '../../../../lambda/authorizer/encryption/decrypt';
import { DecryptingVerifier } from '../../../../lambda/authorizer/encryption/decrypting-verifier';
import { RememberedSecret } from '../../../../lambda/shared/remembered-secret';
import { signingKey, token } from '../tokens';
import { authorizer, CLAIMS, jwtVerifier, NOW, operation } from '../under-test';

export const KEY = signingKey('ES256', 'one');
export const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const NEW = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const SIGNED = token(KEY, CLAIMS);

export const HEADER = { alg: 'RSA-OAEP-256', enc: 'A256GCM', cty: 'JWT', kid: 'rsa' };

export const encrypt = (text: string, key: KeyObject, header: object = {}) =>
  new CompactEncrypt(Buffer.from(text)).setProtectedHeader({ ...HEADER, ...header }).encrypt(key);

export const jwkOf = (key: KeyObject, kid: string): JsonWebKey => ({ ...key.export({ format: 'jwk' }), kid });

export function underTest(keys: JsonWebKey[] = [jwkOf(RSA.privateKey, 'rsa'), jwkOf(EC.privateKey, 'ec')]) {
  const state = { keys, reads: 0, millis: NOW * 1000 };
  const read = async () => {
    state.reads += 1;
    return JSON.stringify({ keys: state.keys });
  };
  const secret = new RememberedSecret('arn', read, () => state.millis);
  const verifier = new DecryptingVerifier(jwtVerifier([KEY]), decrypter(secret, ['RSA-OAEP-256', 'ECDH-ES']));
  return { state, verifier, ...authorizer({ customer: verifier }, { 'GET /orders': operation() }) };
}

export const reasonOf = (lines: readonly string[]) => JSON.parse(lines.at(-1) ?? '{}').reason;
