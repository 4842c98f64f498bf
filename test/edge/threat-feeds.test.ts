import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ThreatFeed, WebAcl, type WebAclProps } from '../../lib';

function built(props: WebAclProps) {
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Stack');
  const acl = new WebAcl(stack, 'Acl', props);

  return { acl, stack, template: Template.fromStack(stack) };
}

const FEEDS = [...ThreatFeed.spamhausDrop(), ThreatFeed.torExits()];

describe('threat feeds', () => {
  test('are not there unless asked for', () => {
    const { acl, template } = built({});

    expect(acl.threatFeedFunction).toBeUndefined();
    template.resourceCountIs('AWS::WAFv2::IPSet', 0);
    template.resourceCountIs('AWS::Events::Rule', 0);
  });

  test('have sets of their own in both families, which the template leaves empty', () => {
    const { template } = built({ threatFeeds: FEEDS });

    for (const IPAddressVersion of ['IPV4', 'IPV6']) {
      template.resourcePropertiesCountIs('AWS::WAFv2::IPSet', { IPAddressVersion, Addresses: [] }, 2);
    }
  });

  test('refuse attackers first, before any rate is counted', () => {
    const { template } = built({ threatFeeds: FEEDS });

    template.hasResourceProperties('AWS::WAFv2::WebACL', {
      Rules: Match.arrayWith([
        Match.objectLike({ Name: 'attackers', Priority: 0, Action: { Block: {} } }),
        Match.objectLike({ Name: 'threat-feeds', Priority: 1, Action: { Block: {} } }),
      ]),
    });
  });

  test('leave only the list of attackers where no feed is named', () => {
    const { acl, template } = built({ threatFeeds: [] });

    expect(acl.threatFeedFunction).toBeDefined();
    expect(acl.staleFeedAlarms).toEqual([]);
    expect(acl.denialAlarm).toBeDefined();
    template.resourceCountIs('AWS::WAFv2::IPSet', 4);
  });

  test('are fetched every six hours and after each deployment', () => {
    const { template } = built({ threatFeeds: FEEDS });

    template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(6 hours)' });
    template.hasResourceProperties('Custom::Trigger', { InvocationType: 'Event' });
  });

  test('are put back as soon as CloudFormation has updated a set, which empties it', () => {
    const { template } = built({ threatFeeds: FEEDS });
    const sets = Object.keys(template.findResources('AWS::WAFv2::IPSet'));

    expect(sets).toHaveLength(4);
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.cloudformation'],
        'detail-type': ['CloudFormation Resource Status Change'],
        detail: {
          'stack-id': [{ Ref: 'AWS::StackId' }],
          'logical-resource-id': sets,
          'status-details': { status: ['UPDATE_COMPLETE'] },
        },
      },
      Targets: [Match.objectLike({ Input: '{"action":"restore"}' })],
    });
  });

  test('let attackers go within ten minutes of their time', () => {
    const { template } = built({ threatFeeds: [] });

    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(10 minutes)',
      Targets: [Match.objectLike({ Input: '{"action":"expire"}', RetryPolicy: { MaximumRetryAttempts: 0 } })],
    });
  });

  test('are kept by a function that may write those sets and nothing else in AWS WAF', () => {
    const { template } = built({ threatFeeds: FEEDS, deny: ['192.0.2.0/24'] });
    const policies = Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
      ({ Properties }) => Properties.PolicyDocument.Statement,
    );
    const waf = policies.filter(({ Action }) => JSON.stringify(Action).includes('wafv2'));

    expect(waf).toHaveLength(1);
    expect(waf[0].Action).toEqual(['wafv2:GetIPSet', 'wafv2:UpdateIPSet']);
    expect(waf[0].Resource).toHaveLength(4);
    expect(JSON.stringify(waf[0].Resource)).not.toContain('*');
    expect(JSON.stringify(waf[0].Resource)).not.toContain('Deny');
    const table = policies.filter(({ Action }) => JSON.stringify(Action).includes('dynamodb'));
    expect(table.map(({ Action }) => Action)).toEqual([
      ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem', 'dynamodb:Query'],
    ]);
  });

  test('raise an alarm each when a list is older than two days or nothing is heard', () => {
    const { acl, template } = built({ threatFeeds: FEEDS });

    expect(acl.staleFeedAlarms).toHaveLength(3);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'FeedAgeSeconds',
      Namespace: 'SecureApiGateway/ThreatFeeds',
      Dimensions: Match.arrayWith([{ Name: 'Feed', Value: 'spamhaus-drop' }]),
      Threshold: 172_800,
      TreatMissingData: 'breaching',
    });
  });

  test('keep the record of who denied whom when the stack is deleted', () => {
    built({ threatFeeds: FEEDS }).template.hasResource('AWS::DynamoDB::Table', { DeletionPolicy: 'Retain' });
  });

  test('tell the command line which function to call', () => {
    const outputs = built({ threatFeeds: [] }).template.findOutputs('*', {
      Description: 'Function of secure-api-gateway deny',
    });

    expect(Object.keys(outputs)).toHaveLength(1);
  });

  test.each([
    ['by plain HTTP', [ThreatFeed.lines('a', 'http://lists.example.com')]],
    ['from nowhere', [ThreatFeed.lines('a', 'lists.example.com')]],
    [
      'twice by one name',
      [ThreatFeed.lines('a', 'https://a.example.com'), ThreatFeed.lines('a', 'https://b.example.com')],
    ],
    ['by a name that is no word', [ThreatFeed.lines('A b', 'https://a.example.com')]],
  ])('fail when one comes %s', (_, threatFeeds) => {
    expect(() => built({ threatFeeds })).toThrow('[INVALID_FEED]');
  });
});
