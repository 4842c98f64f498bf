import { at, type Fields, fieldsOf, listOf, type Resource } from './template';

const METHODS = [
  'get',
  'put',
  'post',
  'delete',
  'options',
  'head',
  'patch',
  'x-amazon-apigateway-any-method',
];

/** One operation of an OpenAPI body. */
export interface BodyOperation {
  readonly name: string;
  readonly path: string;
  readonly method: string;
  readonly operation: Fields;
  readonly integration: Fields;
  /** Alternatives; those of the root where the operation has none. */
  readonly security: readonly Fields[];
}

/** Operations of an API's inline body; none where it has none. */
export function operationsOf({ properties }: Resource): BodyOperation[] {
  const body = properties['Body'];

  return Object.entries(fieldsOf(at(body, 'paths'))).flatMap(([path, item]) =>
    Object.entries(fieldsOf(item))
      .filter(([method]) => METHODS.includes(method.toLowerCase()))
      .map(([method, operation]) => ({
        name: `${method === 'x-amazon-apigateway-any-method' ? 'ANY' : method.toUpperCase()} ${path}`,
        path,
        method,
        operation: fieldsOf(operation),
        integration: fieldsOf(at(operation, 'x-amazon-apigateway-integration')),
        security: listOf(at(operation, 'security') ?? at(body, 'security')).map(fieldsOf),
      })),
  );
}

/** Names of the body's security schemes that authenticate; a plain API key only meters. */
export function authenticatingSchemes({ properties }: Resource): string[] {
  const body = properties['Body'];
  const schemes = {
    ...fieldsOf(at(body, 'components', 'securitySchemes')),
    ...fieldsOf(at(body, 'securityDefinitions')),
  };
  return Object.entries(schemes)
    .filter(
      ([, scheme]) =>
        at(scheme, 'x-amazon-apigateway-authorizer') !== undefined ||
        at(scheme, 'x-amazon-apigateway-authtype') !== undefined,
    )
    .map(([name]) => name);
}

/** Whether the API is one of this library's. */
export function isOurs({ metadata }: Resource): boolean {
  return metadata['secure-api-gateway:backends'] !== undefined;
}
