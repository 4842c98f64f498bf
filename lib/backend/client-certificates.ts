import { Annotations, CfnOutput } from 'aws-cdk-lib';
import { CfnClientCertificate } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import type { Problem } from '../errors';
import { clientCertificateOutput } from '../protocol/client-certificate-output';

const NAME = /^[A-Za-z0-9-]{1,32}$/;

/**
 * Certificates the gateway shows to backends, made and signed by API Gateway itself; the first is in use.
 *
 * Each lives a year. To rotate: name a second one after the first and deploy, let the backends trust both, put the
 * second first and deploy, take the old one out and deploy; `secure-api-gateway certificates rotate` says which step is
 * next, and writes what backends are to trust.
 */
export class ClientCertificates extends Construct {
  /** Ids by name, in the order given. */
  public readonly ids: Readonly<Record<string, string>>;

  /** Id of the one in use. */
  public readonly current: string;

  constructor(scope: Construct, id: string, names: readonly string[]) {
    super(scope, id);
    const gateway = scope.node.path;
    const certificates = names.map((name) => ({
      name,
      id: new CfnClientCertificate(this, `Certificate-${name}`, {
        description: `${this.node.path} ${name}`.slice(0, 256),
      }).ref,
    }));
    for (const [index, { name, id: value }] of certificates.entries()) {
      const description = clientCertificateOutput(name, gateway, index === 0);
      new CfnOutput(this, `Id-${name}`, { description, value });
    }
    this.ids = Object.fromEntries(certificates.map((certificate) => [certificate.name, certificate.id]));
    this.current = certificates[0]?.id ?? '';

    Annotations.of(this).addWarningV2(
      'secure-api-gateway:CLIENT_CERTIFICATE_UNPROVEN',
      'AWS does not say whether API Gateway shows its client certificate through a VPC link; try it before a backend relies on it',
    );
  }
}

export function certificateNameProblems(at: string, names: readonly string[]): Problem[] {
  const isList = names.length > 0 && new Set(names).size === names.length;
  if (isList && names.every((name) => NAME.test(name))) return [];
  return [
    {
      code: 'CLIENT_CERTIFICATE_NAMES',
      at,
      message: `'clientCertificates' must name at least one certificate, each once, got ${JSON.stringify(names)}`,
      remedy: "write for example ['2026', '2027'], the one in use first",
    },
  ];
}
