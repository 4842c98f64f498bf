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
  'cookies',
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

/** What a header of the identity may say: a key of the context. */
export type IdentityKey = 'userId' | 'userRoles' | 'userScopes' | 'tenantId' | 'clientId';

/** Names of the headers a backend gets the identity in, by context key. */
export type IdentityHeaderNames = Readonly<Record<IdentityKey, string>>;

/** The same, unless a gateway names them otherwise. */
export const IDENTITY_HEADERS: IdentityHeaderNames = {
  userId: 'X-User-Id',
  userRoles: 'X-User-Roles',
  userScopes: 'X-User-Scopes',
  tenantId: 'X-Tenant-Id',
  clientId: 'X-Client-Id',
};

/** Headers a caller may not send where the names are the usual ones. */
export const RESERVED_HEADERS: readonly string[] = /* @__PURE__ */ Object.values(IDENTITY_HEADERS);

/**
 * Headers a caller may not send: the web ACL refuses a request that carries one.
 *
 * The usual names stay among them when a gateway has others, because a service may still read them; `declared` are
 * those that the document has as parameters, and so means to come from callers.
 */
export function reservedHeaders(names: IdentityHeaderNames, declared: readonly string[]): string[] {
  const meant = (name: string) => declared.some((each) => isReservedHeader(each, [name]));
  return [...Object.values(names), ...unusedHeaders(names).filter((name) => !meant(name))];
}

/** The usual names a gateway with others has no use for. */
export function unusedHeaders(names: IdentityHeaderNames): string[] {
  return RESERVED_HEADERS.filter((name) => !includesHeader(Object.values(names), name));
}

/** Whether a list has a header's name, in whatever casing. */
export function includesHeader(names: readonly string[], name: string): boolean {
  return names.some((each) => each.toLowerCase() === name.toLowerCase());
}

/**
 * Matches a reserved header's name in lower case, with any mark for `-`: servers in the tradition of CGI treat
 * `X_User_Id`, `X.User.Id` and `X-User-Id` as one. No parentheses beyond groups, so that WAF's engine reads it alike.
 */
export function reservedHeaderPattern(names: readonly string[] = RESERVED_HEADERS): string {
  const alternatives = names.map((name) => name.toLowerCase().replaceAll('-', '[^a-z0-9]'));
  return `^(${alternatives.join('|')})$`;
}

/** Whether a name is a reserved one, marks and casing aside. */
export function isReservedHeader(name: string, names?: readonly string[]): boolean {
  return new RegExp(reservedHeaderPattern(names)).test(name.toLowerCase());
}
