import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { DeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { KinesisDestination } from 'aws-cdk-lib/aws-logs-destinations';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AuditExport, FirehoseTarget, WebAcl } from '../../lib';
import { ENVIRONMENT, gatewayStack, quickApp } from '../fixtures/gateway';
import { filtersOf, statementsOf, templateOf } from './exported';

const WEB_ACL =
  'arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/ours/11111111-1111-1111-1111-111111111111';

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
