import { type ReviewFinding, review } from '../../lib/review';
import type { ResourceDefinition } from '../../lib/review/model/template';

/** A resource of a template. */
export function resource(Type: string, Properties: Record<string, unknown>): ResourceDefinition {
  return { Type, Properties };
}

/** A REST API with one operation, whose document may hold an authorizer. */
export function restApi(
  operation: Record<string, unknown>,
  body: Record<string, unknown> = {},
): ResourceDefinition {
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

/** What the review says of a stack of these resources. */
export function reviewOf(Resources: Record<string, ResourceDefinition>): ReviewFinding[] {
  return review([{ stack: 'Stack', template: { Resources } }]);
}

/** The rules they break. */
export function rulesOf(resources: Record<string, ResourceDefinition>): string[] {
  return [...new Set(reviewOf(resources).map(({ rule }) => rule))];
}
