import type { IApiKeyStore } from './api-key-store-interface';
import type { AuthenticationRecipe } from './authentication-recipe';

/**
 * Options for `Authentication.clientCertificate()`.
 */
export interface ClientCertificateAuthenticationOptions {
  /**
   * Distinguished names of the certificates that are accepted, in the certificate's own order:
   * `C=GB,O=Acme,CN=batch`.
   *
   * @default - whatever the truststore's authorities have issued
   */
  readonly allowedSubjects?: string[];

  /**
   * Where revoked certificates are listed.
   *
   * @default - a certificate cannot be revoked before it expires
   */
  readonly revocations?: IApiKeyStore;
}

export function clientCertificateRecipe({
  allowedSubjects,
  revocations,
}: ClientCertificateAuthenticationOptions): AuthenticationRecipe {
  return {
    problems: (at) => (allowedSubjects === undefined ? [] : subjectProblems(at, allowedSubjects)),
    configuration: () => ({ kind: 'clientCertificate', allowedSubjects }),
    table: revocations?.table,
    grant: (grantee) => {
      revocations?.grantRead(grantee);
    },
  };
}

function subjectProblems(
  at: string,
  subjects: readonly string[],
): ReturnType<AuthenticationRecipe['problems']> {
  const isName = (subject: string) => /^[A-Za-z0-9.]+=[^,\n]+(,[A-Za-z0-9.]+=[^,\n]+)*$/.test(subject);
  const wrong = subjects.filter((subject) => !isName(subject));
  if (subjects.length > 0 && wrong.length === 0) return [];

  return [
    {
      code: 'INVALID_SUBJECT',
      at,
      message: `'allowedSubjects' must name at least one certificate, got ${JSON.stringify(wrong)}`,
      remedy:
        "write distinguished names as 'openssl x509 -subject -nameopt sep_comma_plus' does: C=GB,O=Acme,CN=batch",
    },
  ];
}
