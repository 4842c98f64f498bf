import type { KeyObject } from 'node:crypto';
import { ALGORITHMS } from './algorithms';
import type { CompactJws } from './compact-jws';

/** Whether one of the keys made the signature. Never throws for what a token holds. */
export function isSignedByOne(
  { header, signingInput, signature }: CompactJws,
  keys: readonly KeyObject[],
): boolean {
  const algorithm = ALGORITHMS.get(header.alg);
  if (algorithm === undefined) return false;

  const signed = Buffer.from(signingInput, 'latin1');
  return keys.some((key) => {
    try {
      return algorithm.verify(signed, key, signature);
    } catch {
      return false;
    }
  });
}
