import { X509Certificate } from 'node:crypto';

/** What a client certificate says, in the words that policies, revocations and logs use. */
export interface ClientCertificate {
  /** Distinguished name as the certificate orders it: `C=GB,O=Acme,CN=batch`. */
  readonly subject: string;
  readonly issuer: string;
  /** Hexadecimal, upper case, without separators. */
  readonly serial: string;
  /** SHA-256 of the certificate, in base64url: `x5t#S256` (RFC 8705 section 3.1). */
  readonly thumbprint: string;
  /** Seconds of Unix time. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/** Reads a certificate in PEM; undefined where it is none. */
export function readCertificate(pem: string): ClientCertificate | undefined {
  try {
    const certificate = new X509Certificate(pem);
    return {
      subject: oneLine(certificate.subject),
      issuer: oneLine(certificate.issuer),
      serial: normalSerial(certificate.serialNumber),
      thumbprint: thumbprintOf(certificate),
      notBefore: Date.parse(certificate.validFrom) / 1000,
      notAfter: Date.parse(certificate.validTo) / 1000,
    };
  } catch {
    return undefined;
  }
}

/** Its `x5t#S256` alone; undefined where it is no certificate. */
export function certificateThumbprint(pem: string): string | undefined {
  try {
    return thumbprintOf(new X509Certificate(pem));
  } catch {
    return undefined;
  }
}

const thumbprintOf = ({ fingerprint256 }: X509Certificate) =>
  Buffer.from(fingerprint256.replaceAll(':', ''), 'hex').toString('base64url');

/** A serial as people and tools write it, in the one form that is stored. */
export function normalSerial(serial: string): string {
  return serial
    .replace(/[\s:]/g, '')
    .toUpperCase()
    .replace(/^(-?)0+(?=.)/, '$1');
}

const oneLine = (name: string | undefined) => (name ?? '').split('\n').join(',');
