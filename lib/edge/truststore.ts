import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Annotations, AssetStaging, FileAssetPackaging, Stack } from 'aws-cdk-lib';
import type { CfnDomainName } from 'aws-cdk-lib/aws-apigateway';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Problem } from '../errors';
import { earliestEnd, type StoredCertificates } from '../protocol/certificate-expiry';
import { certificatesAlone, checkTruststore, MAXIMUM_BYTES, tooLarge } from './truststore-check';

/** A truststore whose first certificate ends within so many days is warned of at each synthesis. */
const WARNING_DAYS = 60;

const DAY_MILLIS = 24 * 60 * 60 * 1000;

/**
 * How it is known when the first certificate of a truststore ends: at synthesis, or by reading an object each day.
 *
 * @internal
 */
export interface TruststoreExpiry {
  /** Milliseconds of Unix time. */
  readonly known?: number;
  readonly object?: StoredCertificates;
  /** Bucket of the object. */
  readonly bucket?: IBucket;
}

/**
 * The authorities whose client certificates a domain accepts.
 *
 * @example
 *
 * Truststore.fromFile('partners.pem');
 */
export abstract class Truststore {
  /**
   * A PEM file. It is checked at synthesis. Its certificates are uploaded, and no text beside them, under their
   * hash, so that a new one is deployed.
   *
   * @param path Path of the file, from where the CDK app runs.
   */
  public static fromFile(path: string): Truststore {
    return new FileTruststore(path);
  }

  /**
   * An object in a bucket. API Gateway reads it when the domain is updated, never by itself: the version makes a
   * new one count.
   *
   * @param bucket Bucket with versioning.
   * @param key Key of the object.
   * @param objectVersion Version of the object.
   */
  public static fromBucket(bucket: IBucket, key: string, objectVersion: string): Truststore {
    return new BucketTruststore(bucket, key, objectVersion);
  }

  /** @internal */
  public abstract _problems(at: string): Problem[];

  /** @internal */
  public abstract _bind(scope: Construct): CfnDomainName.MutualTlsAuthenticationProperty;

  /** @internal */
  public abstract _expiry(): TruststoreExpiry;
}

class FileTruststore extends Truststore {
  constructor(private readonly path: string) {
    super();
  }

  public override _problems(at: string): Problem[] {
    const file = `${at} (${this.path})`;
    try {
      const found = statSync(this.path);
      if (found.isFile()) {
        // one that is too large to be text does not come to the check
        if (found.size > MAXIMUM_BYTES) return [tooLarge(file, `${found.size} bytes`)];
        return checkTruststore(file, readFileSync(this.path, 'utf8'), new Date());
      }
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code === undefined) throw cause;
      if (code !== 'ENOENT') return [this.noFile(at, `cannot be read (${code})`)];
    }
    return [this.noFile(at, 'is no file')];
  }

  private noFile(at: string, what: string): Problem {
    return {
      code: 'TRUSTSTORE_FILE',
      at,
      message: `${JSON.stringify(this.path)} ${what}`,
      remedy: 'name a PEM file with the certificates of the authorities',
    };
  }

  public override _expiry(): TruststoreExpiry {
    return { known: earliestEnd(readFileSync(this.path, 'utf8')) };
  }

  public override _bind(scope: Construct): CfnDomainName.MutualTlsAuthenticationProperty {
    this.warn(scope);
    const stack = Stack.of(scope);
    const certificates = certificatesAlone(readFileSync(this.path, 'utf8'));
    const folder = mkdtempSync(join(tmpdir(), 'truststore-'));
    const sourcePath = join(folder, 'truststore.pem');
    let isUploadedFromThere = false;
    try {
      writeFileSync(sourcePath, certificates);
      const staging = new AssetStaging(scope, 'Truststore', {
        sourcePath,
        // not of the path: the same authorities are the same truststore
        assetHash: createHash('sha256').update(certificates).digest('hex'),
      });
      // where staging is off
      isUploadedFromThere = staging.absoluteStagedPath === sourcePath;
      const { bucketName, objectKey } = stack.synthesizer.addFileAsset({
        sourceHash: staging.assetHash,
        fileName: staging.relativeStagedPath(stack),
        packaging: FileAssetPackaging.FILE,
        displayName: 'Truststore',
      });
      return { truststoreUri: `s3://${bucketName}/${objectKey}` };
    } finally {
      if (!isUploadedFromThere) rmSync(folder, { recursive: true });
    }
  }

  private warn(scope: Construct): void {
    const end = earliestEnd(readFileSync(this.path, 'utf8'));
    if (end - Date.now() > WARNING_DAYS * DAY_MILLIS) return;

    Annotations.of(scope).addWarningV2(
      'secure-api-gateway:TRUSTSTORE_EXPIRY',
      `a certificate in ${this.path} ends on ${new Date(end).toISOString().slice(0, 10)}: clients it issued for are refused from then on`,
    );
  }
}

class BucketTruststore extends Truststore {
  constructor(
    private readonly bucket: IBucket,
    private readonly key: string,
    private readonly objectVersion: string,
  ) {
    super();
  }

  public override _problems(at: string): Problem[] {
    if (this.objectVersion !== '' && this.objectVersion !== 'null') return [];
    return [
      {
        code: 'TRUSTSTORE_VERSION',
        at,
        message: `the object ${this.key} has no version`,
        remedy: 'turn on versioning of the bucket, upload anew, and name the version',
      },
    ];
  }

  public override _expiry(): TruststoreExpiry {
    const { bucket, key, objectVersion: version } = this;
    return { bucket, object: { bucket: bucket.bucketName, key, version } };
  }

  public override _bind(): CfnDomainName.MutualTlsAuthenticationProperty {
    return {
      truststoreUri: this.bucket.s3UrlForObject(this.key),
      truststoreVersion: this.objectVersion,
    };
  }
}
