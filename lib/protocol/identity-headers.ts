/**
 * What the authorizer returns in its context, always every key: `ABSENT` where there is no value, because
 * API Gateway skips a mapping whose source is missing and would let the caller's own header through
 * (aws-facts 9.4, 9.5).
 */
export const CONTEXT_KEYS = [
  'userId',
  'userRoles',
  'userScopes',
  'tenantId',
  'clientId',
  'keyId',
  'tier',
  'identity',
  'operation',
  'code',
  'detail',
] as const;

export type ContextKey = (typeof CONTEXT_KEYS)[number];

export type AuthorizerContext = Readonly<Record<ContextKey, string>>;

/** Stands for "no value". Not empty: what API Gateway does with an empty value is not known (aws-facts 9.8). */
export const ABSENT = '-';

/** Longest authorizer context, in bytes of its JSON. A larger one is refused with 403. */
export const MAXIMUM_CONTEXT_BYTES = 4096;

/** Identity headers a backend gets, by context key. */
export const IDENTITY_HEADERS = {
  userId: 'X-User-Id',
  userRoles: 'X-User-Roles',
  userScopes: 'X-User-Scopes',
  tenantId: 'X-Tenant-Id',
  clientId: 'X-Client-Id',
} as const satisfies Partial<Record<ContextKey, string>>;

/** Headers a caller may not send: the web ACL refuses a request that carries one. */
export const RESERVED_HEADERS: readonly string[] = /* @__PURE__ */ Object.values(IDENTITY_HEADERS);

/**
 * Matches a reserved header's name in lower case, with any mark for `-`: servers in the tradition of CGI treat
 * `X_User_Id`, `X.User.Id` and `X-User-Id` as one. No parentheses beyond groups, so that WAF's engine reads it alike.
 */
export function reservedHeaderPattern(names: readonly string[] = RESERVED_HEADERS): string {
  const alternatives = names.map((name) => name.toLowerCase().replaceAll('-', '[^a-z0-9]'));
  return `^(${alternatives.join('|')})$`;
}
