import type { FunctionByArn } from '../functions/local-function';
import { mayInvoke } from '../functions/may-invoke';
import type { IntegrationModel } from '../model/api';
import { functionArnOf } from '../model/read-functions';
import { requestContext } from '../pipeline/authorizer-event';
import type { Answer, Exchange, Refusal } from '../pipeline/exchange';
import { type HeaderList, headerMaps, queryMaps } from '../pipeline/header-list';
import { mediaTypeOf } from '../pipeline/validate-request';
import { isObject, listOf, numberOf, objectOf, textOf, textsOf } from '../template/read';
import { isBinary } from './payload';

/** AWS_PROXY: the request as it came is the event; `requestParameters` have no effect (aws-facts 13.16). */
export async function callFunction(
  exchange: Exchange,
  integration: IntegrationModel,
  functionOf: FunctionByArn,
): Promise<Answer> {
  const target = functionOf(functionArnOf(integration.uri) ?? '');
  if (!target) return failed('API_CONFIGURATION_ERROR', 'no such function', 'Internal server error');

  const { api, request, match } = exchange;
  const place = `${api.stage.name}/${request.method}${match?.method.resourcePath.replace(/\{[^}]+\}/g, '*') ?? ''}`;
  if (!integration.credentials && !mayInvoke(api, place, target)) {
    return failed(
      'API_CONFIGURATION_ERROR',
      'API Gateway may not invoke the function',
      'Internal server error',
    );
  }

  exchange.note = target.model.logicalId;
  const began = exchange.stopwatch();
  const event = proxyEvent(exchange);
  const invocation = await withTimeout(target.invoke(event), integration.timeoutMillis);
  exchange.variables.set('integration.latency', String(Math.round(exchange.stopwatch() - began)));
  exchange.variables.set('integrationLatency', String(Math.round(exchange.stopwatch() - began)));
  if (invocation === 'timeout') {
    return failed('INTEGRATION_TIMEOUT', `${target.model.logicalId}: time-out`, 'Endpoint request timed out');
  }

  const response = invocation.kind === 'result' ? parseResponse(invocation.value) : undefined;
  // a fault of the function is 502 with the default 5XX response
  return (
    response ??
    failed(
      'MALFORMED_PROXY_RESPONSE',
      `${target.model.logicalId}: ${invocation.kind}`,
      'Internal server error',
    )
  );
}

function proxyEvent(exchange: Exchange): object {
  const { request, match, api } = exchange;
  const headers = headerMaps(request.headers);
  const query = queryMaps(request.query);
  const binary = isBinary(exchange, mediaTypeOf(exchange));
  const hasParameters = Object.keys(match?.pathParameters ?? {}).length > 0;
  return {
    resource: match?.method.resourcePath,
    path: api.domainName ? exchange.contextPath : request.apiPath,
    httpMethod: request.method,
    headers: headers.single,
    multiValueHeaders: headers.multi,
    queryStringParameters: request.query.length > 0 ? query.single : null,
    multiValueQueryStringParameters: request.query.length > 0 ? query.multi : null,
    pathParameters: hasParameters ? match?.pathParameters : null,
    stageVariables: Object.keys(api.stage.variables).length > 0 ? api.stage.variables : null,
    requestContext: match && requestContext(exchange, match.method),
    body: request.body.length > 0 ? request.body.toString(binary ? 'base64' : 'utf8') : null,
    isBase64Encoded: binary && request.body.length > 0,
  };
}

function parseResponse(value: unknown): Answer | undefined {
  if (!isObject(value)) return undefined;

  const status = numberOf(value['statusCode']);
  const body = value['body'] ?? '';
  if (status === undefined || typeof body !== 'string') return undefined;

  const multi: HeaderList = Object.entries(objectOf(value['multiValueHeaders'])).flatMap(([name, values]) =>
    listOf(values).map((item) => [name, textOf(item) ?? String(item)] as const),
  );
  const headers: HeaderList = [...Object.entries(textsOf(value['headers'])), ...multi];
  const named = headers.some(([name]) => name.toLowerCase() === 'content-type');
  return {
    kind: 'response',
    status,
    headers: named ? headers : [['Content-Type', 'application/json'], ...headers],
    body: Buffer.from(body, value['isBase64Encoded'] === true ? 'base64' : 'utf8'),
  };
}

async function withTimeout<T>(work: Promise<T>, millis: number): Promise<T | 'timeout'> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<'timeout'>((settle) => {
    timer = setTimeout(() => settle('timeout'), millis);
  });
  try {
    return await Promise.race([work, expired]);
  } finally {
    clearTimeout(timer);
  }
}

function failed(responseType: string, rule: string, message: string): Refusal {
  return { kind: 'refusal', responseType, message, stage: 'backend', rule };
}
