import { Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { DeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { Key } from 'aws-cdk-lib/aws-kms';
import { KinesisDestination } from 'aws-cdk-lib/aws-logs-destinations';
import { Bucket, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AuditExport, FirehoseTarget, WebAcl } from '../../lib';
import { ENVIRONMENT, type FixtureProps, gatewayStack, quickApp } from '../fixtures/gateway';
import { problemsOf } from '../fixtures/problems';

const WEB_ACL =
  'arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/ours/11111111-1111-1111-1111-111111111111';

const templateOf = (target: AuditExport, props: FixtureProps = {}) =>
  Template.fromStack(gatewayStack({ ...props, audit: { export: target } }).stack);

const filtersOf = (template: Template) =>
  Object.values(template.findResources('AWS::Logs::SubscriptionFilter')).map(
    ({ Properties }): Readonly<Record<string, unknown>> => Properties,
  );

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

const statementsOf = (template: Template, role: string) =>
  Object.entries(template.findResources('AWS::IAM::Policy'))
    .filter(([id]) => id.startsWith(role))
    .flatMap(([, { Properties }]): readonly Statement[] => Properties.PolicyDocument.Statement);

describe('a trail that leaves its log groups', () => {
  const template = templateOf(AuditExport.s3());

  test('leaves none unless somebody says where to', () => {
    Template.fromStack(gatewayStack().stack).resourceCountIs('AWS::Logs::SubscriptionFilter', 0);
  });

  test('is the access log, what the authorizer wrote itself, and the log of the web ACL', () => {
    expect(
      filtersOf(template).map(({ LogGroupName, FilterPattern }) => [LogGroupName, FilterPattern]),
    ).toEqual([
      [{ Ref: expect.stringContaining('AccessLogs') }, ''],
      [{ Ref: expect.stringContaining('AuthorizerLogs') }, '{ $.level = "*" }'],
      [{ Ref: expect.stringContaining('WebAclLogs') }, ''],
    ]);
  });

  test('is without the log of a web ACL defined elsewhere', () => {
    const { stack, gateway } = gatewayStack();
    const webAcl = WebAcl.fromWebAclArn(stack, 'Theirs', WEB_ACL);
    expect(gateway.auditArchive).toBeUndefined();

    expect(filtersOf(templateOf(AuditExport.s3(), { webAcl }))).toHaveLength(2);
  });

  test('leaves only log groups that mask what they hand on', () => {
    const groups = template.findResources('AWS::Logs::LogGroup');

    for (const { LogGroupName } of filtersOf(template)) {
      const { Ref } = Object(LogGroupName);
      expect(groups[Ref]?.['Properties'].DataProtectionPolicy).toBeDefined();
    }
  });

  test('goes by a role that only log groups of this account may use, and that may do nothing but put', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Principal: { Service: 'logs.amazonaws.com' },
            Condition: { StringLike: { 'aws:SourceArn': Match.anyValue() } },
          }),
        ],
      },
    });
    expect(statementsOf(template, 'GatewayTrailSender')).toEqual([
      {
        Effect: 'Allow',
        Action: ['firehose:PutRecord', 'firehose:PutRecordBatch'],
        Resource: { 'Fn::GetAtt': [expect.stringContaining('ArchiveStream'), 'Arn'] },
      },
    ]);
  });
});

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

describe('a trail that goes to a stream of the user’s', () => {
  test('is put there by our role, and defines no bucket', () => {
    const app = quickApp();
    const stack = new Stack(app, 'Siem', { env: ENVIRONMENT });
    const stream = DeliveryStream.fromDeliveryStreamName(stack, 'Splunk', 'to-splunk');
    const template = templateOf(AuditExport.firehose(stream, FirehoseTarget.SPLUNK));

    template.resourceCountIs('AWS::S3::Bucket', 0);
    expect(filtersOf(template)).toHaveLength(3);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'DeliveryToSplunk.Success',
      Dimensions: [{ Name: 'DeliveryStreamName', Value: 'to-splunk' }],
    });
  });

  test('goes to whatever takes subscriptions, and is watched as far as there', () => {
    const stack = new Stack(quickApp(), 'Siem', { env: ENVIRONMENT });
    const stream = Stream.fromStreamArn(
      stack,
      'Lines',
      'arn:aws:kinesis:eu-west-1:111111111111:stream/lines',
    );
    const template = templateOf(AuditExport.subscription(new KinesisDestination(stream)));

    expect(filtersOf(template).map(({ DestinationArn }) => DestinationArn)).toEqual(
      Array(3).fill('arn:aws:kinesis:eu-west-1:111111111111:stream/lines'),
    );
    template.resourceCountIs('AWS::KinesisFirehose::DeliveryStream', 0);
    template.resourceCountIs('AWS::CloudWatch::Alarm', 2);
  });
});

describe('a trail that does not arrive', () => {
  test('sounds alarms, at the topic if there is one', () => {
    const alarmTopic = Topic.fromTopicArn(
      new Stack(quickApp(), 'Watch'),
      'Topic',
      'arn:aws:sns:eu-west-1:111111111111:on-call',
    );
    const { stack, gateway } = gatewayStack({ audit: { alarmTopic, export: AuditExport.s3() } });
    const alarms = Object.entries(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')).filter(
      ([id]) => id.startsWith('GatewayTrail'),
    );

    expect(gateway.exportAlarms).toHaveLength(4);
    expect(alarms).toHaveLength(4);
    for (const [, { Properties }] of alarms) {
      expect(Properties.AlarmActions).toEqual(['arn:aws:sns:eu-west-1:111111111111:on-call']);
      expect(Properties.AlarmDescription).toMatch(/\. /);
    }
  });

  test('is found among the subscriptions by a name that is this gateway’s only', () => {
    const template = templateOf(AuditExport.s3());
    const names = new Set(filtersOf(template).map(({ FilterName }) => String(FilterName)));
    const [name = ''] = names;

    expect(names.size).toBe(1);
    expect(name).toMatch(/^Orders-Gateway-Trail-[0-9A-F]{8}$/);
    for (const metric of ['DeliveryErrors', 'DeliveryThrottling']) {
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        Metrics: [
          Match.objectLike({
            Expression: `SELECT SUM(${metric}) FROM "AWS/Logs" WHERE FilterName = '${name}'`,
            Period: 300,
          }),
        ],
      });
    }
  });
});
