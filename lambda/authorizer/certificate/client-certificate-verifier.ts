import type { ClientCertificateConfiguration } from '../../../lib/protocol/authorizer-configuration';
import type { ClientCertificate } from '../../../lib/protocol/client-certificate';
import type { Caller, Verifier } from '../caller';
import type { Credential } from '../credential';
import { Unauthenticated } from '../refused';
import type { RememberedItems } from '../store/remembered-items';
import { whenKnown } from '../when-known';
import { CertificateRules } from './certificate-rules';

/**
 * Names the caller by the certificate that the TLS handshake proved.
 *
 * On a domain without mutual TLS there is no certificate in the event, hence no credential, hence 401.
 */
export class ClientCertificateVerifier implements Verifier {
  private readonly rules: CertificateRules;

  constructor(
    { allowedSubjects }: ClientCertificateConfiguration,
    /** Undefined where nothing can be revoked. */
    revoked: RememberedItems<true> | undefined,
    /** Milliseconds. */
    now: () => number,
  ) {
    this.rules = new CertificateRules(allowedSubjects, revoked, now);
  }

  public verify({ text }: Credential): Caller | Promise<Caller> {
    return whenKnown(this.rules.check(text), callerOf);
  }
}

function callerOf({ subject, issuer, serial, thumbprint }: ClientCertificate): Caller {
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
