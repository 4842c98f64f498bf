import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REFUSALS } from '../../lib/protocol';
import type { Stage } from '../../lib/protocol/refusals';

/** What stands behind an `event.reason`: a refusal's stage and code, or nothing. */
export interface ReasonRow {
  /** Status, verdict, type and code, each of them or `*`; the first row that fits counts. */
  readonly reason: string;
  readonly stage: Stage | 'none';
  readonly code: string;
}

const row = (reason: string, stage: ReasonRow['stage'], code: string): ReasonRow => ({ reason, stage, code });

/** Rows that the table of refusals gives, the exceptions first. */
export const EXPECTED_ROWS: readonly ReasonRow[] = [
  row('400 WAF_BLOCK * *', 'firewall', 'CONTRACT_VIOLATION'),
  row('413 WAF_BLOCK * *', 'firewall', 'PAYLOAD_TOO_LARGE'),
  row('415 WAF_BLOCK * *', 'firewall', 'UNSUPPORTED_MEDIA_TYPE'),
  row('429 WAF_BLOCK * *', 'rate', 'RATE_LIMITED'),
  row('* WAF_BLOCK * *', 'firewall', 'REQUEST_BLOCKED'),
  row('* * - *', 'none', ''),
  row('* * THROTTLED RATE_LIMITED', 'limit', 'RATE_LIMITED'),
  row('* * THROTTLED *', 'plan', 'RATE_LIMITED'),
  row('* * INVALID_API_KEY -', 'plan', 'CONTRACT_VIOLATION'),
  row('* * ACCESS_DENIED CONTRACT_VIOLATION', 'parameters', 'CONTRACT_VIOLATION'),
  ...REFUSALS.flatMap(({ code, stage, responseTypes }) =>
    responseTypes.filter((type) => type !== 'THROTTLED').map((type) => row(`* * ${type} *`, stage, code)),
  ),
  row('* * * *', 'gateway', 'REQUEST_REFUSED'),
];

/** The same as published, for tools to look up. */
export const PUBLISHED_ROWS: readonly ReasonRow[] = readFileSync(
  join(__dirname, '../../docs/refusal-stages.csv'),
  'utf8',
)
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [reason = '', stage = '', code = ''] = line.split(',');
    return { reason, stage: stage as ReasonRow['stage'], code };
  });

/** What a tool that looks up a line of the access log finds. */
export function lookUp(logLine: string): ReasonRow | undefined {
  const parts = String(JSON.parse(logLine).event.reason).split(' ');
  return PUBLISHED_ROWS.find(({ reason }) => {
    const patterns = reason.split(' ');
    return (
      patterns.length === parts.length &&
      patterns.every((pattern, at) => pattern === '*' || pattern === parts[at])
    );
  });
}
