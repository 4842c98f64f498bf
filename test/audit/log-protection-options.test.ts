import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { AuditOptions } from '../../lib/audit/audit-options';
import { GatewayLogs } from '../../lib/audit/gateway-logs';
import { GatewayConfigurationError } from '../../lib/errors';
import { problemsOf } from '../fixtures/problems';
import { patternsOf, templateOf } from './protected-logs';

const problems = (audit: AuditOptions) => problemsOf(() => templateOf(audit));

describe('options of GatewayLogs', () => {
  test('keeps a record for one year, and after its stack is gone', () => {
    templateOf({}).hasResource('AWS::Logs::LogGroup', {
      Properties: { RetentionInDays: 365 },
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  });

  test('keeps it as long as it is told', () => {
    templateOf({ retention: RetentionDays.TEN_YEARS }).hasResourceProperties('AWS::Logs::LogGroup', {
      RetentionInDays: 3653,
    });
  });

  test('masks own patterns too', () => {
    const template = templateOf({ patterns: [{ name: 'Customer', expression: 'CUST-[0-9]{8}' }] });

    expect(patternsOf(template)).toContainEqual({
      Name: 'Customer',
      Regex: 'CUST-[0-9]{8}',
    });
  });

  test('opens an own key to CloudWatch Logs, for the groups of its account only', () => {
    const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Stack');

    new GatewayLogs('Stack', stack, { encryptionKey: new Key(stack, 'Key') }).group(stack, 'Group');

    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: Match.anyValue() });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal: {
              Service: {
                'Fn::Join': ['', ['logs.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }]],
              },
            },
            Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': Match.anyValue() } },
          }),
        ]),
      },
    });
  });

  test.each([
    ['a group', '(secret)+'],
    ['a colon', 'secret: [a-z]+'],
    ['a quote', '"[a-z]+"'],
    ['201 characters', 'a'.repeat(201)],
    ['nothing', ''],
    ['an expression that does not compile', '[a-'],
  ])('fails when a pattern has %s', (_what, expression) => {
    expect(problems({ patterns: [{ name: 'Own', expression }] })).toEqual([
      expect.objectContaining({ code: 'DATA_PATTERN', at: 'Stack: audit.patterns' }),
    ]);
  });

  test('fails with every problem at once', () => {
    const six = Array.from({ length: 6 }, (_, index) => ({ name: `Own${index}`, expression: 'x' }));

    expect(
      problems({ patterns: [...six.slice(1), { name: 'PaymentCard', expression: '(' }] }).map(
        ({ code }) => code,
      ),
    ).toEqual(['TOO_MANY_DATA_PATTERNS', 'DATA_PATTERN_NAME', 'DATA_PATTERN']);
    expect(() => templateOf({ patterns: six })).toThrow(GatewayConfigurationError);
    expect(() => templateOf({ patterns: six.slice(1) })).not.toThrow();
  });
});
