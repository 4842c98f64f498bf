import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Authentication } from '../../lib';
import { gatewayStack } from '../fixtures/gateway';

describe('the authorizer', () => {
  const { app, stack } = gatewayStack();
  const template = Template.fromStack(stack);

  test('runs on arm64 and Node 24, with a log group of its own', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Description: 'Authorizer of Orders/Gateway/Authorizer',
      Architectures: ['arm64'],
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      MemorySize: 512,
      LoggingConfig: { LogGroup: { Ref: Match.stringLikeRegexp('AuthorizerLogs') } },
      ReservedConcurrentExecutions: Match.absent(),
    });
  });

  test('takes memory and reserved concurrency', () => {
    const other = gatewayStack({ authorizer: { memorySize: 1024, reservedConcurrency: 50 } });

    Template.fromStack(other.stack).hasResourceProperties('AWS::Lambda::Function', {
      MemorySize: 1024,
      ReservedConcurrentExecutions: 50,
    });
  });

  test('may write its own log, read the key it signs with, and nothing else', () => {
    const policies = Object.entries(template.findResources('AWS::IAM::Policy')).filter(([id]) =>
      id.includes('Authorizer'),
    );

    expect(policies.map(([, { Properties }]) => Properties.PolicyDocument.Statement)).toEqual([
      [
        {
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Effect: 'Allow',
          Resource: { 'Fn::GetAtt': [expect.stringMatching(/AuthorizerLogs/), 'Arn'] },
        },
        {
          Action: 'secretsmanager:GetSecretValue',
          Effect: 'Allow',
          Resource: { Ref: expect.stringMatching(/SigningKeySecret/) },
        },
      ],
    ]);
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [Match.objectLike({ Principal: { Service: 'lambda.amazonaws.com' } })],
      },
      ManagedPolicyArns: Match.absent(),
    });
  });

  test('is invoked by the authorizers of this API only', () => {
    const permissions = Object.keys(template.findResources('AWS::Lambda::Permission'));
    expect(permissions.filter((id) => id.includes('Authorizer'))).toHaveLength(1);
    template.hasResourceProperties('AWS::Lambda::Permission', {
      Principal: 'apigateway.amazonaws.com',
      SourceArn: {
        'Fn::Join': [
          '',
          [
            'arn:',
            { Ref: 'AWS::Partition' },
            ':execute-api:eu-west-1:111111111111:',
            { Ref: Match.stringLikeRegexp('^Gateway') },
            '/authorizers/*',
          ],
        ],
      },
    });
  });

  test('ships the compiled policy beside its code', () => {
    const [handler] = Object.values(
      template.findResources('AWS::Lambda::Function', { Properties: { MemorySize: 512 } }),
    );
    const [hash] = String(handler?.['Properties'].Code.S3Key).split('.');
    const policy = JSON.parse(readFileSync(join(app.outdir, `asset.${hash}`, 'policy.json'), 'utf8'));

    expect(Object.keys(policy.operations)).toEqual(
      expect.arrayContaining(['GET /health', 'GET /orders', 'POST /orders', 'GET /orders/{orderId}']),
    );
    expect(policy.operations['GET /health'].security).toEqual([]);
    expect(policy.operations['GET /orders'].security).toEqual([{ customer: [] }]);
  });

  test('is told how long a revoked credential may work', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: {
          GATEWAY_CONFIGURATION: {
            'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('"revokeWithinSeconds":30')])],
          },
        },
      },
    });
  });

  test('fails when its configuration is larger than Lambda allows', () => {
    const audiences = Array.from({ length: 200 }, (_, index) => `https://audience-${index}.example.com/`);
    const large = gatewayStack({
      authentication: { customer: Authentication.jwt({ issuer: 'https://id.example.com/', audiences }) },
    });

    expect(() => Template.fromStack(large.stack)).toThrow('CONFIGURATION_SIZE');
  });
});
