import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import type { IApiKeyStore } from '../api-key-store-interface';
import type { Truststore } from './truststore';

/**
 * Clients must show a certificate: at the TLS handshake, and once more at the authorizer, which refuses with 401
 * whatever came another way. Both hold for every operation, public ones too; preflights and the key set, which the
 * gateway answers itself, have the handshake only.
 */
export interface MutualTlsOptions {
  /**
   * The authorities whose certificates are accepted. Any certificate that any of them issued is: use private ones.
   */
  readonly truststore: Truststore;

  /**
   * Public ACM certificate that proves the domain is yours. Needed when the domain's own certificate was imported
   * into ACM or is of a private authority; it must stay valid.
   *
   * @default - none
   */
  readonly ownershipCertificate?: ICertificate;

  /**
   * Distinguished names of the certificates that are accepted, in the certificate's own order, as
   * `openssl x509 -noout -subject` writes them: `C=GB, O=Acme, CN=batch`. Others are refused with 401.
   *
   * @default - whatever the truststore's authorities have issued
   */
  readonly allowedSubjects?: string[];

  /**
   * Where revoked certificates are listed, by `secure-api-gateway certificates revoke`. API Gateway itself asks
   * nobody. One works for at most the gateway's `revokeWithin` after it was revoked.
   *
   * @default - a certificate cannot be revoked before it expires
   */
  readonly revocations?: IApiKeyStore;
}

/**
 * The name clients call the gateway by.
 */
export interface DomainOptions {
  /**
   * For example `api.example.com`.
   */
  readonly domainName: string;

  /**
   * Zone that gets the domain's alias records, IPv4 and IPv6, and validates the certificate.
   *
   * @default - no records are written
   */
  readonly hostedZone?: IHostedZone;

  /**
   * Certificate of the domain, in the stack's region.
   *
   * @default - one is made and validated in `hostedZone`
   */
  readonly certificate?: ICertificate;

  /**
   * First path segment under which the domain serves this gateway, for example `v1`. The old one serves until the end
   * of the deployment that changes it: name it in the gateway's `basePaths` meanwhile, for the rules on paths.
   *
   * @default - the whole domain
   */
  readonly basePath?: string;

  /**
   * Refuses TLS 1.2.
   *
   * @default false
   */
  readonly tls13Only?: boolean;

  /**
   * Demands a certificate of clients.
   *
   * @default - clients need none
   */
  readonly mutualTls?: MutualTlsOptions;
}
