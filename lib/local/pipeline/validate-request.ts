import type { ApiModel, MethodModel } from '../model/api';
import { BodySchemas } from '../validation/body-schemas';
import type { Exchange, Refusal, Step } from './exchange';
import { sourceValue } from './substitute';

/** The request validator: presence of parameters, then the body against its model (aws-facts 4.1, 4.2). */
export function validateRequest(api: ApiModel): Step {
  const schemas = new BodySchemas(api.schemas);
  return {
    stage: 'body',
    run(exchange) {
      const method = exchange.match?.method;
      if (!method) return undefined;
      return checkParameters(exchange, method) ?? checkBody(exchange, method, schemas);
    },
  };
}

function checkParameters(exchange: Exchange, method: MethodModel): Refusal | undefined {
  if (!method.validate.parameters) return undefined;

  const missing = Object.entries(method.requestParameters)
    .filter(([name, required]) => required && !isPresent(exchange, name))
    .map(([name]) => name.split('.').slice(3).join('.'));
  if (missing.length === 0) return undefined;

  return {
    kind: 'refusal',
    responseType: 'BAD_REQUEST_PARAMETERS',
    message: `Missing required request parameters: [${missing.join(', ')}]`,
    stage: 'parameters',
    rule: 'request validator',
  };
}

/** Only presence is looked at, and blank is not present. */
function isPresent(exchange: Exchange, name: string): boolean {
  return (sourceValue(exchange, name) ?? '').trim() !== '';
}

function checkBody(exchange: Exchange, method: MethodModel, schemas: BodySchemas): Refusal | undefined {
  if (!method.validate.body) return undefined;

  const check = schemas.checkFor(method, mediaTypeOf(exchange));
  if (!check) {
    exchange.note = 'no model for this media type: not validated';
    return undefined;
  }

  const { body } = exchange.request;
  // no body is an empty object (aws-facts 4.8)
  const parsed = body.length === 0 ? { value: {} } : parse(body);
  const problem = parsed ? check(parsed.value) : '[no JSON]';
  if (problem === undefined) return undefined;

  return {
    kind: 'refusal',
    responseType: 'BAD_REQUEST_BODY',
    message: 'Invalid request body',
    stage: 'body',
    rule: problem,
    validationError: problem,
  };
}

/** Without parameters; JSON where the request names none (aws-facts 4.4). */
export function mediaTypeOf(exchange: Exchange): string {
  const contentType = exchange.header('content-type') ?? '';
  return contentType.split(';')[0]?.trim().toLowerCase() || 'application/json';
}

function parse(body: Buffer): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(body.toString('utf8')) };
  } catch {
    return undefined;
  }
}
