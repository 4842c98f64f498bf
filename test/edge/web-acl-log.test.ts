import { Match } from 'aws-cdk-lib/assertions';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { WebAcl, type WebAclProps } from '../../lib';
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

  test('names a query argument once, in whatever case it is redacted', () => {
    const { properties } = rulesOf({ redaction: { queryArguments: ['Access_Token'] } });
    const [, argument] = properties.DataProtectionConfig.DataProtections;

    expect(argument.Field.FieldKeys.map((name: string) => name.toLowerCase())).toEqual([
      ...new Set(argument.Field.FieldKeys),
    ]);
    expect(argument.Field.FieldKeys.length).toBeLessThanOrEqual(100);
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
