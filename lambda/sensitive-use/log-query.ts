import type { AwsCall } from '../shared/aws-call';

export interface QueryDependencies {
  readonly logs: AwsCall;
  readonly wait: (milliseconds: number) => Promise<unknown>;
}

export interface Query {
  readonly logGroup: string;
  readonly text: string;
  /** Seconds of Unix time, both included. */
  readonly from: number;
  readonly until: number;
}

export type Row = Readonly<Record<string, string>>;

const PAUSE_MILLIS = 1_000;
const ATTEMPTS = 120;

/** Runs a query of CloudWatch Logs Insights, and waits for its answer. */
export async function runQuery(
  { logGroup, text, from, until }: Query,
  { logs, wait }: QueryDependencies,
): Promise<Row[]> {
  const { queryId } = await logs('StartQuery', {
    logGroupNames: [logGroup],
    queryString: text,
    startTime: from,
    endTime: until,
  });
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const { status, results } = await logs('GetQueryResults', { queryId });
    if (status === 'Complete') return Array.isArray(results) ? results.map(rowOf) : [];
    if (status !== 'Running' && status !== 'Scheduled') throw new Error(`a query ended as ${String(status)}`);
    await wait(PAUSE_MILLIS);
  }
  throw new Error('a query came to no end');
}

function rowOf(cells: readonly { readonly field: string; readonly value?: string }[]): Row {
  return Object.fromEntries(cells.map(({ field, value = '' }) => [field, value]));
}
