import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { templateSerializer } from '../../lib/jest';
import { CatalogueStack } from './adopt-existing';
import { AuditedStack } from './audited';
import { OrdersStack } from './orders/stack';
import { ThreatFeedsStack } from './threat-feeds';

const { context } = require('../../cdk.json');

expect.addSnapshotSerializer(templateSerializer);

const env = { account: '111111111111', region: 'eu-west-1' };

describe('the template of', () => {
  // findings are printed at synthesis; they are not what is tested here
  beforeEach(() => jest.spyOn(console, 'error').mockReturnValue());

  test.each<[string, (app: App) => Stack]>([
    [
      'the orders sample',
      (app) =>
        new OrdersStack(app, 'Orders', {
          issuer: 'https://id.example.com/',
          audience: 'orders',
          serverName: 'orders.internal.example.com',
          certificateArn:
            'arn:aws:acm:eu-west-1:111111111111:certificate/11111111-2222-3333-4444-555555555555',
        }),
    ],
    ['the gateway before what exists already', (app) => new CatalogueStack(app, 'Catalogue', { env })],
    ['the gateway whose trail cannot be changed', (app) => new AuditedStack(app, 'Audited', { env })],
    [
      'the web ACL with threat feeds',
      (app) => {
        const stack = new Stack(app, 'Topics', { env });
        const onCall = Topic.fromTopicArn(stack, 'OnCall', 'arn:aws:sns:eu-west-1:111111111111:on-call');
        return new ThreatFeedsStack(app, 'ThreatFeeds', { env, onCall });
      },
    ],
  ])('%s is the one that was reviewed', (_, define) => {
    const app = new App({ context, builtinCloudFormationValidation: false });

    expect(Template.fromStack(define(app))).toMatchSnapshot();
  });
});
