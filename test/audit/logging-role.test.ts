import { Match, Template } from 'aws-cdk-lib/assertions';
import { gatewayStack } from '../fixtures/gateway';

describe('the logging role', () => {
  const template = Template.fromStack(gatewayStack().stack);

  test('is one that API Gateway can assume, and outlives the stack', () => {
    template.hasResource('AWS::IAM::Role', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        AssumeRolePolicyDocument: {
          Statement: [Match.objectLike({ Principal: { Service: 'apigateway.amazonaws.com' } })],
        },
      },
    });
  });

  test('is set by a function that may pass this role only, and change the account settings only', () => {
    const [policy] = Object.entries(template.findResources('AWS::IAM::Policy')).filter(([id]) =>
      id.startsWith('SecureApiGatewayLoggingRole'),
    );
    const statements: { Action: string | string[]; Resource: unknown }[] =
      policy?.[1]['Properties'].PolicyDocument.Statement;

    expect(statements).toContainEqual(
      expect.objectContaining({
        Action: 'iam:PassRole',
        Resource: { 'Fn::GetAtt': [expect.stringMatching(/^SecureApiGatewayLoggingRole/), 'Arn'] },
      }),
    );
    expect(statements).toContainEqual(
      expect.objectContaining({
        Action: ['apigateway:GET', 'apigateway:PATCH'],
        Resource: {
          'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':apigateway:eu-west-1::/account']],
        },
      }),
    );
    for (const { Resource } of statements) expect(Resource).not.toBe('*');
  });
});
