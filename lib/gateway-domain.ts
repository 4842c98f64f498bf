import { Annotations, Aws, Stack } from 'aws-cdk-lib';
import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type { Construct, IDependable } from 'constructs';
import { Domain } from './edge/domain';
import type { DomainOptions } from './edge/domain-options';
import { type TlsSettings, tlsSettings } from './edge/security-policy';

/** TLS of the API itself, whose policy is the one that counts on a domain too (aws-facts 2.6). */
export function apiTls(domain: DomainOptions | undefined): TlsSettings {
  return tlsSettings({
    tls13Only: domain?.tls13Only ?? false,
    mutualTls: domain?.mutualTls !== undefined,
  });
}

/**
 * What may stand in front of the API's paths as clients send them: each may, or none. The stage's name among them where
 * the API's own endpoint is off too: it is not yet, while the deployment runs that turns it off.
 */
export function pathPrefixesOf({
  domain,
  basePaths = [],
  stageName,
}: {
  readonly domain?: DomainOptions | undefined;
  readonly basePaths?: readonly string[] | undefined;
  readonly stageName: string;
}): string[] {
  return [stageName, domain?.basePath, ...basePaths].flatMap((segment) => (segment ? [`/${segment}`] : []));
}

export interface DomainParts {
  readonly domain?: DomainOptions;
  readonly restApi: apigateway.CfnRestApi;
  readonly stage: apigateway.CfnStage;
  /** Whether the API's own endpoint is off, so that the gateway is reached by a domain defined elsewhere. */
  readonly endpointOff: boolean;
  /** The web ACL's association: until then the stage is unprotected. */
  readonly after: IDependable;
}

/** Defines the domain if there is one, and tells where clients call the API. */
export function defineDomain(scope: Construct, parts: DomainParts): { url: string; domain?: Domain } {
  const { domain: options, restApi, stage, endpointOff, after } = parts;
  if (!options) {
    if (!endpointOff) warnOfDefaultEndpoint(scope);
    const host = `${restApi.ref}.execute-api.${Stack.of(scope).region}.${Aws.URL_SUFFIX}`;
    return { url: `https://${host}/${stage.ref}/` };
  }

  const domain = new Domain(scope, 'Domain', options);
  const { basePath, domainName } = options;
  domain.serve({ restApiId: restApi.ref, stageName: stage.ref, ...(basePath && { basePath }) }, after);
  return { url: `https://${domainName}/${basePath ? `${basePath}/` : ''}`, domain };
}

function warnOfDefaultEndpoint(scope: Construct): void {
  Annotations.of(scope).addWarningV2(
    'secure-api-gateway:DEFAULT_ENDPOINT',
    "clients call API Gateway's own endpoint, whose name changes when the API is replaced; a 'domain' keeps it and allows mutual TLS",
  );
}
