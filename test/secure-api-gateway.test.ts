import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as logs from 'aws-cdk-lib/aws-logs';
import { generatedDocument } from '../bench/generated-document';
import { Backend, LoggingRole, SecureApiGateway, WebAcl } from '../lib';
import {
  CUSTOMER,
  documentOf,
  ENVIRONMENT,
  type FixtureProps,
  gatewayStack,
  loadBalancerIn,
  quickApp,
  SERVER_NAME,
} from './fixtures/gateway';
import { bodyOf } from './fixtures/gateway-body';

describe('SecureApiGateway', () => {
  const template = templateOf();

  test('imports the whole body, overwriting, and fails on any warning', () => {
    template.hasResourceProperties('AWS::ApiGateway::RestApi', {
      Mode: 'overwrite',
      FailOnWarnings: true,
      Parameters: { endpointConfigurationTypes: 'REGIONAL' },
      ApiKeySourceType: Match.absent(),
      DisableExecuteApiEndpoint: Match.absent(),
      Body: Match.objectLike({
        'x-amazon-apigateway-api-key-source': 'AUTHORIZER',
        'x-amazon-apigateway-security-policy': 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09',
        'x-amazon-apigateway-endpoint-access-mode': 'STRICT',
      }),
    });
  });

  test('keeps no placeholder and no operation without authorizer and plan', () => {
    const operations = operationsOf(template);

    expect(operations.length).toBe(4);
    for (const operation of operations) {
      expect(operation['security']).toEqual([{ authorizer: [] }, { plan: [] }]);
      expect(operation['x-amazon-apigateway-integration']).toMatchObject({
        type: 'http_proxy',
        connectionType: 'VPC_LINK',
      });
    }
  });

  test('never lets API Gateway cache what the authorizer decides', () => {
    const { components } = bodyOf(template);

    expect(components.securitySchemes.authorizer).toMatchObject({
      'x-amazon-apigateway-authtype': 'custom',
      'x-amazon-apigateway-authorizer': { type: 'request', authorizerResultTtlInSeconds: 0 },
    });
    expect(components.securitySchemes.authorizer['x-amazon-apigateway-authorizer']).not.toHaveProperty(
      'identitySource',
    );
  });

  test('throttles the stage at 1,000 requests per second by default, and single methods as the document says', () => {
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      StageName: 'prod',
      MethodSettings: [
        Match.objectLike({
          ResourcePath: '/*',
          HttpMethod: '*',
          ThrottlingRateLimit: 1000,
          ThrottlingBurstLimit: 500,
        }),
        Match.objectLike({
          ResourcePath: '/~1orders~1{orderId}',
          HttpMethod: 'GET',
          ThrottlingRateLimit: 10,
        }),
      ],
    });
  });

  test('takes another throttle and stage name', () => {
    templateOf({ throttle: { rate: 10, burst: 5 }, stageName: 'live' }).hasResourceProperties(
      'AWS::ApiGateway::Stage',
      {
        StageName: 'live',
        MethodSettings: Match.arrayWith([
          Match.objectLike({ ResourcePath: '/*', ThrottlingRateLimit: 10, ThrottlingBurstLimit: 5 }),
        ]),
      },
    );
  });

  test('keeps the access log for a year, also when the stack is deleted', () => {
    template.hasResource('AWS::Logs::LogGroup', {
      DeletionPolicy: 'RetainExceptOnCreate',
      Properties: { RetentionInDays: 365 },
    });
    templateOf({ audit: { retention: logs.RetentionDays.ONE_WEEK } }).hasResource('AWS::Logs::LogGroup', {
      DeletionPolicy: 'RetainExceptOnCreate',
      Properties: { RetentionInDays: 7 },
    });
  });

  test('waits for the logging role, unless the account has one', () => {
    const [stage] = Object.values(template.findResources('AWS::ApiGateway::Stage'));
    const [role] = Object.keys(template.findResources('Custom::ApiGatewayLoggingRole'));
    expect(stage?.['DependsOn']).toContain(role);

    const existing = templateOf({ audit: { loggingRole: LoggingRole.EXISTING } });
    existing.resourceCountIs('Custom::ApiGatewayLoggingRole', 0);
    expect(JSON.stringify(existing.findResources('AWS::Lambda::Function'))).not.toContain('logging role');
  });

  test('never touches the account-wide logging role by CloudFormation', () => {
    template.resourceCountIs('AWS::ApiGateway::Account', 0);
  });

  test('associates a web ACL with the stage', () => {
    template.resourceCountIs('AWS::WAFv2::WebACL', 1);
    template.hasResourceProperties('AWS::WAFv2::WebACLAssociation', {
      ResourceArn: Match.objectLike({ 'Fn::Join': Match.anyValue() }),
    });
  });

  test('takes a web ACL that is defined elsewhere in place of its own', () => {
    const arn = 'arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/central/1';
    const { stack, vpc, loadBalancer } = gatewayStack();
    new SecureApiGateway(stack, 'Other', {
      definition: documentOf(),
      authentication: CUSTOMER,
      backends: { orders: Backend.applicationLoadBalancer(loadBalancer, { serverName: SERVER_NAME, vpc }) },
      webAcl: WebAcl.fromWebAclArn(stack, 'Central', arn),
    });

    const both = Template.fromStack(stack);
    both.resourceCountIs('AWS::WAFv2::WebACL', 1);
    both.hasResourceProperties('AWS::WAFv2::WebACLAssociation', { WebACLArn: arn });
  });

  test('lets several gateways of a stack share the logging role', () => {
    const { stack, loadBalancer } = gatewayStack();
    new SecureApiGateway(stack, 'Other', {
      definition: documentOf(),
      authentication: CUSTOMER,
      backends: { orders: Backend.applicationLoadBalancer(loadBalancer, { serverName: SERVER_NAME }) },
    });

    const both = Template.fromStack(stack);
    both.resourceCountIs('Custom::ApiGatewayLoggingRole', 1);
    both.resourceCountIs('AWS::ApiGateway::RestApi', 2);
  });

  test('tells the local gateway which URIs belong to which backend', () => {
    template.hasResource('AWS::ApiGateway::RestApi', {
      Metadata: { 'secure-api-gateway:backends': { orders: { uri: `https://${SERVER_NAME}` } } },
    });
  });

  test('hands out its URL', () => {
    const { stack, gateway } = gatewayStack();

    expect(stack.resolve(gateway.url)).toMatchObject({
      'Fn::Join': ['', expect.arrayContaining(['https://'])],
    });
    expect(Object.keys(Template.fromStack(stack).findOutputs('*'))).toEqual([expect.stringMatching(/Url/)]);
  });

  test('defines the same number of resources for any number of operations', () => {
    const generated = (operations: number) =>
      Object.keys(
        templateOf({
          definition: documentOf(JSON.stringify(generatedDocument(operations))),
        }).toJSON()['Resources'],
      ).length;

    expect(generated(200)).toBe(generated(4));
  });

  test('works with an imported VPC and load balancer', () => {
    const stack = new Stack(quickApp(), 'Orders', { env: ENVIRONMENT });
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1',
      availabilityZones: ['eu-west-1a', 'eu-west-1b'],
      privateSubnetIds: ['subnet-1', 'subnet-2'],
    });
    new SecureApiGateway(stack, 'Gateway', {
      definition: documentOf(),
      authentication: CUSTOMER,
      backends: {
        orders: Backend.applicationLoadBalancer(loadBalancerIn(stack, vpc), { serverName: SERVER_NAME }),
      },
    });

    Template.fromStack(stack).hasResourceProperties('AWS::ApiGatewayV2::VpcLink', {
      SubnetIds: ['subnet-1', 'subnet-2'],
    });
  });
});

function templateOf(props: FixtureProps = {}): Template {
  return Template.fromStack(gatewayStack(props).stack);
}

function operationsOf(template: Template): Record<string, unknown>[] {
  // what the gateway answers itself has no backend to protect
  return Object.entries(bodyOf(template).paths)
    .filter(([path]) => !path.startsWith('/.well-known/'))
    .flatMap(([, operations]) => Object.values(operations));
}
