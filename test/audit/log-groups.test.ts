import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ThreatFeed } from '../../lib';
import {
  DOCUMENT,
  documentOf,
  ENVIRONMENT,
  type FixtureProps,
  gatewayStack,
  quickApp,
} from '../fixtures/gateway';

const templateOf = (props: FixtureProps = {}) => Template.fromStack(gatewayStack(props).stack);

/** A gateway with every function there is. */
const WITH_ALL: FixtureProps = {
  edge: { threatFeeds: [ThreatFeed.torExits()] },
  backend: { clientCertificate: true },
};

const methodSettings = (template: Template) =>
  Object.values(template.findResources('AWS::ApiGateway::Stage')).flatMap(
    ({ Properties }): readonly Record<string, unknown>[] => Properties.MethodSettings,
  );

const EXECUTION_LOGS = {
  'Fn::Join': ['', ['API-Gateway-Execution-Logs_', { Ref: Match.stringLikeRegexp('^Gateway') }, '/prod']],
};

describe('every log group of a gateway', () => {
  test('has the retention, the key and the masks that it was told', () => {
    const app = quickApp();
    const encryptionKey = new Key(new Stack(app, 'Keys', { env: ENVIRONMENT }), 'Key');
    const patterns = [{ name: 'Customer', expression: 'CUST-[0-9]{8}' }];
    const { stack } = gatewayStack(
      { ...WITH_ALL, audit: { retention: RetentionDays.FIVE_YEARS, encryptionKey, patterns } },
      app,
    );
    const masked = { Name: 'Customer', Regex: 'CUST-[0-9]{8}' };
    const groups = Object.entries(Template.fromStack(stack).findResources('AWS::Logs::LogGroup'));

    expect(groups).toHaveLength(8);
    for (const [id, { DeletionPolicy, Properties }] of groups) {
      expect([id, Properties, DeletionPolicy]).toEqual([
        id,
        expect.objectContaining({
          RetentionInDays: 1827,
          KmsKeyId: expect.anything(),
          DataProtectionPolicy: expect.objectContaining({
            Configuration: { CustomDataIdentifier: expect.arrayContaining([masked]) },
          }),
        }),
        'RetainExceptOnCreate',
      ]);
    }
  });

  test('is all that functions write to', () => {
    const template = templateOf(WITH_ALL);
    const groups = Object.keys(template.findResources('AWS::Logs::LogGroup'));
    const functions = Object.entries(template.findResources('AWS::Lambda::Function'))
      // the CDK's own, for its triggers: it takes no log group
      .filter(([id]) => !id.startsWith('AWSCDKTrigger'));

    expect(functions).toHaveLength(6);
    for (const [, { Properties }] of functions)
      expect(groups).toContain(Properties.LoggingConfig.LogGroup.Ref);
  });

  test('has lines of JSON: our own, or those of a runtime that was told to', () => {
    const template = templateOf(WITH_ALL);
    const formats = Object.entries(template.findResources('AWS::Lambda::Function'))
      .filter(([id]) => !id.startsWith('AWSCDKTrigger'))
      .map(([id, { Properties }]) => [id, Properties.LoggingConfig.LogFormat]);

    for (const [id, format] of formats) {
      // these write metrics with their lines, which a runtime must leave as they are
      const writesMetrics = /Authorizer|Expiry|ThreatFeeds/.test(id);
      expect([id, format]).toEqual([id, writesMetrics ? undefined : 'JSON']);
    }
  });

  test('but the web ACL’s is kept as long as the web ACL’s own option says', () => {
    templateOf({ edge: { logRetention: RetentionDays.TWO_YEARS } }).hasResourceProperties(
      'AWS::Logs::LogGroup',
      {
        LogGroupName: {
          'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('^aws-waf-logs-')])],
        },
        RetentionInDays: 731,
      },
    );
  });
});

describe('the execution log', () => {
  test('has errors only, without data trace, in every method', () => {
    const settings = methodSettings(templateOf());

    expect(settings.length).toBeGreaterThan(1);
    for (const setting of settings) {
      expect(setting).toMatchObject({ LoggingLevel: 'ERROR', DataTraceEnabled: false });
    }
  });

  test('goes to a group that stands before the stage, masked and kept like all', () => {
    const template = templateOf();
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: EXECUTION_LOGS,
      RetentionInDays: 365,
      DataProtectionPolicy: Match.anyValue(),
    });
    const [id = ''] = Object.keys(
      template.findResources('AWS::Logs::LogGroup', { Properties: { LogGroupName: EXECUTION_LOGS } }),
    );

    template.hasResource('AWS::ApiGateway::Stage', { DependsOn: Match.arrayWith([id]) });
  });

  test.each<[string, FixtureProps]>([
    ['it is switched off', { audit: { executionLogs: false } }],
    [
      'a body has what no log may show',
      {
        definition: documentOf(
          DOCUMENT.replace('item: { type: string }', 'item: { type: string, x-gateway-redact: true }'),
        ),
      },
    ],
  ])('is off where %s', (_, props) => {
    const template = templateOf(props);

    for (const setting of methodSettings(template)) expect(setting).toMatchObject({ LoggingLevel: 'OFF' });
  });

  test('is on in spite of that where somebody says so', () => {
    const definition = documentOf(
      DOCUMENT.replace('item: { type: string }', 'item: { type: string, x-gateway-redact: true }'),
    );

    for (const setting of methodSettings(templateOf({ definition, audit: { executionLogs: true } }))) {
      expect(setting).toMatchObject({ LoggingLevel: 'ERROR', DataTraceEnabled: false });
    }
  });
});
