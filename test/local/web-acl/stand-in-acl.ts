import { run } from '../running';
import { proxied } from '../template';
import { deny, guarding, visible } from './guarded';

const group = (Name: string, more: object = {}) => ({
  Statement: { ManagedRuleGroupStatement: { VendorName: 'AWS', Name, ...more } },
});

/** Exempts from one group by label, counts by another, and has one nobody can stand in for. */
const rules = [
  {
    Name: 'exempt',
    Priority: 0,
    Action: { Count: {} },
    RuleLabels: [{ Name: 'exempt:sql' }],
    Statement: { IPSetReferenceStatement: { Arn: { 'Fn::GetAtt': ['Trusted', 'Arn'] } } },
    ...visible('Exempt'),
  },
  deny(1),
  {
    Name: 'reputation',
    Priority: 2,
    OverrideAction: { None: {} },
    ...group('AWSManagedRulesAmazonIpReputationList'),
    ...visible('Reputation'),
  },
  {
    Name: 'php',
    Priority: 3,
    OverrideAction: { Count: {} },
    ...group('AWSManagedRulesPHPRuleSet'),
    ...visible('Php'),
  },
  {
    Name: 'common',
    Priority: 4,
    OverrideAction: { None: {} },
    ...group('AWSManagedRulesCommonRuleSet'),
    ...visible('Common'),
  },
  {
    Name: 'sql',
    Priority: 5,
    OverrideAction: { None: {} },
    ...group('AWSManagedRulesSQLiRuleSet', {
      ScopeDownStatement: {
        NotStatement: { Statement: { LabelMatchStatement: { Scope: 'LABEL', Key: 'exempt:sql' } } },
      },
    }),
    ...visible('Sql'),
  },
];

/** A gateway with these rules, whose managed groups the OWASP rules stand in for. */
export const guarded = () =>
  run(
    {
      operations: {
        'GET /orders': proxied('/orders'),
        'PUT /orders': proxied('/orders'),
        'DELETE /orders': proxied('/orders'),
        'POST /orders': proxied('/orders'),
      },
      gatewayResponses: {
        WAF_FILTERED: {
          statusCode: 403,
          responseTemplates: { 'application/problem+json': '{"code":"REQUEST_BLOCKED"}' },
        },
      },
      resources: {
        Trusted: { Type: 'AWS::WAFv2::IPSet', Properties: { Addresses: ['192.0.2.9/32'] } },
        ...guarding({ Rules: rules }),
      },
    },
    { crs: true, sourceIpHeader: 'x-test-address' },
  );
