import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { gatewayStack } from './fixtures/gateway';
import { codesOf } from './fixtures/problems';

const ORIGIN = 'https://app.example.com';

const bodyWith = (expected: object) => ({ Body: Match.objectLike(expected) });

describe('cors of a gateway', () => {
  test('is none by default', () => {
    const template = Template.fromStack(gatewayStack().stack);

    expect(JSON.stringify(template.toJSON())).not.toContain('Access-Control');
  });

  test('lets the gateway answer preflights of every path', () => {
    const cors = { origins: [ORIGIN], maxAge: Duration.minutes(5) };

    Template.fromStack(gatewayStack({ cors }).stack).hasResourceProperties(
      'AWS::ApiGateway::RestApi',
      bodyWith({
        paths: Match.objectLike({
          '/orders': Match.objectLike({
            options: Match.objectLike({
              security: Match.absent(),
              'x-amazon-apigateway-integration': Match.objectLike({
                type: 'mock',
                responses: {
                  default: Match.objectLike({
                    responseParameters: Match.objectLike({
                      'method.response.header.Access-Control-Allow-Origin': `'${ORIGIN}'`,
                      'method.response.header.Access-Control-Max-Age': "'300'",
                    }),
                  }),
                },
              }),
            }),
          }),
        }),
      }),
    );
  });

  test('fails with a wildcard', () => {
    expect(codesOf(() => gatewayStack({ cors: { origins: ['*'] } }))).toEqual(['CORS_ORIGIN']);
  });
});
