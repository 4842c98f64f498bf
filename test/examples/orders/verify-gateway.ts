import { X509Certificate } from 'node:crypto';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * Makes a check of the header `X-Amzn-Mtls-Clientcert`, in which a load balancer in passthrough mode hands on the
 * certificate it was shown. It throws unless that is one of `trusted`, in PEM.
 */
export function gatewayCertificateVerifier(trusted: string) {
  const certificates = (trusted.match(CERTIFICATE) ?? []).map((pem) => new X509Certificate(pem));
  const fingerprints = new Set(certificates.map(({ fingerprint256 }) => fingerprint256));
  if (fingerprints.size === 0) throw new Error('there is no certificate to trust');

  return (header: string | string[] | undefined): void => {
    // the gateway's certificate is signed by itself: one, and no chain
    const [pem, ...others] = decodeURIComponent(String(header ?? '')).match(CERTIFICATE) ?? [];
    if (!pem || others.length > 0) throw new Error('the request did not come through the gateway');

    const shown = new X509Certificate(pem);
    const now = Date.now();
    if (now < Date.parse(shown.validFrom) || now >= Date.parse(shown.validTo)) {
      throw new Error('the certificate of the gateway has expired');
    }
    if (!fingerprints.has(shown.fingerprint256)) throw new Error('this is no certificate of the gateway');
  };
}
