import { normalSerial } from './client-certificate';
import { unorderedName } from './distinguished-name';

/** Partition keys of the one table of API keys, tenants and revoked certificates. */
export const keyItemId = (id: string): string => `key#${id}`;
export const tenantItemId = (tenant: string): string => `tenant#${tenant}`;

/** Prefix of the partition keys of revoked certificates. */
export const CERTIFICATE_ITEMS = 'certificate#';

/** An issuer in whatever order and notation, a serial in hexadecimal: one key for each certificate. */
export const certificateItemId = (issuer: string, serial: string): string =>
  `${CERTIFICATE_ITEMS}${unorderedName(issuer)}#${normalSerial(serial)}`;

/** Global secondary index that lists the keys of a tenant: partition key `tenant`, sort key `pk`. */
export const TENANT_INDEX = 'tenant';

/** Description of the stack output that names the table; the command line finds it by this. */
export const keyTableOutput = (prefix: string, environment: string): string =>
  `API key store for ${prefix}_${environment} keys (cdk-secure-api-gateway)`;

/** Prefix and environment in such a description. */
export const KEY_TABLE_OUTPUT = /^API key store for ([a-z0-9]+)_([a-z0-9]+) keys \(cdk-secure-api-gateway\)$/;

/** Description of the stack output that names a tier's usage plan; the command line finds it by this. */
export const tierPlanOutput = (tier: string, revokeWithinSeconds: number): string =>
  `Usage plan of tier ${tier}, remembered for ${revokeWithinSeconds} s (cdk-secure-api-gateway)`;

/** Tier and seconds in such a description. */
export const TIER_PLAN_OUTPUT =
  /^Usage plan of tier (\S+), remembered for (\d+) s \(cdk-secure-api-gateway\)$/;

/** Attribute DynamoDB deletes items by, in seconds of Unix time. */
export const TIME_TO_LIVE = 'deleteAfter';

/** An API key as stored: never the key itself. Times are seconds of Unix time. */
export interface KeyItem {
  readonly pk: string;
  readonly hash: string;
  readonly tenant: string;
  readonly tier?: string;
  /** `usageIdentifierKey` to answer with; the tier's shared one where absent. */
  readonly planKey?: string;
  /** Before this moment API Gateway may not know `planKey`; the tier's shared one serves. */
  readonly activeAfter?: number;
  readonly scopes?: readonly string[];
  readonly roles?: readonly string[];
  readonly cidrs?: readonly string[];
  readonly limit?: { readonly limit: number; readonly perSeconds: number };
  /** A `pending` one is half of a rotation that has not come to its end; it does not work. */
  readonly status: 'active' | 'pending' | 'revoked';
  readonly expiresAt?: number;
  readonly createdAt: number;
  /** Id of the key that a rotation put in this one's place. */
  readonly replacedBy?: string;
  /** Id of the key in whose place this one was put. */
  readonly replaces?: string;
  readonly deleteAfter?: number;
}

/** A tenant as stored. Times are seconds of Unix time. */
export interface TenantItem {
  readonly pk: string;
  readonly tier: string;
  /** `usageIdentifierKey` of its own; the tier's shared one where absent. */
  readonly planKey?: string;
  readonly activeAfter?: number;
  readonly createdAt: number;
  /** Tier it is on its way to: the plan key there is being made. */
  readonly nextTier?: string;
  /** From then on API Gateway knows the plan key of `nextTier`. */
  readonly nextActiveAfter?: number;
  /** Tier it comes from, whose plan key is still to be deleted. */
  readonly oldTier?: string;
  /** Until then the authorizer may answer with the plan key of `oldTier`. */
  readonly oldUntil?: number;
}

/** A revoked certificate as stored. Times are seconds of Unix time. */
export interface RevokedCertificateItem {
  readonly pk: string;
  readonly revokedAt: number;
  readonly reason?: string;
  /** Whom it named, where the certificate itself was at hand. */
  readonly subject?: string;
  readonly expiresAt?: number;
  readonly deleteAfter?: number;
}
