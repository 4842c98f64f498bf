import type { IntegrationPlaceholder } from '../definition/compiled-api';
import { ABSENT, type IdentityHeaderNames, includesHeader } from '../protocol/identity-headers';
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
  /** Names of the headers that say who calls. */
  readonly identityHeaders: IdentityHeaderNames;
  /** The authorizer signs an identity, which takes the place of the caller's credential. */
  readonly signedIdentity: boolean;
}

/** API Gateway's default where answers are buffered; where they are streamed it may wait a quarter of an hour. */
const BUFFERED_TIMEOUT_MILLIS = 29_000;

/**
 * The integration that takes a placeholder's place: a proxy through the VPC link.
 *
 * Every identity header is mapped on every operation, and the authorizer always returns a value for each: API
 * Gateway skips a mapping without one, and the caller's own header would get through (aws-facts 9.2, 9.4).
 */
export function integrationOf(
  placeholder: IntegrationPlaceholder,
  target: IntegrationTarget,
  { isBinary = false }: { readonly isBinary?: boolean } = {},
): Readonly<Record<string, unknown>> {
  const timeoutMillis = placeholder.timeoutMillis ?? target.timeoutMillis;

  return {
    type: 'http_proxy',
    httpMethod: placeholder.method,
    uri: target.uri + placeholder.path,
    connectionType: 'VPC_LINK',
    connectionId: target.vpcLinkId,
    integrationTarget: target.loadBalancerArn,
    // else API Gateway reads answers as UTF-8 text
    // (https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html)
    ...(isBinary && { responseTransferMode: 'STREAM', timeoutInMillis: BUFFERED_TIMEOUT_MILLIS }),
    ...(timeoutMillis && { timeoutInMillis: timeoutMillis }),
    ...(target.skipIssuerVerification && { tlsConfig: { insecureSkipVerification: true } }),
    requestParameters: {
      ...pathMappings(placeholder.pathParameters),
      // a compressed answer would be no text either
      ...(!isBinary && { 'integration.request.header.Accept-Encoding': literal('identity') }),
      ...withheldMappings(placeholder, target.headers),
      ...headerMappings(target.headers, headerSource),
      ...identityMappings(target.identityHeaders),
      'integration.request.header.X-Request-Id': 'context.extendedRequestId',
      ...credentialMappings(placeholder.credentialHeaders, target.signedIdentity),
    },
  };
}

function identityMappings(names: IdentityHeaderNames): Record<string, string> {
  return Object.fromEntries(
    Object.entries(names).map(([key, header]) => [
      `integration.request.header.${header}`,
      `context.authorizer.${key}`,
    ]),
  );
}

/** What a proxy would hand on though the document does not know it. Cookies come as far as they are declared. */
function withheldMappings(
  { withheldHeaders, declaredCookies }: IntegrationPlaceholder,
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  const names = withheldHeaders.filter((name) => !includesHeader(Object.keys(own), name));
  return {
    ...Object.fromEntries(names.map((name) => [`integration.request.header.${name}`, literal(ABSENT)])),
    ...(declaredCookies && { 'integration.request.header.Cookie': 'context.authorizer.cookies' }),
  };
}

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
