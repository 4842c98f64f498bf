import type { AuthorizerConfiguration, SchemeConfiguration } from './authorizer-configuration';

/** Kind of a security scheme, as the authorizer knows it. */
export type SchemeKind = SchemeConfiguration['kind'];

/** Stands for tokens that may come encrypted, among the kinds of schemes. */
const ENCRYPTED = 'encryptedJwt';

/** What the schemes ask of a bundle. */
export function schemeKinds(schemes: readonly SchemeConfiguration[]): string[] {
  return schemes.flatMap((scheme) =>
    scheme.kind === 'jwt' && scheme.decryption ? [scheme.kind, ENCRYPTED] : [scheme.kind],
  );
}

/** Whether the authorizer reads more than schemes do: tenants, exact limits, or which certificates are good. */
export function needsStores({
  limits,
  tenants,
  mutualTls,
}: Pick<AuthorizerConfiguration, 'limits' | 'tenants' | 'mutualTls'>): boolean {
  const judgesCertificates = mutualTls?.revocations === true || mutualTls?.allowedSubjects !== undefined;
  return limits !== undefined || tenants !== undefined || judgesCertificates;
}

/**
 * Name of the smallest authorizer bundle that serves these kinds of schemes, and reads more if need be (`needsStores`).
 *
 * A function loads what it is made of before the first request, so that a gateway whose callers bring JWTs
 * ships no database client.
 */
export function authorizerBundle(kinds: readonly string[], readsMore = false): string {
  if (kinds.includes(ENCRYPTED)) return 'authorizer-with-decryption';
  return !readsMore && kinds.every((kind) => kind === 'jwt') ? 'authorizer' : 'authorizer-with-store';
}
