import { review } from '../../lib/review';
import type { ResourceDefinition } from '../../lib/review/model/template';
import { resource, restApi, reviewOf, rulesOf } from './reviewed';
import { IDS, propertiesOf, serviceWith } from './service';

describe('the review', () => {
  test('has nothing to object to in a clean service', () => {
    expect(review(serviceWith(), { dataStores: ['Database'] })).toEqual([]);
  });

  test.each([
    ['arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/orders/1'],
    [{ 'Fn::ImportValue': 'Services:LoadBalancer' }],
    [{ 'Fn::GetStackOutput': { StackName: 'Services', OutputName: 'LoadBalancer' } }],
    [{ Ref: 'LoadBalancerParameter' }],
  ])('says that a load balancer is defined elsewhere: %j', (target) => {
    const findings = review(
      serviceWith((template) => {
        const { paths } = propertiesOf(template, IDS.api)['Body'] as {
          paths: Record<string, Record<string, Record<string, Record<string, unknown>>>>;
        };
        paths['/orders']!['get']!['x-amazon-apigateway-integration']!['integrationTarget'] = target;
      }),
    );

    expect(findings).toEqual([
      expect.objectContaining({
        rule: 'side-door',
        certainty: 'unknown',
        message: expect.stringContaining('elsewhere'),
      }),
    ]);
  });

  test('fails on a data store that is not there', () => {
    expect(() => review(serviceWith(), { dataStores: ['Datebase'] })).toThrow(
      'there is no resource "Datebase"',
    );
  });

  test('names rule, place and remedy', () => {
    expect(reviewOf({ Stage: resource('AWS::ApiGateway::Stage', {}) })).toEqual([
      {
        rule: 'unlogged-stage',
        certainty: 'certain',
        stack: 'Stack',
        logicalId: 'Stage',
        at: 'Stack.Stage',
        location: 'Properties.AccessLogSetting',
        message: 'the stage has no access log',
        remedy: expect.stringMatching(/^give it one/),
      },
    ]);
  });
});

