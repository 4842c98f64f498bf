import type { MutualTlsOptions } from './edge/domain-options';
import type { Problem } from './errors';
import type { SecureApiGatewayProps } from './gateway-props';
import type { ClientCertificateAuthenticationOptions } from './identity/client-certificate-authentication';
import type { MutualTlsConfiguration } from './protocol/authorizer-configuration';
import { orderedName } from './protocol/distinguished-name';

/** What the authorizer holds every request to. */
export function mutualTlsConfiguration({
  allowedSubjects,
  revocations,
}: MutualTlsOptions): MutualTlsConfiguration {
  return { ...(allowedSubjects && { allowedSubjects }), revocations: revocations !== undefined };
}

/** Where something says otherwise than the domain that certificates come by. */
export function mutualTlsProblems(at: string, props: SecureApiGatewayProps): Problem[] {
  const mutualTls = props.domain?.mutualTls;
  if (!mutualTls) return [];

  return [...endpointProblems(at, props), ...schemeProblems(at, props, mutualTls)];
}

function endpointProblems(at: string, { disableDefaultEndpoint = true }: SecureApiGatewayProps): Problem[] {
  if (disableDefaultEndpoint) return [];

  return [
    {
      code: 'MUTUAL_TLS_ENDPOINT',
      at,
      message:
        "API Gateway's own endpoint demands no certificate, got 'disableDefaultEndpoint: false' with 'mutualTls'",
      remedy: "leave out 'disableDefaultEndpoint'",
    },
  ];
}

function schemeProblems(
  at: string,
  { authentication }: SecureApiGatewayProps,
  mutualTls: MutualTlsOptions,
): Problem[] {
  return Object.entries(authentication).flatMap(([name, { _clientCertificate: scheme }]) =>
    scheme
      ? [
          ...subjectContradictions(`${at}: authentication.${name}`, scheme, mutualTls),
          ...storeContradictions(`${at}: authentication.${name}`, scheme, mutualTls),
        ]
      : [],
  );
}

function subjectContradictions(
  at: string,
  scheme: ClientCertificateAuthenticationOptions,
  mutualTls: MutualTlsOptions,
): Problem[] {
  const ofDomain = mutualTls.allowedSubjects?.map(orderedName);
  const refused = (scheme.allowedSubjects ?? []).filter((subject) => {
    const name = orderedName(subject);
    return name !== undefined && ofDomain !== undefined && !ofDomain.includes(name);
  });
  if (refused.length === 0) return [];

  return [
    {
      code: 'MUTUAL_TLS_SUBJECTS',
      at,
      message: `'allowedSubjects' names ${JSON.stringify(refused)}, which the domain's 'mutualTls.allowedSubjects' refuses`,
      remedy: "name them in 'domain.mutualTls.allowedSubjects' too, or take them out here",
    },
  ];
}

function storeContradictions(
  at: string,
  { revocations }: ClientCertificateAuthenticationOptions,
  mutualTls: MutualTlsOptions,
): Problem[] {
  const ofDomain = mutualTls.revocations;
  if (!revocations || !ofDomain || revocations.table === ofDomain.table) return [];

  return [
    {
      code: 'MUTUAL_TLS_REVOCATIONS',
      at,
      message: "'revocations' is another store than the domain's 'mutualTls.revocations'",
      remedy: "leave it out here: the domain's holds for every scheme",
    },
  ];
}
