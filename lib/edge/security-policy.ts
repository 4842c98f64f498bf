import type { Problem } from '../errors';

/** TLS settings of a domain or an API. */
export interface TlsSettings {
  readonly securityPolicy: string;
  /** Needed by, and allowed with, an enhanced policy only (aws-facts 2.4). */
  readonly endpointAccessMode?: 'STRICT';
}

export interface TlsChoice {
  readonly tls13Only: boolean;
  readonly mutualTls: boolean;
}

/**
 * The strictest policy that goes with the choice: TLS 1.2 and up with forward secrecy, post-quantum where the
 * client can; or TLS 1.3 only. A domain with mutual TLS can have none of the enhanced ones (aws-facts 2.5), and an
 * API behind one keeps to the same, since the API's policy is the one that counts (aws-facts 2.6, 2.10).
 */
export function tlsSettings({ tls13Only, mutualTls }: TlsChoice): TlsSettings {
  if (mutualTls) return { securityPolicy: 'TLS_1_2' };
  return {
    securityPolicy: tls13Only
      ? 'SecurityPolicy_TLS13_1_3_2025_09'
      : 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09',
    endpointAccessMode: 'STRICT',
  };
}

export function tlsProblems(at: string, { tls13Only, mutualTls }: TlsChoice): Problem[] {
  if (!tls13Only || !mutualTls) return [];
  return [
    {
      code: 'MUTUAL_TLS_POLICY',
      at,
      message: "API Gateway serves mutual TLS by the policy TLS_1_2 only, got 'tls13Only' with 'mutualTls'",
      remedy: "leave out 'tls13Only', or leave out 'mutualTls'",
    },
  ];
}
