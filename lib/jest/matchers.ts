import type { RequestRecord } from '../local/logs/request-record';
import { recordOf } from '../local/record-registry';
import type { Stage } from '../protocol/refusals';

/** What the matchers look at: a response of `fetch` from a local gateway of this process, or a record of one. */
export type Subject = RequestRecord | { readonly headers: Headers };

interface MatcherResult {
  readonly pass: boolean;
  message(): string;
}

/**
 * Matchers for requests to a local gateway.
 *
 * @example
 * expect.extend(gatewayMatchers);
 * expect(await fetch(gateway.url)).toBeRefusedBy('authentication');
 */
export const gatewayMatchers = {
  /** The stage refused the request. */
  toBeRefusedBy(subject: Subject, stage: Stage): MatcherResult {
    return judge(subject, (record) => ({
      pass: record.refusedBy === stage,
      wanted: `to be refused by ${stage}`,
    }));
  },

  /** The request passed every stage: its service answered. */
  toReachBackend(subject: Subject): MatcherResult {
    return judge(subject, (record) => ({
      pass: record.refusedBy === undefined,
      wanted: 'to reach its backend',
    }));
  },
};

function judge(
  subject: Subject,
  verdict: (record: RequestRecord) => { readonly pass: boolean; readonly wanted: string },
): MatcherResult {
  const record = 'stages' in subject ? subject : recordOf(subject);
  // thrown, so that `.not` does not take it for a success
  if (!record) throw new Error('this is no response of a local gateway in this process');

  const { pass, wanted } = verdict(record);
  const { method, path, status } = record;
  return {
    pass,
    message: () =>
      `expected ${method} ${path} ${pass ? 'not ' : ''}${wanted}\n\nit came to ${status}:\n${way(record)}`,
  };
}

/** The request's way through the stages, one a line. */
function way({ stages }: RequestRecord): string {
  return stages
    .map(({ stage, verdict, rule }) => `  ${stage.padEnd(14)} ${verdict}${rule ? ` (${rule})` : ''}`)
    .join('\n');
}

declare global {
  namespace jest {
    interface Matchers<R> {
      /** The stage of the local gateway refused the request. */
      toBeRefusedBy(stage: Stage): R;
      /** The request passed every stage of the local gateway. */
      toReachBackend(): R;
    }
  }
}
