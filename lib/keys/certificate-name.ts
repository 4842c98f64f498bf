import { X509Certificate } from 'node:crypto';
import { readCertificate } from '../protocol/client-certificate';
import { orderedName } from '../protocol/distinguished-name';
import { visible } from '../visible';
import { keyError } from './key-error';

/** A certificate to be revoked: its issuer's name and its serial are what tells it from all others. */
export interface NamedCertificate {
  readonly issuer: string;
  /** Hexadecimal. */
  readonly serial: string;
  readonly subject?: string;
  /** Seconds of Unix time. */
  readonly expiresAt?: number;
}

/** Characters; 20 bytes (RFC 5280 section 4.1.2.2) in any notation, and as much again for those that break it. */
const LONGEST_SERIAL = 128;

const PEM = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/g;

/** The first certificate of a PEM file: the client's own, where its issuers follow. */
export function certificateInFile(file: string, pem: string): NamedCertificate {
  const certificate = readCertificate(pem);
  if (!certificate) {
    throw keyError('NO_CERTIFICATE', file, 'there is no certificate in PEM in it', 'name another file');
  }
  const { issuer, serial, subject, notAfter } = certificate;
  if (new X509Certificate(pem).ca) {
    throw keyError(
      'AUTHORITY',
      file,
      `${visible(subject)} is an authority: what it issued would go on to work`,
      'take it out of the truststore and deploy',
    );
  }
  return { issuer, serial, subject, expiresAt: notAfter };
}

/** Issuer and serial as a log, a ticket or a tool names them; the issuer may be given by its own certificate's text. */
export function certificateByName(issuer: string, serial: string): NamedCertificate {
  return { issuer: issuerOf(issuer), serial: serialOf(serial) };
}

function issuerOf(text: string): string {
  const count = text.match(PEM)?.length ?? 0;
  const certificate = count > 0 ? readCertificate(text) : undefined;
  if (count === 1 && certificate) return certificate.subject;

  const name = count === 0 ? orderedName(text.replace(/^issuer\s*=\s*/, '')) : undefined;
  if (name !== undefined) return name;
  throw keyError(
    'ISSUER',
    'certificates',
    // not what was got: it may be a file's, and that a private key
    count > 0
      ? 'the issuer is given by a file with several certificates, or one that cannot be read'
      : 'the issuer is neither a distinguished name nor a file with a certificate in PEM',
    "give the PEM file of the one authority, or its name as 'openssl x509 -noout -issuer' writes it: C=GB, O=Acme, CN=Partners",
  );
}

/**
 * A serial is a number, written in hexadecimal by OpenSSL and API Gateway and in decimal by Java and others. Digits
 * alone may be either, and the wrong one would leave the certificate as good as it was.
 */
function serialOf(given: string): string {
  const text = given.trim();
  if (text.length > LONGEST_SERIAL) {
    throw keyError(
      'SERIAL',
      'certificates',
      `the serial has ${text.length} characters`,
      "write it as 'openssl x509 -noout -serial' does: serials have 20 bytes at most",
    );
  }
  // the second is what OpenSSL prints, a minus for certificates that break RFC 5280
  const [, hexadecimal] = /^(?:0x|serial=)(-?[0-9a-f]+)$/i.exec(text) ?? [];
  if (hexadecimal) return hexadecimal;
  const [, decimal] = /^dec:(\d+)$/i.exec(text) ?? [];
  if (decimal) return BigInt(decimal).toString(16);

  const isPairs = /^[0-9a-f]{2}([: ][0-9a-f]{2})+$/i.test(text);
  const isHexadecimal = /^[0-9a-f]+$/i.test(text) && /[a-f]/i.test(text);
  if (isPairs || isHexadecimal) return text;

  const isOneDigit = /^0*[0-9]$/.test(text);
  if (isOneDigit) return text;
  throw keyError(
    'SERIAL',
    'certificates',
    /^\d+$/.test(text)
      ? `the serial ${text} may be hexadecimal or decimal`
      : `the serial must be a number, got ${JSON.stringify(text)}`,
    /^\d+$/.test(text)
      ? `write 0x${text} if it is as OpenSSL or API Gateway print it, dec:${text} if it is decimal`
      : "write it as 'openssl x509 -noout -serial' does, or with colons",
  );
}
