import { PROBLEM_MEDIA_TYPE, problemType, REFUSALS } from '../protocol/refusals';
import type { SecurityScheme } from './security-schemes';

/** A gateway response as `x-amazon-apigateway-gateway-responses` has it. */
export interface GatewayResponse {
  readonly statusCode?: string;
  readonly responseParameters: Readonly<Record<string, string>>;
  readonly responseTemplates: Readonly<Record<string, string>>;
}

/** Headers every answer of the gateway itself carries. */
const COMMON_HEADERS = {
  'Content-Type': PROBLEM_MEDIA_TYPE,
  'Cache-Control': 'no-store',
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
};

/** A throttle's bucket fills by the second; when a quota begins anew is not known here. */
const RETRY_AFTER_SECONDS: Readonly<Record<string, string>> = { THROTTLED: '1', QUOTA_EXCEEDED: '3600' };

/**
 * One problem document for each way API Gateway can refuse (RFC 9457).
 *
 * Bodies are static but for the request id: API Gateway substitutes without escaping, so nothing a caller can
 * influence may stand in them. The two defaults get a body and no status, which would change every other type
 * (aws-facts 3.6).
 */
export function gatewayResponses(
  schemes: readonly SecurityScheme[],
  extraHeaders: Readonly<Record<string, string>> = {},
): Readonly<Record<string, GatewayResponse>> {
  const responses: Record<string, GatewayResponse> = {};
  for (const { code, status, title, responseTypes } of REFUSALS) {
    for (const responseType of responseTypes) {
      const retryAfter = RETRY_AFTER_SECONDS[responseType];
      responses[responseType] = {
        statusCode: String(status),
        ...parts(
          code,
          title,
          status,
          {
            ...extraHeaders,
            ...(status === 401 ? { 'WWW-Authenticate': challenge(schemes) } : {}),
            ...(retryAfter ? { 'Retry-After': retryAfter } : {}),
          },
          responseType === 'INVALID_API_KEY',
        ),
      };
    }
  }
  responses['DEFAULT_4XX'] = parts('REQUEST_REFUSED', 'Request refused', undefined, extraHeaders);
  responses['DEFAULT_5XX'] = parts('INTERNAL_ERROR', 'Internal server error', undefined, extraHeaders);
  return responses;
}

function parts(
  code: string,
  title: string,
  status: number | undefined,
  headers: Readonly<Record<string, string>>,
  detailed = false,
): Pick<GatewayResponse, 'responseParameters' | 'responseTemplates'> {
  const problem = {
    type: problemType(code),
    title,
    ...(status === undefined ? {} : { status }),
    code,
    // the authorizer keeps it to characters that need no escaping
    ...(detailed ? { detail: '$context.authorizer.detail' } : {}),
    requestId: '$context.extendedRequestId',
  };
  return {
    responseParameters: Object.fromEntries(
      Object.entries({ ...COMMON_HEADERS, ...headers }).map(([name, value]) => [
        `gatewayresponse.header.${name}`,
        `'${value}'`,
      ]),
    ),
    responseTemplates: { 'application/json': JSON.stringify(problem) },
  };
}

/** What the caller should present (RFC 9110 section 11.6.1): one challenge for each kind of credential. */
function challenge(schemes: readonly SecurityScheme[]): string {
  const challenges = schemes.map(({ location }) => {
    if (location.in === 'header') return `ApiKey realm="${location.name}"`;
    return location.in === 'authorization' ? 'Bearer' : 'ClientCertificate';
  });
  return [...new Set(challenges)].sort().join(', ') || 'Bearer';
}
