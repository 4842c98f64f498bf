import type { LocalGateway } from 'cdk-secure-api-gateway/local';
import type { Stop } from './tour';

/** What became of a stop. */
export interface Outcome {
  readonly stop: Stop;
  readonly status: number;
  /** Stage that decided; `backend` where the request reached the service. */
  readonly stage: string;
  readonly asExpected: boolean;
}

/** Sends the requests one after the other, so that each is decided on its own. */
export async function runTour(gateway: LocalGateway, stops: readonly Stop[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const stop of stops) outcomes.push(await visit(gateway, stop));
  return outcomes;
}

async function visit(gateway: LocalGateway, stop: Stop): Promise<Outcome> {
  const { method, path, headers, body } = stop;
  const response = await fetch(`${gateway.url}${path.slice(1)}`, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'Content-Type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  await response.arrayBuffer();

  const stage = gateway.requests().at(-1)?.refusedBy ?? 'backend';
  const { status } = response;
  return { stop, status, stage, asExpected: status === stop.status && stage === stop.stage };
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
