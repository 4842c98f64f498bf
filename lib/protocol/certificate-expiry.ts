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
}
