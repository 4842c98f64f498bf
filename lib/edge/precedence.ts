import type { EdgeOperation } from './edge-operation';

/**
 * Whether API Gateway takes some request for `operation` that also reads as one to `other`: a fixed segment comes
 * before a variable, a variable before the rest of a path. With a prefix in front it cannot be told, and so may be.
 */
export function comesBefore(
  operation: EdgeOperation,
  other: EdgeOperation,
  prefixes: readonly string[],
): boolean {
  if (operation.method && other.method && operation.method.toUpperCase() !== other.method.toUpperCase()) {
    return false;
  }
  const others = segmentsOf(other.path);
  const prefixed = prefixes.some((prefix) => overlap(segmentsOf(prefix + operation.path), others));

  return prefixed || isNearer(segmentsOf(operation.path), others);
}

/** Whether some request has a path of both. */
export function mayBeOne(path: string, other: string): boolean {
  return overlap(segmentsOf(path), segmentsOf(other));
}

function isNearer(segments: readonly string[], others: readonly string[]): boolean {
  const first = segments.findIndex((segment, index) => rankOf(segment) !== rankOf(others[index]));

  return first >= 0 && rankOf(segments[first]) < rankOf(others[first]) && overlap(segments, others);
}

/** Whether some path reads as both. */
function overlap([first, ...rest]: readonly string[], [other, ...others]: readonly string[]): boolean {
  if (first === undefined || other === undefined) return first === other;
  if (rankOf(first) === Rank.REST || rankOf(other) === Rank.REST) return true;
  const bothFixed = rankOf(first) === Rank.FIXED && rankOf(other) === Rank.FIXED;

  return (!bothFixed || first === other) && overlap(rest, others);
}

enum Rank {
  FIXED,
  VARIABLE,
  REST,
  NONE,
}

function rankOf(segment: string | undefined): Rank {
  if (segment === undefined) return Rank.NONE;
  if (/^\{[^}]*\+\}$/.test(segment)) return Rank.REST;

  return /^\{[^}]*\}$/.test(segment) ? Rank.VARIABLE : Rank.FIXED;
}

function segmentsOf(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '');
}
