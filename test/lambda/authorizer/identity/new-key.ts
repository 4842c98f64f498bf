import { generateKeyPairSync } from 'node:crypto';
import type { SigningKey } from '../../../../lib/protocol';

/** A key for identities, by this name. */
export function newKey(kid: string): SigningKey {
  const {
    x = '',
    y = '',
    d = '',
  } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    format: 'jwk',
  });
  return { kty: 'EC', crv: 'P-256', x, y, d, kid };
}
