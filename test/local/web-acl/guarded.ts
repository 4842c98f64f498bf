// biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation substitutes them
const STAGE_ARN = { 'Fn::Sub': 'arn:aws:apigateway:${AWS::Region}::/restapis/${Api}/stages/${Stage}' };

/** The metric of a rule. */
export const visible = (MetricName: string) => ({ VisibilityConfig: { MetricName } });

/** A web ACL before the stage, a set of networks that its rules may deny, and its log. */
export const guarding = (acl: object, logging: object = {}) => ({
  Denied: { Type: 'AWS::WAFv2::IPSet', Properties: { Addresses: ['203.0.113.0/24'] } },
  Acl: { Type: 'AWS::WAFv2::WebACL', Properties: { DefaultAction: { Allow: {} }, ...acl } },
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
      ...logging,
    },
  },
});

/** Denies the networks of the set. */
export const deny = (Priority: number) => ({
  Name: 'deny',
  Priority,
  Action: { Block: {} },
  Statement: { IPSetReferenceStatement: { Arn: { 'Fn::GetAtt': ['Denied', 'Arn'] } } },
  ...visible('Deny'),
});
