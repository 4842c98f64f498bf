import { type ReviewFinding, review } from '../../lib/review';
import type { ResourceDefinition } from '../../lib/review/model/template';
import { IDS, propertiesOf, serviceWith } from './service';

const GUARDED = { security: [{ authorizer: [] }] };

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

describe('plain HTTP', () => {
  test.each<[string, ResourceDefinition]>([
    [
      'an integration',
      restApi({ ...GUARDED, 'x-amazon-apigateway-integration': { uri: 'http://orders.example.com' } }),
    ],
    [
      'an integration by reference',
      restApi({
        ...GUARDED,
        'x-amazon-apigateway-integration': { uri: { 'Fn::Join': ['', ['http://', { Ref: 'Name' }]] } },
      }),
    ],
    [
      'an unverified certificate',
      restApi({
        ...GUARDED,
        'x-amazon-apigateway-integration': {
          uri: 'https://orders.example.com',
          tlsConfig: { insecureSkipVerification: true },
        },
      }),
    ],
    [
      'a method',
      resource('AWS::ApiGateway::Method', {
        AuthorizationType: 'AWS_IAM',
        Integration: { Uri: 'http://orders.example.com' },
      }),
    ],
    [
      'a private integration of an HTTP API',
      resource('AWS::ApiGatewayV2::Integration', { ConnectionType: 'VPC_LINK' }),
    ],
    [
      'a listener',
      resource('AWS::ElasticLoadBalancingV2::Listener', {
        Protocol: 'HTTP',
        DefaultActions: [{ Type: 'forward' }],
      }),
    ],
    [
      'a private integration in the document of an HTTP API',
      resource('AWS::ApiGatewayV2::Api', {
        Body: {
          paths: {
            '/': {
              get: {
                'x-amazon-apigateway-auth': { type: 'AWS_IAM' },
                'x-amazon-apigateway-integration': { type: 'http_proxy', connectionType: 'VPC_LINK' },
              },
            },
          },
        },
      }),
    ],
  ])('is found in %s', (_what, definition) => {
    expect(rulesOf({ Thing: definition })).toEqual(['plain-http']);
  });

  test.each<[string, unknown]>([
    ['a parameter', { Ref: 'Uri' }],
    ['a stage variable', `\${stageVariables.uri}`],
    ['a text that begins with one', { 'Fn::Sub': `\${Scheme}://orders.example.com` }],
    ['a join that begins with one', { 'Fn::Join': ['', ['http', { Ref: 'S' }, '://orders.example.com']] }],
    ['a branch', { 'Fn::If': ['Plain', 'http://orders.example.com', 'https://orders.example.com'] }],
  ])('is unknown where the URI is %s', (_what, Uri) => {
    const Integration = { Type: 'HTTP_PROXY', Uri };
    const method = resource('AWS::ApiGateway::Method', { AuthorizationType: 'AWS_IAM', Integration });

    expect(reviewOf({ Method: method })).toEqual([
      expect.objectContaining({ rule: 'plain-http', certainty: 'unknown' }),
    ]);
  });

  test('is found in a listener that redirects by default only', () => {
    const redirect = { Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS' } };
    const listener = resource('AWS::ElasticLoadBalancingV2::Listener', {
      Protocol: 'HTTP',
      DefaultActions: [redirect],
    });
    const rule = (Actions: unknown[]) =>
      resource('AWS::ElasticLoadBalancingV2::ListenerRule', { ListenerArn: { Ref: 'Listener' }, Actions });

    expect(rulesOf({ Listener: listener, Rule: rule([{ Type: 'forward' }]) })).toEqual(['plain-http']);
    expect(rulesOf({ Listener: listener, Rule: rule([redirect]) })).toEqual([]);
  });

  test.each<[string, ResourceDefinition]>([
    [
      'a listener that redirects to https',
      resource('AWS::ElasticLoadBalancingV2::Listener', {
        Protocol: 'HTTP',
        DefaultActions: [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS' } }],
      }),
    ],
    ['a listener with TLS', resource('AWS::ElasticLoadBalancingV2::Listener', { Protocol: 'HTTPS' })],
    [
      'a private integration with a name to verify',
      resource('AWS::ApiGatewayV2::Integration', {
        ConnectionType: 'VPC_LINK',
        TlsConfig: { ServerNameToVerify: 'orders.example.com' },
      }),
    ],
  ])('is not found in %s', (_what, definition) => {
    expect(rulesOf({ Thing: definition })).toEqual([]);
  });
});

describe('wildcard CORS', () => {
  test.each<[string, ResourceDefinition]>([
    [
      'a gateway response of a body',
      restApi(GUARDED, {
        'x-amazon-apigateway-gateway-responses': {
          DEFAULT_4XX: {
            responseParameters: { 'gatewayresponse.header.Access-Control-Allow-Origin': "'*'" },
          },
        },
      }),
    ],
    [
      'a gateway response',
      resource('AWS::ApiGateway::GatewayResponse', {
        ResponseParameters: { 'gatewayresponse.header.access-control-allow-origin': "'*'" },
      }),
    ],
    [
      'a method',
      resource('AWS::ApiGateway::Method', {
        HttpMethod: 'OPTIONS',
        Integration: {
          Type: 'MOCK',
          IntegrationResponses: [
            { ResponseParameters: { 'method.response.header.Access-Control-Allow-Origin': "'*'" } },
          ],
        },
      }),
    ],
    ['an HTTP API', resource('AWS::ApiGatewayV2::Api', { CorsConfiguration: { AllowOrigins: ['*'] } })],
    ['a function URL', resource('AWS::Lambda::Url', { AuthType: 'AWS_IAM', Cors: { AllowOrigins: ['*'] } })],
    [
      'the document of an HTTP API',
      resource('AWS::ApiGatewayV2::Api', { Body: { 'x-amazon-apigateway-cors': { allowOrigins: ['*'] } } }),
    ],
    [
      'every origin of a scheme',
      resource('AWS::ApiGatewayV2::Api', { CorsConfiguration: { AllowOrigins: ['https://*'] } }),
    ],
    ['an origin that is given back', answering('method.request.header.Origin')],
    ['a value in double quotes', answering('"*"')],
    [
      'a mapping template',
      resource('AWS::ApiGateway::GatewayResponse', {
        ResponseTemplates: {
          'application/json': '#set($context.responseOverride.header.Access-Control-Allow-Origin = "*")',
        },
      }),
    ],
  ])('is found in %s', (_what, definition) => {
    expect(rulesOf({ Thing: definition })).toEqual(['wildcard-cors']);
  });

  test('is not an origin that is named, nor one of a list that is given back', () => {
    const template =
      '#set($context.responseOverride.header.Access-Control-Allow-Origin = "https://app.example.com")';

    expect(rulesOf({ Thing: answering("'https://app.example.com'") })).toEqual([]);
    expect(
      rulesOf({
        Thing: resource('AWS::ApiGateway::GatewayResponse', { ResponseTemplates: { x: template } }),
      }),
    ).toEqual([]);
    const named = resource('AWS::ApiGatewayV2::Api', {
      CorsConfiguration: { AllowOrigins: ['https://app.example.com'] },
    });

    expect(rulesOf({ Thing: named })).toEqual([]);
  });
});

describe('an unlogged stage', () => {
  test.each<[string, ResourceDefinition]>([
    ['a stage of a REST API', resource('AWS::ApiGateway::Stage', {})],
    ['a stage of an HTTP API', resource('AWS::ApiGatewayV2::Stage', {})],
    ['a stage that a deployment brings', resource('AWS::ApiGateway::Deployment', { StageName: 'prod' })],
    [
      'a stage whose destination is empty',
      resource('AWS::ApiGateway::Stage', { AccessLogSetting: { DestinationArn: '' } }),
    ],
    [
      'a stage whose destination a condition takes away',
      resource('AWS::ApiGateway::Stage', {
        AccessLogSetting: { DestinationArn: { 'Fn::If': ['Logged', 'arn', { Ref: 'AWS::NoValue' }] } },
      }),
    ],
  ])('is %s', (_what, definition) => {
    expect(rulesOf({ Stage: definition })).toEqual(['unlogged-stage']);
  });

  test('is not one with a destination, nor a deployment without a stage', () => {
    expect(
      rulesOf({
        Stage: resource('AWS::ApiGateway::Stage', {
          AccessLogSetting: { DestinationArn: { 'Fn::GetAtt': ['Logs', 'Arn'] } },
        }),
        Deployment: resource('AWS::ApiGateway::Deployment', {}),
      }),
    ).toEqual([]);
  });
});

/** A method whose answers carry this as the origin that may read them. */
function answering(origin: string): ResourceDefinition {
  return resource('AWS::ApiGateway::Method', {
    AuthorizationType: 'AWS_IAM',
    Integration: {
      IntegrationResponses: [
        { ResponseParameters: { 'method.response.header.Access-Control-Allow-Origin': origin } },
      ],
    },
  });
}

function resource(Type: string, Properties: Record<string, unknown>): ResourceDefinition {
  return { Type, Properties };
}

function restApi(operation: Record<string, unknown>, body: Record<string, unknown> = {}): ResourceDefinition {
  return resource('AWS::ApiGateway::RestApi', {
    Body: {
      paths: { '/': { get: operation } },
      components: {
        securitySchemes: {
          authorizer: { type: 'apiKey', 'x-amazon-apigateway-authorizer': { type: 'request' } },
          key: { type: 'apiKey', name: 'x-api-key', in: 'header' },
        },
      },
      ...body,
    },
  });
}

function reviewOf(Resources: Record<string, ResourceDefinition>): ReviewFinding[] {
  return review([{ stack: 'Stack', template: { Resources } }]);
}

function rulesOf(resources: Record<string, ResourceDefinition>): string[] {
  return [...new Set(reviewOf(resources).map(({ rule }) => rule))];
}
