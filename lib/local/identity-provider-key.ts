import { generateKeyPairSync, type JsonWebKey, randomUUID } from 'node:crypto';

/** A fresh RS256 key, private part included, that lives as long as the process. */
export function generateSigningKey(): JsonWebKey {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), alg: 'RS256', use: 'sig' };
}
