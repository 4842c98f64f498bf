import { Match } from 'aws-cdk-lib/assertions';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { WebAcl, type WebAclProps, type WebAclRedaction } from '../../lib';
import { SECRET_HEADERS } from '../../lib/protocol/credential-names';
import { rulesOf, stackOf } from './web-acl-rules';

describe('WebAcl', () => {
  test('takes no samples, which would show what the log hides', () => {
    const { properties, rules } = rulesOf();
    const configs = [properties, ...rules.values()].map(({ VisibilityConfig }) => VisibilityConfig);

    expect(configs.every(({ SampledRequestsEnabled }) => SampledRequestsEnabled === false)).toBe(true);
  });

  test('hides credentials, cookies and redacted arguments in the log', () => {
    const { properties } = rulesOf({
      credentialHeaders: ['Authorization', 'X-Partner-Key'],
      redaction: { cookies: ['session'], queryArguments: ['ssn'] },
    });

    expect(properties.DataProtectionConfig.DataProtections).toEqual([
      {
        Action: 'SUBSTITUTION',
        Field: {
          FieldType: 'SINGLE_HEADER',
          FieldKeys: [
            'authorization',
            'cookie',
            'proxy-authorization',
            'x-access-token',
            'x-amz-security-token',
            'x-api-key',
            'x-auth-token',
            ...SECRET_HEADERS,
            'x-partner-key',
          ],
        },
      },
      { Action: 'SUBSTITUTION', Field: { FieldType: 'SINGLE_COOKIE', FieldKeys: ['session'] } },
      {
        Action: 'SUBSTITUTION',
        Field: {
          FieldType: 'SINGLE_QUERY_ARGUMENT',
          FieldKeys: expect.arrayContaining(['access_token', 'client_secret', 'password', 'ssn']),
        },
      },
    ]);
  });

  test('hides what other products send their secrets in, within what AWS takes', () => {
    expect(SECRET_HEADERS).toEqual(expect.arrayContaining(['x-vault-token', 'private-token', 'dpop']));
    const { template } = rulesOf({ credentialHeaders: ['X-Token', 'DPoP'] });
    const [logging] = Object.values(template.findResources('AWS::WAFv2::LoggingConfiguration'));
    const names: string[] = logging?.['Properties'].RedactedFields.flatMap(
      ({ SingleHeader }: { SingleHeader?: { Name: string } }) => SingleHeader?.Name ?? [],
    );

    expect(names).toEqual(expect.arrayContaining([...SECRET_HEADERS]));
    expect(names).toEqual([...new Set(names)]);
    expect(names.length).toBeLessThanOrEqual(100);
  });

  test('redacts no more fields than AWS takes, and protects all headers', () => {
    const headers = Array.from({ length: 120 }, (_, index) => `x-header-${index}`);
    const { template, properties } = rulesOf({ redaction: { headers, path: true, query: true } });

    template.hasResourceProperties('AWS::WAFv2::LoggingConfiguration', {
      RedactedFields: Match.arrayWith([{ QueryString: {} }, { UriPath: {} }]),
    });
    const [logging] = Object.values(template.findResources('AWS::WAFv2::LoggingConfiguration'));
    expect(logging?.['Properties'].RedactedFields).toHaveLength(100);
    expect(JSON.stringify(properties.DataProtectionConfig)).toContain('"x-header-119"');
  });

  test('names a query argument once, in whatever case it is redacted', () => {
    const { properties } = rulesOf({ redaction: { queryArguments: ['Access_Token'] } });
    const [, argument] = properties.DataProtectionConfig.DataProtections;

    expect(argument.Field.FieldKeys.map((name: string) => name.toLowerCase())).toEqual([
      ...new Set(argument.Field.FieldKeys),
    ]);
    expect(argument.Field.FieldKeys.length).toBeLessThanOrEqual(100);
  });

  test('hides an argument by the names that clients write for it', () => {
    const { properties } = rulesOf({ redaction: { queryArguments: ['filter[pin]', 'a b'] } });
    const [, argument] = properties.DataProtectionConfig.DataProtections;

    expect(argument.Field.FieldKeys).toEqual(
      expect.arrayContaining(['filter[pin]', 'filter%5Bpin%5D', 'a b', 'a%20b', 'a+b']),
    );
  });

  test('has no more names in a field than AWS takes, and none that is longer', () => {
    const queryArguments = Array.from({ length: 230 }, (_, index) => `argument${index}`);
    const cookies = ['c'.repeat(65), 'session'];
    const { properties } = rulesOf({ redaction: { queryArguments, cookies } });
    const keys: readonly string[][] = properties.DataProtectionConfig.DataProtections.map(
      ({ Field }: { Field: { FieldKeys: string[] } }) => Field.FieldKeys,
    );

    expect(keys.flat()).toEqual(expect.arrayContaining([...queryArguments, 'session']));
    expect(Math.max(...keys.map(({ length }) => length))).toBe(100);
    expect(Math.max(...keys.flat().map(({ length }) => length))).toBeLessThanOrEqual(64);
  });

  test.each<[string, WebAclRedaction]>([
    ['they are to be redacted', { query: true }],
    ['a name is longer than AWS can hide', { queryArguments: ['n'.repeat(65)] }],
    ['a name is longer as it is sent', { queryArguments: [`${'n'.repeat(60)}[a]`] }],
  ])('has no queries in the log where %s', (_, redaction) => {
    const { properties, template } = rulesOf({ redaction });

    expect(properties.DataProtectionConfig.DataProtections).toContainEqual({
      Action: 'SUBSTITUTION',
      Field: { FieldType: 'QUERY_STRING' },
    });
    template.hasResourceProperties('AWS::WAFv2::LoggingConfiguration', {
      RedactedFields: Match.arrayWith([{ QueryString: {} }]),
    });
    expect(JSON.stringify(rulesOf().template.toJSON())).not.toContain('"FieldType":"QUERY_STRING"');
  });

  test('has paths in the log, unless they are to be redacted', () => {
    const fieldsOf = (props: WebAclProps) =>
      Object.values(rulesOf(props).template.findResources('AWS::WAFv2::LoggingConfiguration'))[0]?.[
        'Properties'
      ].RedactedFields;

    expect(fieldsOf({ redaction: { path: true } })).toContainEqual({ UriPath: {} });
    expect(fieldsOf({})).not.toContainEqual({ UriPath: {} });
  });

  test('writes what the L1 does not convert in the case CloudFormation reads', () => {
    const { template } = rulesOf();

    template.hasResourceProperties('AWS::WAFv2::LoggingConfiguration', {
      RedactedFields: Match.arrayWith([{ SingleHeader: { Name: 'authorization' } }]),
      LoggingFilter: {
        DefaultBehavior: 'DROP',
        Filters: [
          Match.objectLike({
            Behavior: 'KEEP',
            Requirement: 'MEETS_ANY',
            Conditions: Match.arrayWith([{ ActionCondition: { Action: 'BLOCK' } }]),
          }),
        ],
      },
    });
    expect(JSON.stringify(template.toJSON())).not.toMatch(/"(name|singleHeader|defaultBehavior|filters)":/);
  });

  test('logs to a group of the name AWS demands, of this web ACL and of no later one, kept for three months', () => {
    rulesOf().template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: {
        'Fn::Join': [
          '',
          [
            Match.stringLikeRegexp('^aws-waf-logs-'),
            { 'Fn::GetAtt': [Match.stringLikeRegexp('^Acl'), 'Id'] },
          ],
        ],
      },
      RetentionInDays: 90,
    });
  });

  test('fails when the log group has a name AWS does not take', () => {
    const stack = stackOf();
    const logGroup = LogGroup.fromLogGroupName(stack, 'Log', 'waf');

    expect(() => new WebAcl(stack, 'Acl', { logGroup })).toThrow('[LOG_GROUP_NAME]');
  });
});
