import type { AuthorizerEvent } from '../../../lambda/authorizer/handler';

export interface EventOptions {
  readonly method?: string;
  readonly resource?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly query?: Readonly<Record<string, string[]>>;
  readonly path?: Readonly<Record<string, string>>;
  readonly sourceIp?: string;
  readonly certificate?: string;
}

/** An event as API Gateway sends it to a REQUEST authorizer of a REST API. */
export function authorizerEvent({
  method = 'GET',
  resource = '/orders',
  headers = {},
  query = {},
  path = {},
  sourceIp = '192.0.2.1',
  certificate,
}: EventOptions = {}): AuthorizerEvent {
  const multiValueHeaders = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value].flat()]),
  );
  const event = {
    type: 'REQUEST',
    methodArn: `arn:aws:execute-api:eu-west-1:123456789012:api123/prod/${method}${resource}`,
    resource,
    path: resource,
    httpMethod: method,
    headers: lastOf(multiValueHeaders),
    multiValueHeaders,
    queryStringParameters: lastOf(query),
    multiValueQueryStringParameters: query,
    pathParameters: path,
    stageVariables: {},
    requestContext: {
      apiId: 'api123',
      requestId: 'request-1',
      extendedRequestId: 'extended-1',
      resourcePath: resource,
      httpMethod: method,
      stage: 'prod',
      identity: { sourceIp, clientCert: certificate ? { clientCertPem: certificate } : null },
    },
  };
  return event as unknown as AuthorizerEvent;
}

const lastOf = (values: Readonly<Record<string, string[]>>) =>
  Object.fromEntries(Object.entries(values).map(([name, list]) => [name, list.at(-1)]));
