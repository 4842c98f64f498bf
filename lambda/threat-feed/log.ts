import { FEED_AGE_METRIC } from '../../lib/protocol/threat-feed';

/** What may stand in the log, beside metrics. Anything else is dropped: a feed's address may have a token in it. */
const FIELDS = ['level', 'message', 'network', 'reason', 'by', 'refused'] as const;

/** Members of CloudWatch's embedded metric format. */
const METRICS = ['_aws', 'Function', 'Feed', FEED_AGE_METRIC, 'FeedNetworks'] as const;

const LONGEST_VALUE = 256;

/** One line of the log. */
export function logLine(fields: Readonly<Record<string, unknown>>): string {
  const line: Record<string, unknown> = {};
  for (const field of FIELDS) {
    const value = fields[field];
    if (value !== undefined) line[field] = isCounts(value) ? value : String(value).slice(0, LONGEST_VALUE);
  }
  for (const field of METRICS) if (fields[field] !== undefined) line[field] = fields[field];
  return `${JSON.stringify(line)}\n`;
}

/** How many lines of a feed were left out, by reason: our own words. */
function isCounts(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((count) => typeof count === 'number')
  );
}
