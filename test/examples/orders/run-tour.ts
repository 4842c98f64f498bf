import type { Sample } from './sample';
import type { Stop } from './tour';

/** What became of a stop. */
export interface Outcome {
  readonly stop: Stop;
  readonly status: number;
  /** Stage that decided; `service` where the request reached it and was answered. */
  readonly stage: string;
  readonly asExpected: boolean;
}

/** Sends the requests one after the other, so that each is decided on its own. */
export async function runTour(sample: Sample, stops: readonly Stop[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const stop of stops) {
    if (stop.outage) await sample.service.close();
    for (let sent = 1; sent < (stop.times ?? 1); sent += 1) await send(sample, stop);
    outcomes.push(await visit(sample, stop));
  }
  return outcomes;
}

async function visit(sample: Sample, stop: Stop): Promise<Outcome> {
  const status = await send(sample, stop);
  const stage = sample.gateway.requests().at(-1)?.refusedBy ?? 'service';
  return { stop, status, stage, asExpected: status === stop.status && stage === stop.stage };
}

async function send({ gateway }: Sample, { method, path, headers, body }: Stop): Promise<number> {
  const response = await fetch(`${gateway.url}${path.slice(1)}`, {
    method,
    headers: { ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    // longer than API Gateway would ever wait: a tour ends, whatever happens
    signal: AbortSignal.timeout(40_000),
  });
  await response.arrayBuffer();
  return response.status;
}

/** A table for a terminal of any width from 80. */
export function tableOf(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ stop, status, stage, asExpected }) => [
    `${stop.method} ${stop.path}`,
    stop.shows,
    stage,
    asExpected ? String(status) : `${status}, not ${stop.status} by ${stop.stage}`,
  ]);
  const heads = ['request', 'what it shows', 'decided by', 'status'];
  const widths = heads.map((_, column) =>
    Math.max(...[heads, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  return [heads, widths.map((width) => '-'.repeat(width)), ...rows]
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .map((line) => line.trimEnd())
    .join('\n');
}
