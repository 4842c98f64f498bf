/** CloudWatch namespace of every metric of ours. */
export const METRICS_NAMESPACE = 'SecureApiGateway';

/** Dimension of the authorizer's metrics: id of the REST API, which both the function and an alarm know. */
export const METRICS_DIMENSION = 'ApiId';

/** What the authorizer counts, by embedded metric format. */
export const AUTHORIZER_METRICS = {
  /** Requests refused with 401. */
  unauthenticated: 'Unauthenticated',
  /** Requests refused with 403. */
  forbidden: 'Forbidden',
  /** Requests refused with 400. */
  contractRefused: 'ContractRefused',
  /** Violations let through by `contract: observe`. */
  contractObserved: 'ContractObserved',
  /** Most failed authentications of one address within five minutes, as one instance saw them. */
  failuresOfOneAddress: 'FailuresOfOneAddress',
  /** Requests refused with 429 by an exact limit, or for too many failed authentications. */
  limited: 'Limited',
  /** Calls of the store of exact limits that failed; while it is left alone there are none. */
  limitStoreFailed: 'LimitStoreFailed',
  /** Requests refused with 500 because something of ours, or an identity provider, failed. */
  failed: 'AuthorizerFailed',
  /** Key sets that could not be fetched. */
  keySetUnavailable: 'KeySetUnavailable',
} as const;

/** What only some credentials are counted as, likewise; apart, for not every bundle needs the names. */
export const CREDENTIAL_METRICS = {
  /** Keys and certificates that are genuine, and revoked. */
  revokedUsed: 'RevokedCredentialUsed',
  /** Requests refused with 500 because an issuer did not say what it knows of a token. */
  introspectionFailed: 'IntrospectionFailed',
} as const;

/** What scheduled functions tell of the gateway, by the same dimension. */
export const WATCH_METRICS = {
  /** API keys that end soon and have no successor. */
  keysExpiring: 'KeysExpiring',
  /** Callers who used a sensitive operation that they had not used for long. */
  sensitiveNewcomers: 'SensitiveNewcomers',
} as const;
