import type { GatewayResponseModel } from '../model/api';
import type { Exchange, Refusal, Response } from './exchange';
import { sourceValue, substitute } from './substitute';

/** Status of each type, unless the API sets another (aws-facts 3.7). */
const STATUS: Readonly<Record<string, number>> = {
  ACCESS_DENIED: 403,
  API_CONFIGURATION_ERROR: 500,
  AUTHORIZER_CONFIGURATION_ERROR: 500,
  AUTHORIZER_FAILURE: 500,
  BAD_REQUEST_BODY: 400,
  BAD_REQUEST_PARAMETERS: 400,
  EXPIRED_TOKEN: 403,
  INTEGRATION_FAILURE: 504,
  INTEGRATION_TIMEOUT: 504,
  INVALID_API_KEY: 403,
  INVALID_SIGNATURE: 403,
  MISSING_AUTHENTICATION_TOKEN: 403,
  QUOTA_EXCEEDED: 429,
  REQUEST_TOO_LARGE: 413,
  RESOURCE_NOT_FOUND: 404,
  THROTTLED: 429,
  UNAUTHORIZED: 401,
  UNSUPPORTED_MEDIA_TYPE: 415,
  WAF_FILTERED: 403,
  // not a type: the service's answers to requests it does not read
  MALFORMED_PROXY_RESPONSE: 502,
  REQUEST_URI_TOO_LONG: 414,
  REQUEST_HEADERS_TOO_LARGE: 431,
};

/** Types that cannot be customised (aws-facts 3.9). */
const FIXED = new Set(['REQUEST_TOO_LARGE', 'REQUEST_URI_TOO_LONG', 'REQUEST_HEADERS_TOO_LARGE']);

const PLAIN: GatewayResponseModel = {
  responseParameters: {},
  responseTemplates: { 'application/json': '{"message":$context.error.messageString}' },
};

/** Writes the gateway response of a refusal: simple substitution, no template language (aws-facts 3.1). */
export function renderGatewayResponse(exchange: Exchange, refusal: Refusal): Response {
  const { responseType, message, validationError } = refusal;
  exchange.variables.set('error.responseType', responseType);
  exchange.variables.set('error.message', message);
  exchange.variables.set('error.messageString', JSON.stringify(message));
  if (validationError) exchange.variables.set('error.validationErrorString', validationError);

  const { model, status } = chooseModel(exchange, responseType);
  const [mediaType, template] = chooseTemplate(model, exchange.header('accept'));
  exchange.variables.set('status', String(status));
  return {
    kind: 'response',
    status,
    headers: overridden(
      [
        ['Content-Type', mediaType],
        ['x-amzn-ErrorType', ERROR_TYPES[responseType] ?? 'InternalServerErrorException'],
      ],
      renderHeaders(exchange, model),
    ),
    body: Buffer.from(substitute(template, exchange, '')),
    refusedBy: refusal.stage,
    ...(refusal.rule && { rule: refusal.rule }),
  };
}

/** The type's own response; else the default of its class, whose status changes the type's only if it is set. */
function chooseModel(
  { api }: Exchange,
  responseType: string,
): { readonly model: GatewayResponseModel; readonly status: number } {
  const standard = STATUS[responseType] ?? 500;
  if (FIXED.has(responseType)) return { model: PLAIN, status: standard };

  const fallback = api.gatewayResponses[standard < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX'];
  const model = api.gatewayResponses[responseType] ?? fallback ?? PLAIN;
  return { model, status: model.statusCode ?? standard };
}

function chooseTemplate(
  { responseTemplates }: GatewayResponseModel,
  accept: string | undefined,
): readonly [mediaType: string, template: string] {
  const templates = Object.entries(responseTemplates);
  const wanted = (accept ?? '').split(',').map((range) => range.split(';')[0]?.trim().toLowerCase());
  const chosen =
    templates.find(([mediaType]) => wanted.includes(mediaType)) ??
    templates.find(([mediaType]) => mediaType === 'application/json') ??
    templates[0];
  return chosen ?? ['application/json', PLAIN.responseTemplates['application/json'] ?? ''];
}

/** A header that the response sets takes the standard one's place. */
function overridden(
  standard: readonly [string, string][],
  own: readonly [string, string][],
): [string, string][] {
  const names = new Set(own.map(([name]) => name.toLowerCase()));
  return [...standard.filter(([name]) => !names.has(name.toLowerCase())), ...own];
}

function renderHeaders(exchange: Exchange, { responseParameters }: GatewayResponseModel): [string, string][] {
  return Object.entries(responseParameters).flatMap(([target, source]) => {
    const name = /^gatewayresponse\.header\.(.+)$/.exec(target)?.[1];
    const value = sourceValue(exchange, source);
    return name && value !== undefined ? [[name, value] as [string, string]] : [];
  });
}

const ERROR_TYPES: Readonly<Record<string, string>> = {
  ACCESS_DENIED: 'AccessDeniedException',
  AUTHORIZER_CONFIGURATION_ERROR: 'AuthorizerConfigurationException',
  AUTHORIZER_FAILURE: 'AuthorizerFailureException',
  BAD_REQUEST_BODY: 'BadRequestException',
  BAD_REQUEST_PARAMETERS: 'BadRequestException',
  INVALID_API_KEY: 'ForbiddenException',
  MISSING_AUTHENTICATION_TOKEN: 'MissingAuthenticationTokenException',
  QUOTA_EXCEEDED: 'LimitExceededException',
  THROTTLED: 'TooManyRequestsException',
  UNAUTHORIZED: 'UnauthorizedException',
  WAF_FILTERED: 'ForbiddenException',
};
