/**
 * Fields of an access-log line and what stands in them, in a dotted name each: Elastic Common Schema's where it has one
 * (https://www.elastic.co/docs/reference/ecs), OpenTelemetry's for the route, which it lacks, and `gateway.` for the rest.
 * Latencies are in milliseconds.
 *
 * API Gateway substitutes without escaping (aws-facts 8.10), so nothing a caller writes freely stands here: no
 * user agent, no path as sent, no query, no error text. `http.request.id` is the extended one, because a caller can
 * set the other (aws-facts 8.6).
 *
 * Which stage refused a request is in no variable. `event.reason` has side by side what tells it: status, the web ACL's
 * verdict, API Gateway's type and the authorizer's code; docs/refusal-stages.csv names the stage of each. Of the phases
 * API Gateway knows (waf, authenticate, authorizer, authorize, integration) the statuses stand here, and no error texts.
 */
export const ACCESS_LOG_FIELDS = {
  '@timestamp': '$context.requestTimeEpoch',
  'ecs.version': '8.11.0',
  'event.kind': 'event',
  'event.category': 'web',
  'event.dataset': 'gateway.access',
  'event.action': '$context.authorizer.operation',
  'event.reason':
    '$context.status $context.wafResponseCode $context.error.responseType $context.authorizer.code',
  'service.id': '$context.apiId',
  'service.environment': '$context.stage',
  'http.request.id': '$context.extendedRequestId',
  'http.request.method': '$context.httpMethod',
  'http.route': '$context.resourcePath',
  'http.version': '$context.protocol',
  'http.response.status_code': '$context.status',
  'http.response.body.bytes': '$context.responseLength',
  'error.type': '$context.error.responseType',
  'error.code': '$context.authorizer.code',
  'source.ip': '$context.identity.sourceIp',
  'user.id': '$context.authorizer.principalId',
  'organization.id': '$context.authorizer.tenantId',
  'tls.version': '$context.tlsVersion',
  'tls.cipher': '$context.cipherSuite',
  'tls.client.x509.serial_number': '$context.identity.clientCert.serialNumber',
  'gateway.client_id': '$context.authorizer.clientId',
  'gateway.key_id': '$context.authorizer.keyId',
  'gateway.tier': '$context.authorizer.tier',
  'gateway.plan_key_id': '$context.identity.apiKeyId',
  'gateway.waf.status': '$context.waf.status',
  'gateway.waf.verdict': '$context.wafResponseCode',
  'gateway.authorizer.status': '$context.authorizer.status',
  'gateway.authorizer.latency': '$context.authorizer.latency',
  'gateway.authorize.status': '$context.authorize.status',
  'gateway.integration.status': '$context.integration.status',
  'gateway.integration.latency': '$context.integration.latency',
  'gateway.latency': '$context.responseLatency',
} as const;

/** Name of a field, as queries of CloudWatch Logs Insights write it; `$.` before it in filters of metrics. */
export type AccessLogField = keyof typeof ACCESS_LOG_FIELDS;

/**
 * One JSON object a line, every value a text: a missing one is `-`, which without quotes would break the line.
 *
 * Objects within objects, not names with dots: filters of metrics select `$.http.response.status_code` in the former
 * only, and Logs Insights names both alike.
 */
export function accessLogFormat(fields: Readonly<Record<string, string>> = ACCESS_LOG_FIELDS): string {
  const line: Nested = {};
  for (const [name, value] of Object.entries(fields)) put(line, name.split('.'), value);
  return JSON.stringify(line);
}

interface Nested {
  [name: string]: string | Nested;
}

function put(into: Nested, [name = '', ...rest]: readonly string[], value: string): void {
  if (rest.length === 0) {
    into[name] = value;
    return;
  }
  const known = into[name];
  const inner = typeof known === 'object' ? known : {};
  into[name] = inner;
  put(inner, rest, value);
}
