import type { SchemeConfiguration } from './authorizer-configuration';

/** Kind of a security scheme, as the authorizer knows it. */
export type SchemeKind = SchemeConfiguration['kind'];

/**
 * Name of the smallest authorizer bundle that serves these kinds of schemes, and counts exact limits if need be.
 *
 * A function loads what it is made of before the first request, so that a gateway whose callers bring JWTs
 * ships no database client.
 */
export function authorizerBundle(kinds: readonly string[], counts = false): string {
  return !counts && kinds.every((kind) => kind === 'jwt') ? 'authorizer' : 'authorizer-with-store';
}
