import { isObject, type Json, listOf, objectOf, textOf, textsOf } from '../template/read';
import type { AuthorizerModel, GatewayResponseModel, MethodModel } from './api';
import { authorizerOfScheme, isPlanScheme } from './read-authorizer';
import { integrationOfExtension } from './read-integration';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'];
const ANY_METHOD = 'x-amazon-apigateway-any-method';

/** What the body of a RestApi says. */
export interface BodyModel {
  readonly methods: readonly MethodModel[];
  readonly schemas: Json;
  readonly gatewayResponses: Readonly<Record<string, GatewayResponseModel>>;
  readonly apiKeySource?: string;
  readonly binaryMediaTypes: readonly string[];
  readonly ignored: readonly string[];
}

/** Reads an OpenAPI 3.0 body as API Gateway imports it. */
export function readBody(body: Json): BodyModel {
  const components = objectOf(body['components']);
  const schemes = objectOf(components['securitySchemes']);
  const ignored: string[] = [];
  if (listOf(body['security']).length > 0) {
    // aws-facts 4.12
    ignored.push('security at the root of the body: only what stands on an operation counts');
  }

  const methods = Object.entries(objectOf(body['paths'])).flatMap(([path, item]) =>
    Object.entries(objectOf(item)).flatMap(([verb, operation]) => {
      if (!METHODS.includes(verb) && verb !== ANY_METHOD) return [];
      return [readMethod(body, schemes, verb === ANY_METHOD ? 'ANY' : verb.toUpperCase(), path, operation)];
    }),
  );
  const source = textOf(body['x-amazon-apigateway-api-key-source']);
  return {
    methods,
    schemas: objectOf(components['schemas']),
    gatewayResponses: readGatewayResponses(body['x-amazon-apigateway-gateway-responses']),
    ...(source && { apiKeySource: source }),
    binaryMediaTypes: listOf(body['x-amazon-apigateway-binary-media-types']).map(String),
    ignored,
  };
}

function readMethod(
  body: Json,
  schemes: Json,
  httpMethod: string,
  resourcePath: string,
  value: unknown,
): MethodModel {
  const operation = objectOf(value);
  const authorizer = readAuthorizer(operation, schemes);
  const operationName = textOf(operation['operationId']);
  return {
    httpMethod,
    resourcePath,
    ...(operationName && { operationName }),
    ...(authorizer && { authorizer }),
    apiKeyRequired: namedSchemes(operation).some((name) => isPlanScheme(schemes[name])),
    validate: readValidator(body, operation),
    requestParameters: readParameters(operation),
    requestModels: readModels(operation),
    integration: integrationOfExtension(operation['x-amazon-apigateway-integration']),
  };
}

function namedSchemes(operation: Json): readonly string[] {
  return listOf(operation['security']).flatMap((alternative) => Object.keys(objectOf(alternative)));
}

function readAuthorizer(operation: Json, schemes: Json): AuthorizerModel | undefined {
  const name = namedSchemes(operation).find((candidate) => !isPlanScheme(schemes[candidate]));
  return name === undefined ? undefined : authorizerOfScheme(name, schemes[name]);
}

function readValidator(body: Json, operation: Json): MethodModel['validate'] {
  const key = 'x-amazon-apigateway-request-validator';
  const name = textOf(operation[key]) ?? textOf(body[key]);
  const validators = objectOf(body['x-amazon-apigateway-request-validators']);
  const { validateRequestBody, validateRequestParameters } = objectOf(name ? validators[name] : undefined);
  return { body: validateRequestBody === true, parameters: validateRequestParameters === true };
}

function readParameters(operation: Json): Record<string, boolean> {
  const places: Json = { path: 'path', query: 'querystring', header: 'header' };
  const parameters: Record<string, boolean> = {};
  for (const parameter of listOf(operation['parameters']).map(objectOf)) {
    const place = textOf(places[textOf(parameter['in']) ?? '']);
    if (place) parameters[`method.request.${place}.${parameter['name']}`] = parameter['required'] === true;
  }
  return parameters;
}

function readModels(operation: Json): Json {
  const content = objectOf(objectOf(operation['requestBody'])['content']);
  return Object.fromEntries(
    Object.entries(content).flatMap(([mediaType, media]) => {
      const schema = objectOf(media)['schema'];
      return isObject(schema) ? [[mediaType, schema]] : [];
    }),
  );
}

export function readGatewayResponses(value: unknown): Record<string, GatewayResponseModel> {
  return Object.fromEntries(
    Object.entries(objectOf(value)).map(([type, response]) => [
      type,
      gatewayResponseModel(objectOf(response)),
    ]),
  );
}

export function gatewayResponseModel(response: Json): GatewayResponseModel {
  const status = Number(response['statusCode']);
  return {
    ...(response['statusCode'] !== undefined && Number.isInteger(status) && { statusCode: status }),
    responseParameters: textsOf(response['responseParameters']),
    responseTemplates: textsOf(response['responseTemplates']),
  };
}
