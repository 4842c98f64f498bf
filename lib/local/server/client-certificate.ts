import { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { ClientCertificate } from '../pipeline/exchange';

/** The certificate a client showed, as an authorizer's event has it; undefined without one. */
export function clientCertificateOf(socket: TLSSocket): ClientCertificate | undefined {
  const peer = socket.getPeerCertificate();
  if (!peer?.raw) return undefined;

  const certificate = new X509Certificate(peer.raw);
  return {
    clientCertPem: certificate.toString(),
    subjectDN: distinguishedName(certificate.subject),
    issuerDN: distinguishedName(certificate.issuer),
    serialNumber: colons(certificate.serialNumber),
    validity: { notBefore: certificate.validFrom, notAfter: certificate.validTo },
  };
}

/** `CN=…,O=…`, most special first, from Node's one attribute a line. */
function distinguishedName(lines: string): string {
  return lines.split('\n').reverse().join(',');
}

function colons(serial: string): string {
  return (serial.match(/../g) ?? []).join(':').toLowerCase();
}
