import type { AuthorizerRequest } from './authorizer-request';

/** `charset` that says something else than the UTF-8 all JSON is in, and so does whoever validated it. */
const OTHER_CHARSET = /;\s*charset\s*=(?!\s*"?utf-?8"?\s*(?:;|$))/i;

/**
 * Whether the operation takes a body of the type the request names. Of the type's parameters `charset` alone counts:
 * in UTF-7 a service would read another body than the one that was validated.
 *
 * It must be written as registered, in lower case: whether API Gateway finds the model of another spelling is not
 * known, and a body without model is not validated (aws-facts 4.2).
 */
export function acceptsMediaType(mediaTypes: readonly string[], { headers }: AuthorizerRequest): boolean {
  // API Gateway takes a body without a type for JSON (aws-facts 4.4)
  const values = headers['content-type'] ?? ['application/json'];
  const types = new Set(values.map((value) => value.split(';', 1)[0] ?? ''));
  if (types.size !== 1 || values.some((value) => isJson(value) && OTHER_CHARSET.test(value))) return false;
  return [...types].every((type) => mediaTypes.some((range) => matches(type, range)));
}

function isJson(value: string): boolean {
  return /^[^;]+[/+]json(?:;|$)/.test(value);
}

function matches(type: string, range: string): boolean {
  if (type === range) return true;
  if (!/^[^/\s]+\/[^/\s]+$/.test(type)) return false;
  return range === '*/*' || (range.endsWith('/*') && type.startsWith(range.slice(0, -1)));
}
