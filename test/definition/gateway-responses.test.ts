import { gatewayResponses } from '../../lib/definition/gateway-responses';
import { REFUSALS } from '../../lib/protocol/refusals';
import { compiled, minimalDocument } from './minimal-document';

const responses = () => gatewayResponses([]);

describe('gatewayResponses', () => {
  test('answers every refusal of the pipeline with its own status and code', () => {
    for (const { code, status, title, responseTypes } of REFUSALS) {
      for (const type of responseTypes) {
        expect(responses()[type]?.statusCode).toBe(String(status));
        expect(JSON.parse(responses()[type]!.responseTemplates['application/json']!)).toMatchObject({
          type: expect.stringMatching(/^urn:/),
          title,
          status,
          code,
        });
      }
    }
  });

  test('answers unknown paths with 404 and contract violations with 400', () => {
    expect(responses()['MISSING_AUTHENTICATION_TOKEN']?.statusCode).toBe('404');
    expect(responses()['INVALID_API_KEY']?.statusCode).toBe('400');
  });

  test('gives the defaults a body but no status, which would change every other type', () => {
    for (const type of ['DEFAULT_4XX', 'DEFAULT_5XX']) {
      expect(responses()[type]).not.toHaveProperty('statusCode');
      expect(responses()[type]?.responseTemplates['application/json']).toContain('"code"');
    }
  });

  test('lets nothing into a body that a caller can influence', () => {
    const variables = Object.values(responses()).flatMap(({ responseTemplates }) =>
      [...JSON.stringify(responseTemplates).matchAll(/\$[\w.]+/g)].map(([variable]) => variable),
    );

    expect(new Set(variables)).toEqual(new Set(['$context.extendedRequestId', '$context.authorizer.detail']));
  });

  test('marks every answer as a problem, not to be stored or guessed at, on an encrypted host', () => {
    for (const { responseParameters } of Object.values(responses())) {
      expect(responseParameters).toMatchObject({
        'gatewayresponse.header.Content-Type': "'application/problem+json'",
        'gatewayresponse.header.Cache-Control': "'no-store'",
        'gatewayresponse.header.X-Content-Type-Options': "'nosniff'",
        'gatewayresponse.header.Strict-Transport-Security': expect.stringContaining('max-age='),
      });
    }
  });

  test('says when to come back, where it refuses for too many requests', () => {
    for (const type of ['THROTTLED', 'QUOTA_EXCEEDED']) {
      expect(responses()[type]?.responseParameters).toHaveProperty(['gatewayresponse.header.Retry-After']);
    }
  });

  test('challenges for each kind of credential the document takes, with 401 only', () => {
    const { body } = compiled(
      minimalDocument({
        security: [{ jwt: [] }, { key: [] }],
        components: {
          securitySchemes: {
            jwt: { type: 'http', scheme: 'bearer' },
            key: { type: 'apiKey', in: 'header', name: 'X-Key' },
          },
        },
      }),
      { authentication: ['jwt', 'key'] },
    );
    const emitted = body['x-amazon-apigateway-gateway-responses'] as ReturnType<typeof responses>;
    const challenged = Object.entries(emitted).filter(([, { responseParameters }]) =>
      Object.keys(responseParameters).some((name) => name.endsWith('WWW-Authenticate')),
    );

    expect(challenged.map(([type]) => type)).toEqual(['UNAUTHORIZED']);
    expect(emitted['UNAUTHORIZED']?.responseParameters['gatewayresponse.header.WWW-Authenticate']).toBe(
      '\'ApiKey realm="x-key", Bearer\'',
    );
  });
});
