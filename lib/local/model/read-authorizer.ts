import { isObject, numberOf, objectOf, textOf } from '../template/read';
import type { TemplateResolver } from '../template/resolver';
import type { AuthorizerModel } from './api';
import { functionArnOf } from './read-functions';

/** API Gateway's own default (aws-facts 5.6). */
const DEFAULT_RESULT_TTL_SECONDS = 300;

/** An authorizer as a security scheme of the body describes it. */
export function authorizerOfScheme(name: string, scheme: unknown): AuthorizerModel {
  const { 'x-amazon-apigateway-authtype': type, 'x-amazon-apigateway-authorizer': authorizer } =
    objectOf(scheme);
  const details = objectOf(authorizer);
  const kind = textOf(details['type'])?.toLowerCase();
  const header = textOf(objectOf(scheme)['name']);
  return authorizerModel(name, textOf(type) ?? kind ?? 'unknown', {
    // given on import: no template can know it
    id: 'imported',
    kind,
    uri: textOf(details['authorizerUri']),
    identitySource:
      textOf(details['identitySource']) ?? (kind === 'token' ? `method.request.header.${header}` : ''),
    ttl: numberOf(details['authorizerResultTtlInSeconds']),
    validation: textOf(details['identityValidationExpression']),
    credentials: textOf(details['authorizerCredentials']),
  });
}

/** An authorizer that is a resource of its own. */
export function authorizerOfResource(resolver: TemplateResolver, id: string): AuthorizerModel {
  const properties = resolver.properties(id);
  return authorizerModel(textOf(properties['Name']) ?? id, textOf(properties['Type']) ?? 'unknown', {
    id: String(resolver.reference(id)),
    kind: textOf(properties['Type'])?.toLowerCase(),
    uri: textOf(properties['AuthorizerUri']),
    identitySource: textOf(properties['IdentitySource']) ?? '',
    ttl: numberOf(properties['AuthorizerResultTtlInSeconds']),
    validation: textOf(properties['IdentityValidationExpression']),
    credentials: textOf(properties['AuthorizerCredentials']),
  });
}

/** Whether a security scheme is API Gateway's own key check rather than an authorizer. */
export function isPlanScheme(scheme: unknown): boolean {
  return isObject(scheme) && scheme['type'] === 'apiKey' && !scheme['x-amazon-apigateway-authtype'];
}

function authorizerModel(
  name: string,
  type: string,
  details: {
    readonly id: string;
    readonly kind: string | undefined;
    readonly uri: string | undefined;
    readonly identitySource: string;
    readonly ttl: number | undefined;
    readonly validation: string | undefined;
    readonly credentials: string | undefined;
  },
): AuthorizerModel {
  const functionArn = functionArnOf(details.uri ?? '');
  const { kind } = details;
  if ((kind !== 'request' && kind !== 'token') || !functionArn) return { kind: 'unsupported', name, type };

  return {
    kind,
    id: details.id,
    name,
    functionArn,
    identitySources: details.identitySource
      .split(',')
      .map((source) => source.trim())
      .filter((source) => source !== ''),
    resultTtlSeconds: details.ttl ?? DEFAULT_RESULT_TTL_SECONDS,
    ...(details.validation && { validation: details.validation }),
    credentials: details.credentials !== undefined,
  };
}
