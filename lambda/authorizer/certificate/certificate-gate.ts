import type { AuthorizerRequest } from '../authorizer-request';
import { Unauthenticated } from '../refused';
import type { CertificateRules } from './certificate-rules';

/**
 * What a domain with mutual TLS demands of every request, whatever the operation asks for, public ones too.
 *
 * Throws `Unauthenticated`. A request without a certificate came another way than by that domain.
 */
export class CertificateGate {
  /** Without rules, any certificate that the truststore's authorities issued will do. */
  constructor(private readonly rules?: Pick<CertificateRules, 'check'>) {}

  public check({ certificate }: Pick<AuthorizerRequest, 'certificate'>): unknown {
    if (!certificate) throw new Unauthenticated('NO_CERTIFICATE');
    return this.rules?.check(certificate);
  }
}
