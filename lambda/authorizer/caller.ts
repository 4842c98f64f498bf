import type { RateLimit } from '../../lib/protocol/limits';
import type { AuthorizerRequest } from './authorizer-request';
import type { Credential } from './credential';

/** Whom a credential proves. */
export interface Caller {
  /** Names the credential in the log. */
  readonly credentialId: string;
  /**
   * Name of the security scheme that proved it, `a+b` where two did; said by who asked the verifier. A user is one of
   * a scheme: another issuer may give the same name to somebody else.
   */
  scheme?: string;
  readonly userId?: string;
  readonly clientId?: string;
  readonly tenantId?: string;
  /** Id of the API key. */
  readonly keyId?: string;
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
  readonly tier?: string;
  /** `usageIdentifierKey` of its own, from `activeAfter` on. */
  readonly planKey?: string;
  readonly activeAfter?: number;
  /** Limit of the API key itself, whatever it calls. */
  readonly limit?: RateLimit;
  /** Everything the credential says, for the owner rule. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/**
 * Proves the credential of one security scheme.
 *
 * Throws `Unauthenticated` where the credential is at fault, any other error where something of ours is: the
 * request is refused either way, but only the first is the caller's doing. Answers at once where it can.
 */
export interface Verifier {
  verify(credential: Credential, request: AuthorizerRequest): Caller | Promise<Caller>;
}

/** One caller out of the callers of two schemes of one alternative; the first to say something is heard. */
export function oneCaller(first: Caller, next: Caller): Caller {
  return {
    ...next,
    ...withoutUndefined(first),
    scheme: `${first.scheme}+${next.scheme}`,
    scopes: [...new Set([...first.scopes, ...next.scopes])],
    roles: [...new Set([...first.roles, ...next.roles])],
    claims: { ...next.claims, ...first.claims },
  };
}

function withoutUndefined<T extends object>(value: T): T {
  const result = { ...value };
  for (const key in result) if (result[key] === undefined) delete result[key];
  return result;
}
