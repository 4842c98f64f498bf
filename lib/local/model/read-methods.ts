import { flagOf, isObject, objectOf, textOf } from '../template/read';
import type { TemplateResolver } from '../template/resolver';
import type { AuthorizerModel, GatewayResponseModel, MethodModel } from './api';
import { authorizerOfResource } from './read-authorizer';
import { gatewayResponseModel } from './read-body';
import { integrationOfMethod } from './read-integration';

/** Methods defined as resources of their own, as `RestApi` and other libraries do. */
export function readMethodResources(resolver: TemplateResolver, apiId: string): readonly MethodModel[] {
  const paths = readPaths(resolver, apiId);
  return resolver.idsOf('AWS::ApiGateway::Method').flatMap((id) => {
    const properties = resolver.properties(id);
    const path = paths.get(textOf(properties['ResourceId']) ?? '');
    if (properties['RestApiId'] !== apiId || path === undefined) return [];

    const operationName = textOf(properties['OperationName']);
    const authorizer = readAuthorizer(resolver, properties);
    return [
      {
        httpMethod: textOf(properties['HttpMethod']) ?? 'ANY',
        resourcePath: path,
        ...(operationName && { operationName }),
        ...(authorizer && { authorizer }),
        apiKeyRequired: flagOf(properties['ApiKeyRequired']),
        validate: readValidator(resolver, properties['RequestValidatorId']),
        requestParameters: Object.fromEntries(
          Object.entries(objectOf(properties['RequestParameters'])).map(([name, required]) => [
            name,
            flagOf(required),
          ]),
        ),
        requestModels: Object.fromEntries(
          Object.entries(objectOf(properties['RequestModels'])).map(([mediaType, model]) => [
            mediaType,
            { $ref: `#/components/schemas/${model}` },
          ]),
        ),
        integration: integrationOfMethod(properties['Integration']),
      },
    ];
  });
}

/** Schemas of `AWS::ApiGateway::Model`, by model name, their references to each other made local. */
export function readModelResources(resolver: TemplateResolver, apiId: string): Record<string, unknown> {
  const schemas: Record<string, unknown> = {};
  for (const id of resolver.idsOf('AWS::ApiGateway::Model')) {
    const properties = resolver.properties(id);
    if (properties['RestApiId'] !== apiId) continue;

    const schema = properties['Schema'];
    schemas[String(resolver.reference(id))] = typeof schema === 'string' ? JSON.parse(schema) : schema;
  }
  return schemas;
}

export function readGatewayResponseResources(
  resolver: TemplateResolver,
  apiId: string,
): Record<string, GatewayResponseModel> {
  return Object.fromEntries(
    resolver.idsOf('AWS::ApiGateway::GatewayResponse').flatMap((id) => {
      const properties = resolver.properties(id);
      if (properties['RestApiId'] !== apiId) return [];
      const response = gatewayResponseModel({
        statusCode: properties['StatusCode'],
        responseParameters: properties['ResponseParameters'],
        responseTemplates: properties['ResponseTemplates'],
      });
      return [[textOf(properties['ResponseType']) ?? '', response]];
    }),
  );
}

/** Full path by resource id; the root resource is `/`. */
function readPaths(resolver: TemplateResolver, apiId: string): ReadonlyMap<string, string> {
  const parents = new Map<string, { readonly parent: string; readonly part: string }>();
  for (const id of resolver.idsOf('AWS::ApiGateway::Resource')) {
    const { RestApiId, ParentId, PathPart } = resolver.properties(id);
    if (RestApiId !== apiId) continue;
    parents.set(String(resolver.reference(id)), { parent: String(ParentId), part: String(PathPart) });
  }

  const pathOf = (id: string): string => {
    const entry = parents.get(id);
    return entry ? `${pathOf(entry.parent)}/${entry.part}` : '';
  };
  const roots = [...parents.values()].map(({ parent }) => parent).filter((id) => !parents.has(id));
  const rootId = resolver
    .idsOf('AWS::ApiGateway::RestApi')
    .filter((id) => resolver.reference(id) === apiId)
    .map((id) => resolver.attribute(id, 'RootResourceId'));
  return new Map([
    ...[...roots, ...rootId].map((id) => [id, '/'] as const),
    ...[...parents.keys()].map((id) => [id, pathOf(id)] as const),
  ]);
}

function readAuthorizer(
  resolver: TemplateResolver,
  properties: Readonly<Record<string, unknown>>,
): AuthorizerModel | undefined {
  const type = textOf(properties['AuthorizationType']) ?? 'NONE';
  if (type === 'NONE') return undefined;

  const id = resolver
    .idsOf('AWS::ApiGateway::Authorizer')
    .find((candidate) => resolver.reference(candidate) === properties['AuthorizerId']);
  return id && type === 'CUSTOM'
    ? authorizerOfResource(resolver, id)
    : { kind: 'unsupported', name: type, type };
}

function readValidator(resolver: TemplateResolver, validatorId: unknown): MethodModel['validate'] {
  const id = resolver
    .idsOf('AWS::ApiGateway::RequestValidator')
    .find(
      (candidate) =>
        isObject(resolver.properties(candidate)) && resolver.reference(candidate) === validatorId,
    );
  const properties = id ? resolver.properties(id) : {};
  return {
    body: flagOf(properties['ValidateRequestBody']),
    parameters: flagOf(properties['ValidateRequestParameters']),
  };
}
