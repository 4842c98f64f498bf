import { issue } from '../../fixtures/certificates';
import { gatewayCertificateVerifier } from './verify-gateway';

describe("a service behind a load balancer that hands the gateway's certificate on", () => {
  // as the load balancer encodes it: +, = and / stay as they are
  const header = (pem: string) => encodeURIComponent(pem).replace(/%2[BbFf]|%3[Dd]/g, decodeURIComponent);
  const gateway = () => issue({ name: 'ApiGateway', isAuthority: false });

  test('takes the certificates it trusts, both while they are rotated', async () => {
    const [old, next] = await Promise.all([gateway(), gateway()]);
    const verify = gatewayCertificateVerifier(`${old.pem}\n${next.pem}`);

    expect(() => verify(header(old.pem))).not.toThrow();
    expect(() => verify(header(next.pem))).not.toThrow();
  });

  test('refuses everything else', async () => {
    const [own, stranger, expired] = await Promise.all([
      gateway(),
      gateway(),
      issue({ name: 'ApiGateway', notAfter: new Date(Date.now() - 1000) }),
    ]);
    const verify = gatewayCertificateVerifier(`${own.pem}\n${expired.pem}`);

    for (const shown of [
      undefined,
      '',
      'nonsense',
      '%',
      header('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'),
      header(stranger.pem),
      header(expired.pem),
      // a caller's header, and what the load balancer was shown, as Node joins them
      `${header(own.pem)}, ${header(stranger.pem)}`,
      [header(own.pem), header(stranger.pem)],
    ]) {
      expect(() => verify(shown)).toThrow();
    }
  });

  test('cannot be made to trust nobody, which would be a mistake in its configuration', () => {
    expect(() => gatewayCertificateVerifier('')).toThrow('there is no certificate to trust');
  });
});
