import type { SchemeConfiguration } from './authorizer-configuration';

/** Kind of a security scheme, as the authorizer knows it. */
export type SchemeKind = SchemeConfiguration['kind'];

/**
 * Name of the smallest authorizer bundle that serves these kinds of schemes.
 *
 * A function loads what it is made of before the first request, so that a gateway whose callers bring JWTs
 * ships no database client.
 */
export function authorizerBundle(kinds: readonly string[]): string {
  return kinds.every((kind) => kind === 'jwt') ? 'authorizer' : 'authorizer-with-store';
}
