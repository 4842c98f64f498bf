/**
 * Variables a header may carry to a service: those that every request has. A mapping whose variable is missing is
 * skipped, and a caller's own header of that name would get through (aws-facts 9.4).
 */
const VARIABLES = [
  'accountId',
  'apiId',
  'domainName',
  'extendedRequestId',
  'httpMethod',
  'identity.sourceIp',
  'protocol',
  'requestTime',
  'requestTimeEpoch',
  'resourcePath',
  'stage',
] as const;

const PREFIX = '$context.';

// printable, and no apostrophe: the value stands between two in the mapping
const LITERAL = /^[\x20-\x26\x28-\x7e]+$/;

/** As users write them, for messages. */
export const HEADER_VARIABLES = VARIABLES.map((name) => PREFIX + name).join(', ');

/** Whether a mapping can hold the value: a literal, or `$context.` and one of the variables. */
export function isHeaderValue(value: string): boolean {
  if (!value.startsWith(PREFIX)) return LITERAL.test(value);
  return VARIABLES.some((name) => value === PREFIX + name);
}

/** The source of a mapping that sets a header to the value. */
export function headerSource(value: string): string {
  return value.startsWith(PREFIX) ? value.slice(1) : `'${value}'`;
}
