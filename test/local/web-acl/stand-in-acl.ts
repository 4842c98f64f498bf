import { run } from '../running';
import { proxied } from '../template';

// biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation substitutes them
const STAGE_ARN = { 'Fn::Sub': 'arn:aws:apigateway:${AWS::Region}::/restapis/${Api}/stages/${Stage}' };

const visible = (MetricName: string) => ({ VisibilityConfig: { MetricName } });
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
  {
    Name: 'deny',
    Priority: 1,
    Action: { Block: {} },
    Statement: { IPSetReferenceStatement: { Arn: { 'Fn::GetAtt': ['Denied', 'Arn'] } } },
    ...visible('Deny'),
  },
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
        Denied: { Type: 'AWS::WAFv2::IPSet', Properties: { Addresses: ['203.0.113.0/24'] } },
        Acl: { Type: 'AWS::WAFv2::WebACL', Properties: { DefaultAction: { Allow: {} }, Rules: rules } },
        Association: {
          Type: 'AWS::WAFv2::WebACLAssociation',
          Properties: { WebACLArn: { 'Fn::GetAtt': ['Acl', 'Arn'] }, ResourceArn: STAGE_ARN },
        },
        AclLogs: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'aws-waf-logs-orders' } },
        AclLogging: {
          Type: 'AWS::WAFv2::LoggingConfiguration',
          Properties: {
            ResourceArn: { 'Fn::GetAtt': ['Acl', 'Arn'] },
            LogDestinationConfigs: ['arn:aws:logs:us-east-1:000000000000:log-group:aws-waf-logs-orders'],
          },
        },
      },
    },
    { crs: true, sourceIpHeader: 'x-test-address' },
  );
