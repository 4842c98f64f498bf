import { Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { AuditExport } from '../../lib';
import { ENVIRONMENT, gatewayStack, quickApp } from '../fixtures/gateway';
import { problemsOf } from '../fixtures/problems';
import { statementsOf, templateOf } from './exported';

describe('the archive of a trail', () => {
  const template = templateOf(AuditExport.s3());

  test('keeps the policy of its bucket too, which stays without the stack', () => {
    template.hasResource('AWS::S3::BucketPolicy', { DeletionPolicy: 'Retain' });
  });

  test('is closed to the public and to plain HTTP, encrypted, and outlives its stack', () => {
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            Match.objectLike({
              ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: Match.anyValue() },
            }),
          ],
        },
      },
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({ Effect: 'Deny', Condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } } }),
        ]),
      },
    });
  });

  test('locks what is written for a year, and deletes it then', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      VersioningConfiguration: { Status: 'Enabled' },
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 365 } } },
      LifecycleConfiguration: {
        Rules: [Match.objectLike({ ExpirationInDays: 365, NoncurrentVersionExpiration: Match.anyValue() })],
      },
    });
  });

  test('locks and keeps it as it is told', () => {
    const objectLock = ObjectLockRetention.compliance(Duration.days(30));

    templateOf(AuditExport.s3({ objectLock, keepFor: Duration.days(90) })).hasResourceProperties(
      'AWS::S3::Bucket',
      {
        ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 30 } } },
        LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 90 })] },
      },
    );
  });

  test('is written by one role, which can neither delete nor unlock; all others are refused', () => {
    const actions = statementsOf(template, 'GatewayTrailArchiveRole').flatMap(({ Action }) => Action);

    expect(actions).toContain('s3:PutObject');
    for (const action of actions) expect(action).not.toMatch(/\*|Delete|Retention|LegalHold|Acl|Unmask/);
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 's3:PutObject',
            Condition: {
              ArnNotEquals: {
                'aws:PrincipalArn': { 'Fn::GetAtt': [Match.stringLikeRegexp('ArchiveRole'), 'Arn'] },
              },
            },
          }),
        ]),
      },
    });
  });

  test('gets lines of JSON, by a stream that is encrypted too', () => {
    template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamEncryptionConfigurationInput: {
        KeyType: 'CUSTOMER_MANAGED_CMK',
        KeyARN: Match.anyValue(),
      },
      ExtendedS3DestinationConfiguration: {
        CompressionFormat: 'GZIP',
        ProcessingConfiguration: {
          Processors: [{ Type: 'Decompression' }, { Type: 'CloudWatchLogProcessing' }].map(Match.objectLike),
        },
        CloudWatchLoggingOptions: { Enabled: true },
      },
    });
  });

  test('takes the key of the logs, or one of its own', () => {
    const keyOf = (name: string) => {
      const stack = new Stack(quickApp(), name, { env: ENVIRONMENT });
      return Key.fromKeyArn(stack, 'Key', `arn:aws:kms:eu-west-1:111111111111:key/${name}`);
    };
    const withKeyOf = (target: AuditExport) =>
      Template.fromStack(gatewayStack({ audit: { encryptionKey: keyOf('logs'), export: target } }).stack);
    const encryptedBy = (template: Template, name: string) => {
      template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
        DeliveryStreamEncryptionConfigurationInput: Match.objectLike({ KeyARN: keyOf(name).keyArn }),
      });
      const [bucket] = Object.values(template.findResources('AWS::S3::Bucket'));
      expect(JSON.stringify(bucket)).toContain(keyOf(name).keyArn);
    };

    encryptedBy(withKeyOf(AuditExport.s3()), 'logs');
    encryptedBy(withKeyOf(AuditExport.s3({ encryptionKey: keyOf('own') })), 'own');
    expect(Object.keys(template.findResources('AWS::KMS::Key'))).toHaveLength(1);
  });

  test('fails where it would delete before it may, or in parts of days', () => {
    const problems = (keepFor: Duration) => problemsOf(() => templateOf(AuditExport.s3({ keepFor })));

    for (const keepFor of [Duration.days(364), Duration.hours(365 * 24 + 1)]) {
      expect(problems(keepFor)).toEqual([
        expect.objectContaining({ code: 'AUDIT_ARCHIVE_KEEP_FOR', at: 'Orders/Gateway: audit.export' }),
      ]);
    }
    expect(() => templateOf(AuditExport.s3({ keepFor: Duration.days(365) }))).not.toThrow();
  });

  test('writes who read it where it is told', () => {
    const { stack } = gatewayStack();
    const accessLogsBucket = Bucket.fromBucketName(stack, 'Theirs', 'access-logs');

    templateOf(AuditExport.s3({ accessLogsBucket })).hasResourceProperties('AWS::S3::Bucket', {
      LoggingConfiguration: { DestinationBucketName: 'access-logs', LogFilePrefix: 'audit-archive/' },
    });
  });
});
