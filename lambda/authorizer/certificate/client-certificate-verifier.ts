import type { ClientCertificateConfiguration } from '../../../lib/protocol/authorizer-configuration';
import { type ClientCertificate, readCertificate } from '../../../lib/protocol/client-certificate';
import { certificateItemId } from '../../../lib/protocol/key-table';
import type { Caller, Verifier } from '../caller';
import type { Credential } from '../credential';
import { Unauthenticated } from '../refused';
import type { RememberedItems } from '../store/remembered-items';

/**
 * Names the certificate that the TLS handshake proved, and asks whether it was revoked.
 *
 * API Gateway has checked the chain and that the client holds the key. On a domain without mutual TLS there is
 * no certificate in the event, hence no credential, hence 401.
 */
export class ClientCertificateVerifier implements Verifier {
  constructor(
    private readonly configuration: ClientCertificateConfiguration,
    /** Undefined where nothing can be revoked. */
    private readonly revoked: RememberedItems<true> | undefined,
    /** Milliseconds. */
    private readonly now: () => number,
  ) {}

  public verify({ text }: Credential): Caller | Promise<Caller> {
    const certificate = readCertificate(text);
    if (certificate === undefined) throw new Unauthenticated('MALFORMED_CERTIFICATE');

    this.requireAllowed(certificate);
    const revoked = this.revoked?.find(certificateItemId(certificate.issuer, certificate.serial));
    return revoked instanceof Promise
      ? revoked.then((found) => this.identify(certificate, found))
      : this.identify(certificate, revoked);
  }

  private requireAllowed({ subject, serial, notBefore, notAfter }: ClientCertificate): void {
    const now = this.now() / 1000;
    if (!(now >= notBefore && now < notAfter)) throw new Unauthenticated('EXPIRED', serial);

    const { allowedSubjects } = this.configuration;
    if (allowedSubjects && !allowedSubjects.includes(subject)) {
      throw new Unauthenticated('SUBJECT_NOT_ALLOWED', serial);
    }
  }

  private identify(
    { subject, issuer, serial, thumbprint }: ClientCertificate,
    revoked: true | undefined,
  ): Caller {
    if (revoked) throw new Unauthenticated('REVOKED', serial);
    if (subject === '') throw new Unauthenticated('NO_SUBJECT', serial);

    return {
      credentialId: serial,
      userId: subject,
      clientId: subject,
      scopes: [],
      roles: [],
      claims: { sub: subject, iss: issuer, serial, 'x5t#S256': thumbprint },
    };
  }
}
