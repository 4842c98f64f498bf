import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { ExpiryWatch } from './audit/expiry-watch';
import type { GatewayLogs } from './audit/gateway-logs';
import type { Backend } from './backend/backend';
import { ClientCertificates } from './backend/client-certificates';
import type { DomainOptions } from './edge/domain-options';
import { placeInAccount } from './gateway-place';

export interface CertificateParts {
  readonly backends: Readonly<Record<string, Backend>>;
  readonly names: readonly string[];
  readonly domain?: DomainOptions;
  readonly logs: GatewayLogs;
}

export interface GatewayCertificates {
  /** For the stage; none where no backend asks for one. */
  readonly clientCertificateId?: string;
  readonly alarms: readonly cloudwatch.Alarm[];
}

/** The certificate for backends that ask for one, and alarms for every certificate that nobody renews by itself. */
export function defineCertificates(
  scope: Construct,
  { backends, names, domain, logs }: CertificateParts,
): GatewayCertificates {
  const isAsked = Object.values(backends).some(({ _options }) => _options.clientCertificate);
  const certificates = isAsked ? new ClientCertificates(scope, 'ClientCertificates', names) : undefined;
  const truststore = domain?.mutualTls?.truststore._expiry();
  if (!certificates && !truststore) return { alarms: [] };

  // metrics are the account's: the name tells one gateway's certificates from another's
  const place = placeInAccount(scope);
  const named = Object.entries(certificates?.ids ?? {}).map(([name, id]) => [`${place}/backend-${name}`, id]);
  const name = `${place}/truststore`;
  const watched = {
    clientCertificates: Object.fromEntries(named),
    known: truststore?.known === undefined ? {} : { [name]: truststore.known },
    objects: truststore?.object ? { [name]: truststore.object } : {},
  };
  const watch = new ExpiryWatch(scope, 'Expiry', watched, logs);
  if (truststore?.object && truststore.bucket) watch.grantReading(truststore.bucket, truststore.object);
  const { alarms } = watch;
  return { ...(certificates && { clientCertificateId: certificates.current }), alarms };
}
