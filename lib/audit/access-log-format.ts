/**
 * Fields of an access-log line and the variables behind them.
 *
 * API Gateway substitutes without escaping (aws-facts 8.10), so nothing a caller writes freely stands here: no
 * user agent, no path as sent, no query, no error text. `requestId` is the extended one, because a caller can
 * set the other (aws-facts 8.6).
 */
export const ACCESS_LOG_FIELDS = {
  requestId: '$context.extendedRequestId',
  time: '$context.requestTimeEpoch',
  api: '$context.apiId',
  stage: '$context.stage',
  method: '$context.httpMethod',
  resource: '$context.resourcePath',
  operation: '$context.authorizer.operation',
  status: '$context.status',
  responseType: '$context.error.responseType',
  code: '$context.authorizer.code',
  sourceIp: '$context.identity.sourceIp',
  principal: '$context.authorizer.principalId',
  tenant: '$context.authorizer.tenantId',
  client: '$context.authorizer.clientId',
  key: '$context.authorizer.keyId',
  tier: '$context.authorizer.tier',
  planKeyId: '$context.identity.apiKeyId',
  certificateSerial: '$context.identity.clientCert.serialNumber',
  firewallStatus: '$context.waf.status',
  firewallResponse: '$context.wafResponseCode',
  authorizerStatus: '$context.authorizer.status',
  authorizerLatency: '$context.authorizer.latency',
  integrationStatus: '$context.integration.status',
  integrationLatency: '$context.integration.latency',
  latency: '$context.responseLatency',
  responseBytes: '$context.responseLength',
  protocol: '$context.protocol',
  tlsVersion: '$context.tlsVersion',
  cipherSuite: '$context.cipherSuite',
} as const;

/** One JSON object a line, every value a string: a missing one is `-`. */
export function accessLogFormat(fields: Readonly<Record<string, string>> = ACCESS_LOG_FIELDS): string {
  return JSON.stringify(fields);
}
