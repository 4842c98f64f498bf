import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { AuditOptions } from '../../lib/audit/audit-options';
import { GatewayLogs } from '../../lib/audit/gateway-logs';
import { GatewayConfigurationError } from '../../lib/errors';
import { formatApiKey } from '../../lib/protocol/api-key';
import { problemsOf } from '../fixtures/problems';

const KEY = formatApiKey({ prefix: 'sk', environment: 'live', id: 'a'.repeat(12), secret: 'Z'.repeat(32) });
const TOKEN = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl';
const ENCRYPTED_TOKEN = 'eyJhbGciOiJSU0EtT0FFUC0yNTYifQ.a2V5.aXY.Y2lwaGVy.dGFn';

interface ProtectionPolicy {
  readonly Configuration: { readonly CustomDataIdentifier: readonly { Name: string; Regex: string }[] };
  readonly Statement: readonly { readonly DataIdentifier: readonly unknown[]; readonly Operation: object }[];
}

function templateOf(audit: AuditOptions): Template {
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Stack');
  new GatewayLogs('Stack', stack, audit).group(stack, 'Group');
  return Template.fromStack(stack);
}

function policyOf(template: Template): ProtectionPolicy {
  const [group] = Object.values(template.findResources('AWS::Logs::LogGroup'));
  return group?.['Properties'].DataProtectionPolicy as ProtectionPolicy;
}

const patternsOf = (template: Template) => policyOf(template).Configuration.CustomDataIdentifier;

function masks(text: string): boolean {
  return patternsOf(templateOf({})).some(({ Regex }) => new RegExp(Regex).test(text));
}

const problems = (audit: AuditOptions) => problemsOf(() => templateOf(audit));

describe('GatewayLogs', () => {
  test('masks API keys, signed and encrypted tokens wherever they stand in a line', () => {
    for (const secret of [KEY, TOKEN, ENCRYPTED_TOKEN]) {
      expect(masks(`{"message":"from ${secret} at noon"}`)).toBe(true);
    }
  });

  test('masks cards without a word for card near them, and e-mail addresses as addresses of pages write them', () => {
    for (const personal of [
      '5555555555554444',
      '4111-1111-1111-1111',
      '2223003122003222',
      'ada%40example.com',
    ]) {
      expect(masks(`{"uri":"/orders/${personal}"}`)).toBe(true);
    }
    expect(masks('{"time":"1795328400000","later":"2000000000000","account":"111111111111"}')).toBe(false);
  });

  test('leaves nothing of an encrypted token', () => {
    const expression = patternsOf(templateOf({})).find(({ Name }) => Name === 'JsonWebToken')?.Regex ?? '';

    expect(ENCRYPTED_TOKEN.replace(new RegExp(expression), '')).toBe('');
  });

  test('leaves what an investigation needs', () => {
    expect(masks('{"resource":"/orders/{orderId}","key":"aaaaaaaaaaaa","sourceIp":"203.0.113.9"}')).toBe(
      false,
    );
  });

  test('masks what it audits, no more and no less, as CloudWatch Logs demands', () => {
    const { Statement } = policyOf(templateOf({}));

    expect(Statement).toHaveLength(2);
    expect(Statement[1]?.DataIdentifier).toEqual(Statement[0]?.DataIdentifier);
    expect(Statement.map(({ Operation }) => Object.keys(Operation))).toEqual([['Audit'], ['Deidentify']]);
  });

  test('masks private keys, cards and e-mail addresses by the identifiers of CloudWatch Logs', () => {
    const text = JSON.stringify(policyOf(templateOf({})).Statement[1]?.DataIdentifier);

    for (const name of [
      'PkcsPrivateKey',
      'OpenSshPrivateKey',
      'CreditCardNumber',
      'EmailAddress',
      'AwsSecretKey',
    ]) {
      expect(text).toContain(`data-identifier/${name}`);
    }
    expect(text).not.toContain('IpAddress');
  });

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
            Principal: { Service: { 'Fn::Join': ['', ['logs.', { Ref: 'AWS::Region' }, '.amazonaws.com']] } },
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
    const seven = Array.from({ length: 7 }, (_, index) => ({ name: `Own${index}`, expression: 'x' }));

    expect(
      problems({ patterns: [...seven.slice(1), { name: 'ApiKey', expression: '(' }] }).map(
        ({ code }) => code,
      ),
    ).toEqual(['TOO_MANY_DATA_PATTERNS', 'DATA_PATTERN_NAME', 'DATA_PATTERN']);
    expect(() => templateOf({ patterns: seven })).toThrow(GatewayConfigurationError);
    expect(() => templateOf({ patterns: seven.slice(1) })).not.toThrow();
  });
});
