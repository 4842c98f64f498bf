import type { IApiKeyStore } from '../api-key-store-interface';
import { subjectProblems } from '../subject-problems';
import type { AuthenticationRecipe } from './authentication-recipe';

/**
 * Options for `Authentication.clientCertificate()`.
 */
export interface ClientCertificateAuthenticationOptions {
  /**
   * Distinguished names of the certificates that are accepted under this scheme, in the certificate's own order:
   * `C=GB,O=Acme,CN=batch`. They narrow those of the domain's `mutualTls`.
   *
   * @default - whatever the domain accepts
   */
  readonly allowedSubjects?: string[];

  /**
   * Where revoked certificates are listed. With `revocations` of the domain's `mutualTls` it is needless.
   *
   * @default - as the domain says; else a certificate cannot be revoked before it expires
   */
  readonly revocations?: IApiKeyStore;
}

export function clientCertificateRecipe(
  options: ClientCertificateAuthenticationOptions,
): AuthenticationRecipe {
  const { allowedSubjects, revocations } = options;
  return {
    problems: (at) => subjectProblems(at, allowedSubjects),
    clientCertificate: options,
    configuration: () => ({ kind: 'clientCertificate', allowedSubjects }),
    table: revocations?.table,
    grant: (grantee) => {
      revocations?.grantRead(grantee);
    },
  };
}
