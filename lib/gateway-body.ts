import {
  AUTHORIZER_SCHEME,
  type GatewayBody,
  type GatewayOperation,
  type IntegrationPlaceholder,
} from './definition/compiled-api';

/** What the compiled body still lacks: everything that only the template knows. */
export interface BodyParts {
  /** By which API Gateway keeps its metrics. */
  readonly name: string;
  readonly authorizerUri: string;
  readonly securityPolicy: string;
  /** Needed by, and allowed with, an enhanced security policy only (aws-facts 2.4). */
  readonly endpointAccessMode?: string;
  readonly disableDefaultEndpoint: boolean;
  /** Added to every answer of the gateway itself. */
  readonly headers: Readonly<Record<string, string>>;
  /** What of the operation changes, its integration first of all. */
  operationFor(placeholder: IntegrationPlaceholder, operation: GatewayOperation): object;
}

/**
 * The body as the RestApi takes it.
 *
 * It holds everything, the endpoint's settings too: top-level properties of the resource and an overwriting
 * body disagree (aws-facts 13.9).
 */
export function completeBody(body: GatewayBody, parts: BodyParts): Readonly<Record<string, unknown>> {
  return {
    ...body,
    info: { ...body.info, title: parts.name },
    servers: [
      {
        url: '/',
        'x-amazon-apigateway-endpoint-configuration': {
          disableExecuteApiEndpoint: parts.disableDefaultEndpoint,
        },
      },
    ],
    'x-amazon-apigateway-api-key-source': 'AUTHORIZER',
    'x-amazon-apigateway-security-policy': parts.securityPolicy,
    ...(parts.endpointAccessMode && {
      'x-amazon-apigateway-endpoint-access-mode': parts.endpointAccessMode,
    }),
    'x-amazon-apigateway-gateway-responses': mapValues(
      recordOf(body['x-amazon-apigateway-gateway-responses']),
      (response) => withHeaders(recordOf(response), parts.headers),
    ),
    paths: mapValues(body.paths, (operations) =>
      mapValues(operations, (operation) => completeOperation(operation, parts)),
    ),
    components: {
      ...body.components,
      securitySchemes: {
        ...body.components.securitySchemes,
        [AUTHORIZER_SCHEME]: completeAuthorizer(
          body.components.securitySchemes[AUTHORIZER_SCHEME],
          parts.authorizerUri,
        ),
      },
    },
  };
}

function withHeaders(
  response: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> {
  const mapped = Object.entries(headers).map(([name, value]) => [
    `gatewayresponse.header.${name}`,
    `'${value}'`,
  ]);
  return {
    ...response,
    responseParameters: { ...recordOf(response['responseParameters']), ...Object.fromEntries(mapped) },
  };
}

function completeOperation(operation: GatewayOperation, parts: BodyParts): GatewayOperation {
  const integration = operation['x-amazon-apigateway-integration'];
  if (!isPlaceholder(integration)) return operation;

  return { ...operation, ...parts.operationFor(integration, operation) } as GatewayOperation;
}

function isPlaceholder(
  integration: GatewayOperation['x-amazon-apigateway-integration'] | undefined,
): integration is IntegrationPlaceholder {
  return integration?.type === 'placeholder';
}

/**
 * The result is never cached, and there is no identity source: every request is decided on all it carries
 * (aws-facts 5.7, 5.10).
 */
function completeAuthorizer(scheme: unknown, authorizerUri: string): unknown {
  const declared = recordOf(scheme);
  return {
    ...declared,
    'x-amazon-apigateway-authorizer': {
      type: 'request',
      ...recordOf(declared['x-amazon-apigateway-authorizer']),
      authorizerResultTtlInSeconds: 0,
      authorizerUri,
    },
  };
}

function mapValues<T, R>(
  record: Readonly<Record<string, T>>,
  map: (value: T) => R,
): Readonly<Record<string, R>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
