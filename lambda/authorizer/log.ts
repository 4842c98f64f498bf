/** What may stand in the log. Anything else is dropped: an allow-list keeps credentials out by construction. */
const FIELDS = [
  'level',
  'message',
  'reason',
  'status',
  'operation',
  'requestId',
  'scheme',
  'credentialId',
  'sourceIp',
  'failures',
  'detail',
  'error',
] as const;

export type LogFields = { readonly [field in (typeof FIELDS)[number]]?: string | number };

const LONGEST_VALUE = 256;

/** The fields as they may be written. */
export function allowedFields(fields: LogFields): Record<string, string | number> {
  const line: Record<string, string | number> = {};
  for (const field of FIELDS) {
    const value = fields[field];
    if (value !== undefined) line[field] = typeof value === 'string' ? value.slice(0, LONGEST_VALUE) : value;
  }
  return line;
}