describe('an open operation', () => {
  test.each<[string, ResourceDefinition]>([
    ['an operation without security', restApi({ security: undefined })],
    ['an operation with empty security', restApi({ security: [] })],
    ['an operation whose security is optional', restApi({ security: [{ authorizer: [] }, {}] })],
    ['an operation that an API key only meters', restApi({ security: [{ key: [] }] })],
    ['a method', resource('AWS::ApiGateway::Method', { HttpMethod: 'GET', AuthorizationType: 'NONE' })],
    [
      'a method that an API key only meters',
      resource('AWS::ApiGateway::Method', { HttpMethod: 'GET', ApiKeyRequired: true }),
    ],
    ['a route', resource('AWS::ApiGatewayV2::Route', { RouteKey: 'GET /' })],
    [
      'an operation of an HTTP API',
      resource('AWS::ApiGatewayV2::Api', { Body: { paths: { '/': { get: {} } } } }),
    ],
    [
      'the route that comes with an HTTP API',
      resource('AWS::ApiGatewayV2::Api', { ProtocolType: 'HTTP', Target: 'https://orders.example.com' }),
    ],
    ['a function URL', resource('AWS::Lambda::Url', { AuthType: 'NONE' })],
  ])('is %s', (_what, definition) => {
    expect(rulesOf({ Api: definition })).toEqual(['open-operation']);
  });

  test.each<[string, ResourceDefinition]>([
    ['an operation with an authorizer', restApi({ security: [{ authorizer: [] }] })],
    ['an operation with authorizer and key', restApi({ security: [{ authorizer: [] }, { key: [] }] })],
    [
      'an operation that the root secures',
      restApi({ security: undefined }, { security: [{ authorizer: [] }] }),
    ],
    ['an operation signed by IAM', restApi({ 'x-amazon-apigateway-auth': { type: 'AWS_IAM' } })],
    [
      'a preflight',
      resource('AWS::ApiGateway::Method', {
        HttpMethod: 'OPTIONS',
        AuthorizationType: 'NONE',
        Integration: { Type: 'MOCK' },
      }),
    ],
    ['a method with an authorizer', resource('AWS::ApiGateway::Method', { AuthorizationType: 'CUSTOM' })],
    [
      'a route with an authorizer',
      resource('AWS::ApiGatewayV2::Route', { RouteKey: 'GET /', AuthorizationType: 'JWT' }),
    ],
    ['a signed function URL', resource('AWS::Lambda::Url', { AuthType: 'AWS_IAM' })],
  ])('is not %s', (_what, definition) => {
    expect(rulesOf({ Api: definition })).toEqual([]);
  });

  test('is unknown in a document outside the template, and behind a resource policy', () => {
    const outside = resource('AWS::ApiGateway::RestApi', { BodyS3Location: { Bucket: 'b', Key: 'k' } });
    const restricted = restApi({ security: [] }, { 'x-amazon-apigateway-policy': {} });

    expect(reviewOf({ Api: outside }).map(({ certainty }) => certainty)).toEqual(['unknown']);
    expect(reviewOf({ Api: restricted }).map(({ certainty }) => certainty)).toEqual(['unknown']);
  });

  test.each<[string, ResourceDefinition]>([
    [
      'an HTTP API outside the template',
      resource('AWS::ApiGatewayV2::Api', { BodyS3Location: { Bucket: 'b' } }),
    ],
    ['a parameter', resource('AWS::ApiGateway::Method', { AuthorizationType: { Ref: 'Type' } })],
    [
      'a condition',
      resource('AWS::ApiGateway::Method', { AuthorizationType: { 'Fn::If': ['Open', 'NONE', 'CUSTOM'] } }),
    ],
    [
      'a path that a condition brings',
      resource('AWS::ApiGateway::RestApi', {
        Body: { paths: { '/': { 'Fn::If': ['Open', { get: {} }, { Ref: 'AWS::NoValue' }] } } },
      }),
    ],
    [
      'one of two conditions',
      resource('AWS::ApiGateway::Method', {
        AuthorizationType: { 'Fn::If': ['Closed', 'CUSTOM', { 'Fn::If': ['Open', 'NONE', 'AWS_IAM'] }] },
      }),
    ],
  ])('is unknown in %s', (_what, definition) => {
    expect(reviewOf({ Api: definition })).toEqual([
      expect.objectContaining({ rule: 'open-operation', certainty: 'unknown' }),
    ]);
  });

  test('is certain where both branches of a condition are open', () => {
    const both = { 'Fn::If': ['Open', 'NONE', { Ref: 'AWS::NoValue' }] };

    expect(reviewOf({ Api: resource('AWS::ApiGateway::Method', { AuthorizationType: both }) })).toEqual([
      expect.objectContaining({ rule: 'open-operation', certainty: 'certain' }),
    ]);
  });

  test.each<[string, (body: Record<string, Record<string, unknown>>) => void]>([
    [
      'whose authorizer was made a plain key',
      ({ components }) => {
        (components!['securitySchemes'] as Record<string, unknown>)['authorizer'] = { type: 'apiKey' };
      },
    ],
    [
      'where an empty alternative stands beside them',
      ({ paths }) => {
        const { get } = paths!['/orders'] as Record<string, Record<string, unknown>>;
        get!['security'] = [{ authorizer: [] }, { plan: [] }, {}];
      },
    ],
  ])('is one of ours %s', (_what, amend) => {
    const findings = review(
      serviceWith((template) => {
        const body = propertiesOf(template, IDS.api)['Body'] as Record<string, Record<string, unknown>>;
        amend(body);
      }),
    );

    expect(findings.map(({ message }) => message)).toContain(
      'GET /orders goes to a backend without authorizer and plan',
    );
  });

  test('is one of ours that lost its plan or its authorizer', () => {
    const findings = review(
      serviceWith((template) => {
        const { paths } = propertiesOf(template, IDS.api)['Body'] as {
          paths: Record<string, Record<string, Record<string, unknown>>>;
        };
        paths['/health']!['get']!['security'] = [{ authorizer: [] }];
        paths['/orders']!['get']!['security'] = [{ plan: [] }];
      }),
    );

    expect(findings.map(({ message }) => message)).toEqual([
      'GET /health goes to a backend without authorizer and plan',
      'GET /orders goes to a backend without authorizer and plan',
    ]);
  });
});
