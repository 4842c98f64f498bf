import type { ApiModel } from '../model/api';
import type { Exchange } from './exchange';

/** The value of a `$context` variable, its name without the prefix; undefined if it has none. */
export function contextVariable(exchange: Exchange, name: string): string | undefined {
  const found = exchange.variables.get(name);
  if (found !== undefined) return found;

  if (name.startsWith('authorizer.')) return authorizerVariable(exchange, name.slice('authorizer.'.length));
  return STANDARD[name]?.(exchange);
}

/** Under which name clients reach the API. */
export function domainNameOf({ domainName, id, region }: ApiModel): string {
  return domainName ?? `${id}.execute-api.${region}.amazonaws.com`;
}

function authorizerVariable({ authorizer }: Exchange, key: string): string | undefined {
  if (!authorizer) return undefined;
  return key === 'principalId' ? authorizer.principalId : authorizer.context[key];
}

const STANDARD: Readonly<Record<string, (exchange: Exchange) => string | undefined>> = {
  accountId: ({ api }) => api.account,
  apiId: ({ api }) => api.id,
  'customDomain.basePathMatched': ({ api }) => (api.domainName ? api.basePath || '(none)' : undefined),
  domainName: ({ api }) => domainNameOf(api),
  domainPrefix: ({ api }) => domainNameOf(api).split('.')[0],
  extendedRequestId: ({ extendedRequestId }) => extendedRequestId,
  httpMethod: ({ request }) => request.method,
  'identity.apiKey': ({ apiKey }) => apiKey?.value,
  'identity.apiKeyId': ({ apiKey }) => apiKey?.id,
  'identity.clientCert.clientCertPem': ({ request }) => request.clientCertificate?.clientCertPem,
  'identity.clientCert.subjectDN': ({ request }) => request.clientCertificate?.subjectDN,
  'identity.clientCert.issuerDN': ({ request }) => request.clientCertificate?.issuerDN,
  'identity.clientCert.serialNumber': ({ request }) => request.clientCertificate?.serialNumber,
  'identity.clientCert.validity.notBefore': ({ request }) => request.clientCertificate?.validity.notBefore,
  'identity.clientCert.validity.notAfter': ({ request }) => request.clientCertificate?.validity.notAfter,
  'identity.sourceIp': ({ request }) => request.sourceIp,
  'identity.userAgent': (exchange) => exchange.header('user-agent'),
  path: ({ contextPath }) => contextPath,
  protocol: ({ request }) => request.protocol,
  requestId: ({ requestId }) => requestId,
  requestTime: ({ startedAt }) => commonLogTime(startedAt),
  requestTimeEpoch: ({ startedAt }) => String(startedAt),
  resourcePath: ({ match }) => match?.method.resourcePath,
  operationName: ({ match }) => match?.method.operationName,
  stage: ({ api }) => api.stage.name,
  tlsVersion: ({ request }) => request.tls?.version,
  cipherSuite: ({ request }) => request.tls?.cipherSuite,
  xrayTraceId: () => undefined,
};

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `22/Nov/2026:04:40:40 +0000` */
function commonLogTime(millis: number): string {
  const [date = '', time = ''] = new Date(millis).toISOString().split('T');
  const [year, month, day] = date.split('-');
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`;
}
