import { randomBytes, webcrypto } from 'node:crypto';
import { importPeer } from './optional-peer';

export interface ThrowawayAuthority {
  /** Certificate of the authority, PEM: what a client must trust. */
  readonly certificate: string;
  /** A fresh key and its certificate, for a server on this machine or for a client of one. */
  issue(usage?: 'server' | 'client'): Promise<ServerCredentials>;
}

/** Both PEM. */
export interface ServerCredentials {
  readonly key: string;
  readonly cert: string;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
/** Extended key usages of RFC 5280. */
const AUTHENTICATION = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' };
const DAY_MILLIS = 86_400_000;

/**
 * A certificate authority for one run on this machine. Its private key is never written down and cannot be
 * exported, so that trusting its certificate trusts nothing but this process.
 */
export async function createThrowawayAuthority(now = new Date()): Promise<ThrowawayAuthority> {
  const x509 = await loadX509();
  const lifetime = {
    notBefore: new Date(now.getTime() - DAY_MILLIS),
    notAfter: new Date(now.getTime() + DAY_MILLIS),
  };
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify']);
  const name = 'CN=secure-api-gateway local, for one day';
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    ...lifetime,
    serialNumber: serialNumber(),
    name,
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });

  return {
    certificate: authority.toString('pem'),
    issue: async (usage = 'server') => {
      const server = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
      const certificate = await x509.X509CertificateGenerator.create({
        ...lifetime,
        serialNumber: serialNumber(),
        subject: 'CN=localhost',
        issuer: name,
        publicKey: server.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: ALGORITHM,
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          new x509.ExtendedKeyUsageExtension([AUTHENTICATION[usage]]),
          new x509.SubjectAlternativeNameExtension([
            { type: 'dns', value: 'localhost' },
            { type: 'ip', value: '127.0.0.1' },
            { type: 'ip', value: '::1' },
          ]),
          await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
        ],
      });
      const key = await webcrypto.subtle.exportKey('pkcs8', server.privateKey);
      return { key: x509.PemConverter.encode(key, 'PRIVATE KEY'), cert: certificate.toString('pem') };
    },
  };
}

async function loadX509() {
  // the package's dependency injection reads metadata that nobody else provides
  await importPeer('reflect-metadata', import('reflect-metadata'));
  return importPeer('@peculiar/x509', import('@peculiar/x509'));
}

/** Positive and at most 20 bytes, as RFC 5280 demands. */
function serialNumber(): string {
  return `01${randomBytes(15).toString('hex')}`;
}
