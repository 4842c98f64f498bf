import type { ResourceDefinition } from '../../lib/review/model/template';
import { resource, restApi, rulesOf } from './reviewed';

const GUARDED = { security: [{ authorizer: [] }] };

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
