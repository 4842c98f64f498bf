import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

export interface CertificateOptions {
  readonly subject?: string;
  readonly serial?: string;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

/** A self-signed certificate: API Gateway has checked the chain before the authorizer sees one. */
export async function certificate({
  subject = 'C=GB, O=Acme, CN=batch',
  serial = '0a1b2c',
  notBefore = new Date('2020-01-01'),
  notAfter = new Date('2040-01-01'),
}: CertificateOptions = {}): Promise<string> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify']);
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial,
    name: subject,
    notBefore,
    notAfter,
    signingAlgorithm: ALGORITHM,
    keys,
  });
  return made.toString('pem');
}
