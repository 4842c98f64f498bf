import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type IBucket, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import type { Problem } from '../errors';

/**
 * The bucket to which a gateway's trail goes.
 */
export interface AuditArchiveOptions {
  /**
   * For how long nobody can change or delete what was written. In governance mode those with
   * `s3:BypassGovernanceRetention` still can; in compliance mode nobody can, and the bucket stays until the last
   * object is free.
   *
   * @default ObjectLockRetention.governance(Duration.days(365))
   */
  readonly objectLock?: ObjectLockRetention;

  /**
   * After which time objects are deleted; whole days, not less than the lock.
   *
   * @default - as long as the lock
   */
  readonly keepFor?: Duration;

  /**
   * Encrypts the bucket and the delivery stream before it.
   *
   * @default - the key of the logs; without one a new key, rotated each year and retained
   */
  readonly encryptionKey?: IKey;

  /**
   * Takes the access log of the bucket, under `audit-archive/`: a bucket without object lock, in this account and region.
   *
   * @default - none; data events of CloudTrail tell who read what, where they are on
   */
  readonly accessLogsBucket?: IBucket;
}

export function defaultLock(): ObjectLockRetention {
  return ObjectLockRetention.governance(Duration.days(365));
}

/** A bucket that deletes before it may fills up with what nobody expects to be there. */
export function archiveProblems(at: string, options: AuditArchiveOptions): Problem[] {
  const { objectLock = defaultLock(), keepFor = objectLock.duration } = options;
  const [locked, kept] = [objectLock.duration.toDays(WITH_FRACTION), keepFor.toDays(WITH_FRACTION)];
  if (Number.isInteger(kept) && kept >= locked) return [];

  return [
    {
      code: 'AUDIT_ARCHIVE_KEEP_FOR',
      at: `${at}: audit.export`,
      message: `'keepFor' is whole days, not less than the ${locked} days of 'objectLock', got ${kept}`,
      remedy: `leave it out, or write Duration.days(${Math.ceil(Math.max(kept, locked))})`,
    },
  ];
}

const WITH_FRACTION = { integral: false };
