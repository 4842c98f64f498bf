import type { ResourceDefinition } from '../../lib/review/model/template';
import { resource, restApi, reviewOf, rulesOf } from './reviewed';

const GUARDED = { security: [{ authorizer: [] }] };

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
