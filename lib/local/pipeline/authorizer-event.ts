import type { MethodModel } from '../model/api';
import { domainNameOf } from './context-variables';
import type { Exchange } from './exchange';
import { headerMaps, queryMaps } from './header-list';

/** ARN of the method that a request is for, as policies name it. */
export function methodArn({ api, request }: Exchange): string {
  const path = (request.apiPath ?? '/').replace(/^\//, '');
  const { region, account, id, stage } = api;
  return `arn:aws:execute-api:${region}:${account}:${id}/${stage.name}/${request.method}/${path}`;
}

/** What a REQUEST authorizer is invoked with. */
export function requestAuthorizerEvent(exchange: Exchange, method: MethodModel): object {
  const { api, request, match } = exchange;
  const headers = headerMaps(request.headers);
  const query = queryMaps(request.query);
  const { clientCertificate } = request;
  return {
    type: 'REQUEST',
    methodArn: methodArn(exchange),
    resource: method.resourcePath,
    path: api.domainName ? exchange.contextPath : (request.apiPath ?? exchange.contextPath),
    httpMethod: request.method,
    headers: headers.single,
    multiValueHeaders: headers.multi,
    queryStringParameters: query.single,
    multiValueQueryStringParameters: query.multi,
    pathParameters: { ...match?.pathParameters },
    stageVariables: { ...api.stage.variables },
    requestContext: requestContext(exchange, method, clientCertificate),
  };
}

export function requestContext(
  exchange: Exchange,
  method: MethodModel,
  clientCert = exchange.request.clientCertificate,
): object {
  const { api, request } = exchange;
  return {
    accountId: api.account,
    apiId: api.id,
    domainName: domainNameOf(api),
    domainPrefix: domainNameOf(api).split('.')[0],
    extendedRequestId: exchange.extendedRequestId,
    httpMethod: request.method,
    identity: {
      sourceIp: request.sourceIp,
      userAgent: exchange.header('user-agent') ?? null,
      ...(exchange.apiKey && { apiKey: exchange.apiKey.value, apiKeyId: exchange.apiKey.id }),
      ...(clientCert && { clientCert }),
    },
    path: exchange.contextPath,
    protocol: request.protocol,
    requestId: exchange.requestId,
    requestTimeEpoch: exchange.startedAt,
    resourcePath: method.resourcePath,
    ...(method.operationName && { operationName: method.operationName }),
    stage: api.stage.name,
    ...(exchange.authorizer && {
      authorizer: { principalId: exchange.authorizer.principalId, ...exchange.authorizer.context },
    }),
  };
}

/** What a TOKEN authorizer is invoked with. */
export function tokenAuthorizerEvent(exchange: Exchange, token: string): object {
  return { type: 'TOKEN', methodArn: methodArn(exchange), authorizationToken: token };
}
