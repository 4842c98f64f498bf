import type { AuthorizerRequest } from './authorizer-request';

/**
 * Whether the operation takes a body of the type the request names; only the type counts, not its parameters.
 *
 * It must be written as registered, in lower case: whether API Gateway finds the model of another spelling is not
 * known, and a body without model is not validated (aws-facts 4.2).
 */
export function acceptsMediaType(
  mediaTypes: readonly string[] | undefined,
  { headers }: AuthorizerRequest,
): boolean {
  if (mediaTypes === undefined) return true;

  // API Gateway takes a body without a type for JSON (aws-facts 4.4)
  const values = headers['content-type'] ?? ['application/json'];
  const types = new Set(values.map((value) => value.split(';', 1)[0] ?? ''));
  if (types.size !== 1) return false;
  return [...types].every((type) => mediaTypes.some((range) => matches(type, range)));
}

function matches(type: string, range: string): boolean {
  if (type === range) return true;
  if (!/^[^/\s]+\/[^/\s]+$/.test(type)) return false;
  return range === '*/*' || (range.endsWith('/*') && type.startsWith(range.slice(0, -1)));
}
