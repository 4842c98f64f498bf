import { readFileSync } from 'node:fs';
import type { TlsOptions } from '../options';
import { objectOf, textOf } from '../template/read';
import type { TemplateResolver } from '../template/resolver';

/** What the API's custom domain demands of a handshake. */
export interface DomainTls {
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
  /** Authorities of client certificates, PEM; present if clients must show one. */
  readonly clientAuthorities?: string;
}

/**
 * The oldest TLS version of the domain's policy, and its truststore where that is a file of the assembly. API Gateway
 * serves nothing older than TLS 1.2 by any policy of ours.
 */
export function readDomainTls(resolver: TemplateResolver, domainName: string | undefined): DomainTls {
  const domain = resolver
    .idsOf('AWS::ApiGateway::DomainName')
    .map((id) => resolver.properties(id))
    .find((properties) => properties['DomainName'] === domainName);

  // for example SecurityPolicy_TLS13_1_3_2025_09
  const minVersion = textOf(domain?.['SecurityPolicy'])?.includes('_1_3_') ? 'TLSv1.3' : 'TLSv1.2';
  const uri = textOf(objectOf(domain?.['MutualTlsAuthentication'])['TruststoreUri']);
  const path = uri && resolver.stack.asset(uri.slice(uri.lastIndexOf('/') + 1));
  return { minVersion, ...(path && { clientAuthorities: readFileSync(path, 'utf8') }) };
}

/** What is served: what the caller of the gateway asks for, else what the domain demands. */
export function servedTls(options: TlsOptions, domain: DomainTls): TlsOptions {
  return { ...options, clientAuthorities: options.clientAuthorities ?? domain.clientAuthorities };
}
