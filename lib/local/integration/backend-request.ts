import type { IntegrationModel } from '../model/api';
import type { Exchange } from '../pipeline/exchange';
import type { HeaderList } from '../pipeline/header-list';
import { headerValues } from '../pipeline/header-list';
import type { BackendTarget } from './backend-targets';
import { requestPayload } from './payload';
import { type MappedParameters, mapParameters } from './request-parameters';

/** A request as it goes to a private service. */
export interface BackendRequest {
  readonly target: BackendTarget;
  /** With the query. */
  readonly path: string;
  readonly method: string;
  readonly headers: HeaderList;
  readonly body: Buffer;
}

/** Never forwarded (aws-facts 9.1). */
const DROPPED = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'content-md5',
  'expect',
  'host',
  'keep-alive',
  'max-forwards',
  'proxy-authenticate',
  'server',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
  'www-authenticate',
  'x-forwarded-for',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-amzn-apigateway-api-id',
  'x-amzn-trace-id',
]);

/** The request that an HTTP_PROXY integration makes: the caller's own, changed by the mappings. */
export function proxyRequest(
  exchange: Exchange,
  integration: IntegrationModel,
  target: BackendTarget,
): BackendRequest {
  const { request } = exchange;
  const mapped = mapParameters(exchange, integration);
  const forwarded = request.headers.filter(([name]) => !DROPPED.has(name.toLowerCase()));
  return {
    target,
    path: backendPath(integration, target, mapped, mergeQuery(request.query, mapped.query)),
    method: integration.httpMethod === 'ANY' ? request.method : integration.httpMethod,
    headers: [...replaceHeaders(forwarded, mapped.headers), ...gatewayHeaders(exchange, integration)],
    body: requestPayload(exchange),
  };
}

/** The request that an HTTP integration makes: only what is mapped (aws-facts 9.10). */
export function customRequest(
  exchange: Exchange,
  integration: IntegrationModel,
  target: BackendTarget,
  body: Buffer,
): BackendRequest {
  const mapped = mapParameters(exchange, integration);
  const contentType = exchange.header('content-type') ?? 'application/json';
  return {
    target,
    path: backendPath(integration, target, mapped, mapped.query),
    method: integration.httpMethod === 'ANY' ? exchange.request.method : integration.httpMethod,
    headers: [
      ['User-Agent', `AmazonAPIGateway_${exchange.api.id}`],
      ['Accept', exchange.header('accept') ?? 'application/json'],
      ...(body.length > 0 ? [['Content-Type', contentType] as const] : []),
      ...mapped.headers,
      ...gatewayHeaders(exchange, integration),
    ],
    body,
  };
}

/** A mapped header takes the place of the caller's, whatever the caller's spelling (aws-facts 9.2, 9.6). */
function replaceHeaders(headers: HeaderList, mapped: HeaderList): HeaderList {
  const names = new Set(mapped.map(([name]) => name.toLowerCase()));
  return [...headers.filter(([name]) => !names.has(name.toLowerCase())), ...mapped];
}

/** A mapped query parameter joins the caller's of that name, before it (aws-facts 9.3). */
function mergeQuery(query: HeaderList, mapped: HeaderList): HeaderList {
  const merged = mapped.map(([name, value]) => {
    const own = query.filter(([key]) => key === name).map(([, item]) => item);
    return [name, [value, ...own].join(',')] as const;
  });
  const names = new Set(mapped.map(([name]) => name));
  return [...query.filter(([name]) => !names.has(name)), ...merged];
}

function gatewayHeaders(exchange: Exchange, integration: IntegrationModel): HeaderList {
  const { request, api, extendedRequestId } = exchange;
  const through = headerValues(request.headers, 'x-forwarded-for');
  const trace = Math.floor(exchange.startedAt / 1000).toString(16);
  return [
    ['Host', /^https?:\/\/([^/?]+)/.exec(integration.uri)?.[1] ?? ''],
    ['X-Amzn-Apigateway-Api-Id', api.id],
    [
      'X-Amzn-Trace-Id',
      `Root=1-${trace}-${extendedRequestId.replace(/\W/g, '').padEnd(24, '0').slice(0, 24)}`,
    ],
    ['X-Forwarded-For', [...through, request.sourceIp].join(', ')],
    ['X-Forwarded-Port', '443'],
    ['X-Forwarded-Proto', 'https'],
  ];
}

/** Path and query of the integration's address, its variables filled in. */
function backendPath(
  { uri }: IntegrationModel,
  target: BackendTarget,
  { path }: MappedParameters,
  query: HeaderList,
): string {
  const [template = '', fixedQuery = ''] = uri.slice(target.uri.length).split('?');
  const filled = template.replace(/\{([^}+]+)\+?\}/g, (_whole, name: string) => encodePath(path[name] ?? ''));
  const search = new URLSearchParams([
    ...new URLSearchParams(fixedQuery),
    ...query.map(([name, value]): [string, string] => [name, value]),
  ]).toString();
  // written by hand: URL would take `..` out of the path, and the service is to see what AWS would send
  const base = new URL(target.local).pathname.replace(/\/$/, '');
  return `${base}${filled || '/'}${search ? `?${search}` : ''}`;
}

/** Parameters arrive decoded (aws-facts 4.18): an encoded slash in one is a slash to the service. */
function encodePath(value: string): string {
  return value.split('/').map(encodeURIComponent).join('/');
}
