import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { ENVIRONMENT, gatewayStack, quickApp } from '../fixtures/gateway';
import { controlled } from './controlled-gateway';

describe('the topic', () => {
  test('lets EventBridge and the alarms publish: its own policy replaces the one it is born with', () => {
    const { watch } = controlled();

    for (const Service of ['events.amazonaws.com', 'cloudwatch.amazonaws.com']) {
      Template.fromStack(watch).hasResourceProperties('AWS::SNS::TopicPolicy', {
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({ Action: 'sns:Publish', Effect: 'Allow', Principal: { Service } }),
          ]),
        },
      });
    }
  });

  test('takes alarms of its own account only, and opens its key to both', () => {
    const app = quickApp();
    const watch = new Stack(app, 'Watch', { env: ENVIRONMENT });
    const alarmTopic = new Topic(watch, 'Topic', { masterKey: new Key(watch, 'Key') });
    gatewayStack({ audit: { alarmTopic } }, app);
    const template = Template.fromStack(watch);

    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': ENVIRONMENT.account } },
          }),
        ]),
      },
    });
    for (const Service of ['events.amazonaws.com', 'cloudwatch.amazonaws.com']) {
      template.hasResourceProperties('AWS::KMS::Key', {
        KeyPolicy: {
          Statement: Match.arrayWith([
            {
              Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
              Effect: 'Allow',
              // with a condition EventBridge could not use it
              Principal: { Service },
              Resource: '*',
            },
          ]),
        },
      });
    }
  });

  test('has a key of its own, or none: AWS’s own lets nobody tell anything', () => {
    const app = quickApp();
    const watch = new Stack(app, 'Watch', { env: ENVIRONMENT });
    const masterKey = Alias.fromAliasName(watch, 'Key', 'alias/aws/sns');
    const alarmTopic = new Topic(watch, 'Topic', { masterKey });

    expect(() => gatewayStack({ audit: { alarmTopic } }, app)).toThrow(/ALARM_TOPIC_KEY/);
  });

  test('is the only reason for rules on what CloudTrail tells: without one there are none', () => {
    const rules = Template.fromStack(gatewayStack().stack).findResources('AWS::Events::Rule');

    expect(JSON.stringify(rules)).not.toContain('CloudTrail');
  });

  test('takes roles as IAM knows them, not as they sign in', () => {
    expect(() =>
      gatewayStack({ audit: { unreportedRoles: ['arn:aws:sts::111111111111:assumed-role/pipeline/me'] } }),
    ).toThrow(/assumed-role.*UNREPORTED_ROLE/s);
  });
});
