/** What a TLS server serves with; PEM. */
export interface ServingCertificate {
  readonly cert: string;
  readonly key: string;
  /** Authorities of client certificates; present if clients must show one. */
  readonly clientAuthorities?: string;
}
