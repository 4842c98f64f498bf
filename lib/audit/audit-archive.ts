import { CfnElement, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { type AuditArchiveOptions, defaultLock } from './audit-archive-options';
import type { GatewayLogs } from './gateway-logs';

/** What an archive is built from. */
export interface AuditArchiveProps extends AuditArchiveOptions {
  /** Makes the log group in which the stream says why it could not deliver. */
  readonly logs: GatewayLogs;
}

const LINES = 'trail/';
const FAILED = 'failed/';

/** A bucket whose objects are locked, and the delivery stream that alone has to write into it. */
export class AuditArchive extends Construct {
  public readonly bucket: s3.Bucket;
  public readonly stream: firehose.DeliveryStream;

  constructor(scope: Construct, id: string, props: AuditArchiveProps) {
    super(scope, id);
    const encryptionKey = props.encryptionKey ?? props.logs.encryptionKey ?? this.defineKey();
    this.bucket = this.defineBucket(encryptionKey, props);
    const logGroup = props.logs.group(this, 'Errors');
    const role = this.defineRole(encryptionKey);
    logGroup.grantWrite(role);
    this.refuseOtherWriters(role);
    // the bucket stays without the stack, and nobody may write into it then
    this.bucket.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN);
    // what the stream and its destination would grant themselves lets them delete
    const asItIs = role.withoutPolicyUpdates();

    this.stream = new firehose.DeliveryStream(this, 'Stream', {
      role: asItIs,
      encryption: firehose.StreamEncryption.customerManagedKey(encryptionKey),
      destination: new firehose.S3Bucket(this.bucket, {
        role: asItIs,
        // what CloudWatch Logs sends is compressed, with lines of many events in one record
        processors: [
          new firehose.DecompressionProcessor(),
          new firehose.CloudWatchLogProcessor({ dataMessageExtraction: true }),
        ],
        compression: firehose.Compression.GZIP,
        fileExtension: '.json.gz',
        dataOutputPrefix: `${LINES}!{timestamp:yyyy/MM/dd/HH}/`,
        errorOutputPrefix: `${FAILED}!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/`,
        loggingConfig: new firehose.EnableLogging(logGroup),
      }),
    });
    // it is refused while it cannot do what it must
    this.stream.node.addDependency(role);
  }

  private defineKey(): IKey {
    return new Key(this, 'Key', {
      description: `Encrypts the audit archive of ${this.node.scope?.node.path}`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  private defineBucket(encryptionKey: IKey, props: AuditArchiveProps): s3.Bucket {
    const { objectLock = defaultLock(), keepFor = objectLock.duration, accessLogsBucket } = props;
    const bucket = new s3.Bucket(this, 'Bucket', {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      encryption: s3.BucketEncryption.KMS,
      encryptionKey,
      bucketKeyEnabled: true,
      versioned: true,
      objectLockDefaultRetention: objectLock,
      lifecycleRules: [
        {
          id: 'forget',
          expiration: keepFor,
          noncurrentVersionExpiration: Duration.days(1),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
      ...(accessLogsBucket && {
        serverAccessLogsBucket: accessLogsBucket,
        serverAccessLogsPrefix: 'audit-archive/',
      }),
    });
    if (!accessLogsBucket) {
      Validations.of(bucket).acknowledge({
        id: 'AwsSolutions::AwsSolutions-S1',
        reason: 'a locked bucket cannot take its own access log; `accessLogsBucket` names one that can',
      });
    }
    return bucket;
  }

  /** Lines that somebody else could add would prove nothing. */
  private refuseOtherWriters({ roleArn }: iam.IRole): void {
    this.bucket.addToResourcePolicy(
      new iam.PolicyStatement({
        effect: iam.Effect.DENY,
        principals: [new iam.AnyPrincipal()],
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects('*')],
        conditions: { ArnNotEquals: { 'aws:PrincipalArn': roleArn } },
      }),
    );
  }

  /** What Firehose needs to write objects, and neither to delete nor to unlock them. */
  private defineRole(encryptionKey: IKey): iam.Role {
    const { bucket } = this;
    const role = new iam.Role(this, 'Role', {
      description: 'Writes the audit archive',
      assumedBy: new iam.ServicePrincipal('firehose.amazonaws.com'),
    });
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
        resources: [bucket.bucketArn],
      }),
    );
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
        resources: [LINES, FAILED].map((prefix) => bucket.arnForObjects(`${prefix}*`)),
      }),
    );
    encryptionKey.grant(role, 'kms:Decrypt', 'kms:GenerateDataKey');
    this.acknowledgePrefixes(role);
    return role;
  }

  private acknowledgePrefixes(role: iam.Role): void {
    const { defaultChild } = this.bucket.node;
    if (!CfnElement.isCfnElement(defaultChild)) return;

    for (const prefix of [LINES, FAILED]) {
      Validations.of(role).acknowledge({
        id: `AwsSolutions::AwsSolutions-IAM5[Resource::<${Stack.of(this).getLogicalId(defaultChild)}.Arn>/${prefix}*]`,
        reason: 'it names each object after the hour in which it writes it',
      });
    }
  }
}
