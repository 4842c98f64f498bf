import { aclOf, type Rule, requestOf } from './acl';
import { ALWAYS, NEVER } from './statements';

describe('web ACL log', () => {
  const hidden = {
    DataProtectionConfig: {
      DataProtections: [
        { Action: 'SUBSTITUTION', Field: { FieldType: 'SINGLE_HEADER', FieldKeys: ['authorization'] } },
        { Action: 'SUBSTITUTION', Field: { FieldType: 'SINGLE_COOKIE', FieldKeys: ['session'] } },
        { Action: 'HASH', Field: { FieldType: 'SINGLE_QUERY_ARGUMENT', FieldKeys: ['ssn'] } },
      ],
    },
  };
  const request = requestOf({
    rawQuery: 'a=1&ssn=078-05-1120',
    headers: [
      ['Authorization', 'Bearer secret'],
      ['X-Api-Key', 'secret'],
      ['Cookie', 'a=1; session=secret'],
    ],
  });

  test('has the fields of AWS and shows no secret', () => {
    const acl = aclOf([{ Name: 'all', Statement: ALWAYS }], {
      acl: hidden,
      logging: { RedactedFields: [{ SingleHeader: { Name: 'x-api-key' } }] },
      now: () => 1_700_000_000_000,
    });
    const { logLine } = acl.evaluate(request);

    expect(logLine).toMatchObject({
      timestamp: 1_700_000_000_000,
      formatVersion: 1,
      webaclId: acl.arn,
      terminatingRuleId: 'all',
      terminatingRuleType: 'REGULAR',
      action: 'BLOCK',
      httpSourceName: 'APIGW',
      httpSourceId: '123456789012:api:prod',
      nonTerminatingMatchingRules: [],
      httpRequest: { clientIp: '192.0.2.7', uri: '/prod/orders', httpMethod: 'GET' },
    });
    expect(JSON.stringify(logLine)).not.toMatch(/secret|078-05/);
    expect(logLine).toMatchObject({
      httpRequest: {
        headers: [
          { name: 'Authorization', value: 'REDACTED' },
          { name: 'X-Api-Key', value: 'REDACTED' },
          { name: 'Cookie', value: 'a=1; session=REDACTED' },
        ],
      },
    });
  });

  test('is filtered as configured', () => {
    const LoggingFilter = {
      DefaultBehavior: 'DROP',
      Filters: [
        {
          Behavior: 'KEEP',
          Requirement: 'MEETS_ANY',
          Conditions: [{ ActionCondition: { Action: 'BLOCK' } }, { ActionCondition: { Action: 'COUNT' } }],
        },
      ],
    };
    const logged = (rule: Rule) => aclOf([rule], { logging: { LoggingFilter } }).evaluate(request).logLine;

    expect(logged({ Statement: ALWAYS })).toBeDefined();
    expect(logged({ Statement: ALWAYS, Action: { Count: {} } })).toBeDefined();
    expect(logged({ Statement: NEVER })).toBeUndefined();
  });

  test('is not written where there is no log', () => {
    expect(aclOf([{ Statement: ALWAYS }]).evaluate(request).logLine).toBeUndefined();
  });
});
