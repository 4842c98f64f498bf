import type { Problem } from './errors';
import { CREDENTIAL_HEADERS } from './protocol/credential-names';
import { UNMAPPABLE_HEADERS } from './protocol/header-names';
import {
  IDENTITY_HEADERS,
  type IdentityHeaderNames,
  type IdentityKey,
  includesHeader,
} from './protocol/identity-headers';

/**
 * Names of the headers in which a backend gets who calls. Callers may not send them.
 *
 * The usual names that are replaced here stay closed to callers, because a service may still read them, unless the
 * document has them as parameters.
 */
export interface IdentityHeaders {
  /**
   * Who calls.
   *
   * @default 'X-User-Id'
   */
  readonly userId?: string;

  /**
   * The caller's roles, with blanks between them.
   *
   * @default 'X-User-Roles'
   */
  readonly userRoles?: string;

  /**
   * The caller's scopes, with blanks between them.
   *
   * @default 'X-User-Scopes'
   */
  readonly userScopes?: string;

  /**
   * For whom.
   *
   * @default 'X-Tenant-Id'
   */
  readonly tenantId?: string;

  /**
   * With which client.
   *
   * @default 'X-Client-Id'
   */
  readonly clientId?: string;
}

/** Every name, the usual one where none is given. */
export function identityHeaderNames(given: IdentityHeaders = {}): IdentityHeaderNames {
  const { userId, userRoles, userScopes, tenantId, clientId } = IDENTITY_HEADERS;
  return {
    userId: given.userId ?? userId,
    userRoles: given.userRoles ?? userRoles,
    userScopes: given.userScopes ?? userScopes,
    tenantId: given.tenantId ?? tenantId,
    clientId: given.clientId ?? clientId,
  };
}

/** Load balancers may drop names with other characters, and servers read some of those for a hyphen. */
const NAME = /^[A-Za-z][A-Za-z0-9-]{0,63}$/;

/** Headers that have a meaning already, to the gateway or to everyone. */
const TAKEN: readonly string[] = [
  ...UNMAPPABLE_HEADERS,
  ...CREDENTIAL_HEADERS,
  'accept',
  'authorization',
  'content-type',
  'cookie',
  'forwarded',
  'origin',
  'referer',
  'user-agent',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-request-id',
];

/** What is wrong with the names, all of it. */
export function identityHeaderProblems(at: string, given: IdentityHeaders = {}): Problem[] {
  const names = Object.entries(identityHeaderNames(given)) as [IdentityKey, string][];
  const problem = (key: string, message: string, remedy: string): Problem => ({
    code: 'IDENTITY_HEADER',
    at: `${at}.${key}`,
    message,
    remedy,
  });
  return names.flatMap(([key, name], index) => {
    const twin = names.slice(0, index).find(([, other]) => includesHeader([other], name));
    return [
      ...(NAME.test(name)
        ? []
        : [
            problem(
              key,
              `an identity header must be a letter and up to 63 letters, digits and hyphens, got ${JSON.stringify(name)}`,
              "write for example 'X-Caller-Id'",
            ),
          ]),
      ...(includesHeader(TAKEN, name)
        ? [
            problem(
              key,
              `${JSON.stringify(name)} has another use, or cannot be set by API Gateway`,
              "choose a name of your own, for example 'X-Caller-Id'",
            ),
          ]
        : []),
      ...(twin
        ? [
            problem(
              key,
              `the header ${JSON.stringify(name)} is that of '${twin[0]}' too`,
              'give each a name of its own',
            ),
          ]
        : []),
    ];
  });
}
