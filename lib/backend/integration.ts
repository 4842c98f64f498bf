import type { IntegrationPlaceholder } from '../definition/compiled-api';
import { ABSENT, IDENTITY_HEADERS } from '../protocol/identity-headers';
import { headerSource } from './header-value';

/** Where an integration's requests go. */
export interface IntegrationTarget {
  /** Prefix of the service's URIs. */
  readonly uri: string;
  readonly vpcLinkId: string;
  readonly loadBalancerArn: string;
  readonly timeoutMillis?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly skipIssuerVerification: boolean;
  /** The authorizer signs an identity, which takes the place of the caller's credential. */
  readonly signedIdentity: boolean;
}

/**
 * The integration that takes a placeholder's place: a proxy through the VPC link.
 *
 * Every identity header is mapped on every operation, and the authorizer always returns a value for each: API
 * Gateway skips a mapping without one, and the caller's own header would get through (aws-facts 9.2, 9.4).
 */
export function integrationOf(
  placeholder: IntegrationPlaceholder,
  target: IntegrationTarget,
): Readonly<Record<string, unknown>> {
  const timeoutMillis = placeholder.timeoutMillis ?? target.timeoutMillis;

  return {
    type: 'http_proxy',
    httpMethod: placeholder.method,
    uri: target.uri + placeholder.path,
    connectionType: 'VPC_LINK',
    connectionId: target.vpcLinkId,
    integrationTarget: target.loadBalancerArn,
    ...(timeoutMillis && { timeoutInMillis: timeoutMillis }),
    ...(target.skipIssuerVerification && { tlsConfig: { insecureSkipVerification: true } }),
    requestParameters: {
      ...pathMappings(placeholder.pathParameters),
      ...headerMappings(target.headers, headerSource),
      ...headerMappings(IDENTITY_HEADERS_BY_NAME, (key) => `context.authorizer.${key}`),
      'integration.request.header.X-Request-Id': 'context.extendedRequestId',
      ...credentialMappings(placeholder.credentialHeaders, target.signedIdentity),
    },
  };
}

const IDENTITY_HEADERS_BY_NAME = Object.fromEntries(
  Object.entries(IDENTITY_HEADERS).map(([key, header]) => [header, key]),
);

function pathMappings(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => [`integration.request.path.${name}`, `method.request.path.${name}`]),
  );
}

function headerMappings(
  headers: Readonly<Record<string, string>>,
  source: (value: string) => string,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [`integration.request.header.${name}`, source(value)]),
  );
}

/** The caller's credential never reaches the backend, whichever header it came in. */
function credentialMappings(headers: readonly string[], signedIdentity: boolean): Record<string, string> {
  const others = headers.filter((name) => name.toLowerCase() !== 'authorization');
  return {
    ...Object.fromEntries(others.map((name) => [`integration.request.header.${name}`, literal(ABSENT)])),
    'integration.request.header.Authorization': signedIdentity
      ? 'context.authorizer.identity'
      : literal(ABSENT),
  };
}

function literal(value: string): string {
  return `'${value}'`;
}
