import { setTimeout } from 'node:timers/promises';
import type { Sample } from './sample';
import type { Deed, Stop } from './tour';

/** What became of a stop. */
export interface Outcome {
  readonly stop: Stop;
  readonly status: number;
  /** Stage that decided; `service` where the request reached it and was answered. */
  readonly stage: string;
  readonly asExpected: boolean;
}

const PAUSE_MILLIS = 50;

/** Sends the requests one after the other, so that each is decided on its own. */
export async function runTour(
  sample: Sample,
  steps: readonly (Stop | Deed)[],
): Promise<readonly (Outcome | Deed)[]> {
  const outcomes: (Outcome | Deed)[] = [];
  for (const step of steps) {
    if ('command' in step) {
      await step.run();
      outcomes.push(step);
    } else {
      if (step.outage) await sample.service.close();
      for (let sent = 1; sent < (step.times ?? 1); sent += 1) await send(sample, step);
      outcomes.push(await visitInTime(sample, step));
    }
  }
  return outcomes;
}

/** The requests among what was done. */
export function requestsOf(outcomes: readonly (Outcome | Deed)[]): readonly Outcome[] {
  return outcomes.filter((outcome) => 'stop' in outcome);
}

async function visitInTime(sample: Sample, stop: Stop): Promise<Outcome> {
  const deadline = performance.now() + (stop.withinMillis ?? 0);
  for (;;) {
    const isLast = performance.now() >= deadline;
    const outcome = await visit(sample, stop);
    if (outcome.asExpected || isLast) return outcome;
    await setTimeout(Math.min(PAUSE_MILLIS, Math.max(0, deadline - performance.now())));
  }
}

async function visit(sample: Sample, stop: Stop): Promise<Outcome> {
  const { status, headers } = await send(sample, stop);
  const stage = sample.gateway.requests().at(-1)?.refusedBy ?? 'service';
  const { answers } = stop;
  const carries = !answers || headers.get(answers.name) === answers.value;
  return { stop, status, stage, asExpected: status === stop.status && stage === stop.stage && carries };
}

async function send({ gateway }: Sample, { method, path, headers, body }: Stop): Promise<Response> {
  const response = await fetch(`${gateway.url}${path.slice(1)}`, {
    method,
    headers: {
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...(typeof headers === 'function' ? headers() : headers),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    // longer than API Gateway would ever wait: a tour ends, whatever happens
    signal: AbortSignal.timeout(40_000),
  });
  await response.arrayBuffer();
  return response;
}

/** A table for a terminal of any width from 80. */
export function tableOf(outcomes: readonly (Outcome | Deed)[]): string {
  const rows = outcomes.map(rowOf);
  const heads = ['request', 'what it shows', 'decided by', 'status'];
  const widths = heads.map((_, column) =>
    Math.max(...[heads, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  return [heads, widths.map((width) => '-'.repeat(width)), ...rows]
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .map((line) => line.trimEnd())
    .join('\n');
}

function rowOf(outcome: Outcome | Deed): readonly string[] {
  if ('command' in outcome) return [`$ ${outcome.command}`, outcome.shows, '', ''];
  const { stop, status, stage, asExpected } = outcome;
  return [
    `${stop.method} ${stop.path}`,
    stop.shows,
    stage,
    asExpected ? String(status) : `${status}, not ${stop.status} by ${stop.stage}`,
  ];
}
