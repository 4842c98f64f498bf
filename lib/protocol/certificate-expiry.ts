import { X509Certificate } from 'node:crypto';

/** Name of the environment variable that holds the `ExpiryConfiguration` as JSON. */
export const EXPIRY_CONFIGURATION = 'EXPIRY_CONFIGURATION';

/** Metric of the days that are left, and the dimension that names the certificate. */
export const EXPIRY_METRIC = 'DaysToExpiry';
export const EXPIRY_DIMENSION = 'Certificate';

/** The certificates that are watched. */
export interface ExpiryConfiguration {
  /** Ids of API Gateway's client certificates, by name. */
  readonly clientCertificates: Readonly<Record<string, string>>;
  /** Ends that were known at synthesis, in milliseconds of Unix time, by name. */
  readonly known: Readonly<Record<string, number>>;
  /** Objects that hold certificates in PEM, by name. */
  readonly objects: Readonly<Record<string, StoredCertificates>>;
}

/** One version of an object in a bucket. */
export interface StoredCertificates {
  readonly bucket: string;
  readonly key: string;
  readonly version: string;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/**
 * When the first of the certificates in PEM ends, in milliseconds of Unix time. Throws where there is none, or one
 * that cannot be read.
 */
export function earliestEnd(pem: string): number {
  const ends = (pem.match(CERTIFICATE) ?? []).map((text) => Date.parse(new X509Certificate(text).validTo));
  if (ends.length === 0) throw new Error('there is no certificate in PEM');
  return Math.min(...ends);
}
