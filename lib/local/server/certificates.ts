import type { TlsOptions } from '../options';
import { createThrowawayAuthority } from '../throwaway-authority';

/** What a TLS server serves with; PEM. */
export interface ServingCertificate {
  readonly cert: string;
  readonly key: string;
  /** What a client must trust; undefined where the certificate was given. */
  readonly authority?: string;
  /** Authorities of client certificates; present if clients must show one. */
  readonly clientAuthorities?: string;
}

/** The certificate given, or one of an authority that lives as long as this process. */
export async function servingCertificate({
  cert,
  key,
  clientAuthorities,
}: TlsOptions): Promise<ServingCertificate> {
  const clients = clientAuthorities === undefined ? {} : { clientAuthorities };
  if (cert && key) return { cert, key, ...clients };

  const authority = await createThrowawayAuthority();
  return { ...(await authority.issue()), authority: authority.certificate, ...clients };
}
