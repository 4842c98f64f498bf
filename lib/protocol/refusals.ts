/** Stages of the pipeline that can refuse, in order. */
export type Stage =
  | 'tls'
  | 'ip'
  | 'rate'
  | 'firewall'
  | 'routing'
  | 'authentication'
  | 'authorization'
  | 'parameters'
  | 'limit'
  | 'plan'
  | 'body'
  | 'backend'
  | 'gateway';

export interface Refusal {
  /** Stable; clients may rely on it. */
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly stage: Stage;
  /** API Gateway's response types that carry it; none for what only the web ACL answers. */
  readonly responseTypes: readonly string[];
}

/**
 * Every refusal a client can see. 413 of API Gateway itself cannot be customised (aws-facts 3.9); the web
 * ACL's size classes answer first.
 */
export const REFUSALS = [
  refusal('REQUEST_BLOCKED', 403, 'Request blocked', 'firewall', 'WAF_FILTERED'),
  refusal('PAYLOAD_TOO_LARGE', 413, 'Payload too large', 'firewall'),
  refusal('UNSUPPORTED_MEDIA_TYPE', 415, 'Unsupported media type', 'firewall', 'UNSUPPORTED_MEDIA_TYPE'),
  refusal('RATE_LIMITED', 429, 'Too many requests', 'rate', 'THROTTLED'),
  refusal('NOT_FOUND', 404, 'Not found', 'routing', 'MISSING_AUTHENTICATION_TOKEN', 'RESOURCE_NOT_FOUND'),
  refusal('UNAUTHENTICATED', 401, 'Authentication required', 'authentication', 'UNAUTHORIZED'),
  refusal(
    'FORBIDDEN',
    403,
    'Forbidden',
    'authorization',
    'ACCESS_DENIED',
    'EXPIRED_TOKEN',
    'INVALID_SIGNATURE',
  ),
  refusal('CONTRACT_VIOLATION', 400, 'Bad request', 'parameters', 'INVALID_API_KEY'),
  refusal('INVALID_PARAMETERS', 400, 'Bad request', 'parameters', 'BAD_REQUEST_PARAMETERS'),
  refusal('QUOTA_EXCEEDED', 429, 'Quota exceeded', 'plan', 'QUOTA_EXCEEDED'),
  refusal('INVALID_BODY', 400, 'Invalid request body', 'body', 'BAD_REQUEST_BODY'),
  refusal('BACKEND_UNAVAILABLE', 502, 'Bad gateway', 'backend', 'INTEGRATION_FAILURE'),
  refusal('BACKEND_TIMEOUT', 504, 'Gateway timeout', 'backend', 'INTEGRATION_TIMEOUT'),
  refusal(
    'INTERNAL_ERROR',
    500,
    'Internal server error',
    'gateway',
    'AUTHORIZER_FAILURE',
    'AUTHORIZER_CONFIGURATION_ERROR',
    'API_CONFIGURATION_ERROR',
  ),
] as const satisfies readonly Refusal[];

/** A problem document's media type (RFC 9457). */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** `type` of the problem document of a refusal (RFC 9457 section 3.1.1). */
export function problemType(code: string): string {
  return `urn:secure-api-gateway:problem:${code.toLowerCase().replaceAll('_', '-')}`;
}

function refusal(
  code: string,
  status: number,
  title: string,
  stage: Stage,
  ...responseTypes: string[]
): Refusal {
  return { code, status, title, stage, responseTypes };
}
