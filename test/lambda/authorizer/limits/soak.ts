import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { RateLimit } from '../../../../lib/protocol/limits';
import type { WorkerResult, WorkerTask } from './limit-worker';

const PROCESSES = 8;
const SKEW_MILLIS = 50;

export interface SoakResult {
  /** Moments, in microseconds and in order, at which a request was admitted, by key. */
  readonly admitted: ReadonlyMap<string, readonly number[]>;
  readonly decisions: number;
  readonly errors: readonly string[];
}

/** Callers, one for each of `keys`, in eight processes; every other process's clock is ahead. */
export async function soak(
  task: Pick<WorkerTask, 'store' | 'limit' | 'keys' | 'durationMillis'>,
  environment: NodeJS.ProcessEnv = {},
): Promise<SoakResult> {
  const folder = mkdtempSync(join(tmpdir(), 'limit-worker-'));
  const worker = join(folder, 'worker.cjs');
  buildSync({
    entryPoints: [join(__dirname, 'limit-worker.ts')],
    outfile: worker,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  });
  try {
    const results = await Promise.all(
      Array.from({ length: PROCESSES }, (_, index) => {
        const child = fork(worker, { env: { ...process.env, ...environment }, execArgv: [] });
        const keys = task.keys.filter((__, caller) => caller % PROCESSES === index);
        return ask(child, { ...task, keys, skewMillis: index % 2 === 0 ? 0 : SKEW_MILLIS });
      }),
    );
    return gather(results);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function ask(child: ChildProcess, task: WorkerTask): Promise<WorkerResult> {
  return new Promise((resolve, reject) => {
    child.once('message', (result) => resolve(result as WorkerResult));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the worker ended with ${code}`)));
    child.send(task);
  });
}

function gather(results: readonly WorkerResult[]): SoakResult {
  const admitted = new Map<string, number[]>();
  for (const [key, at] of results.flatMap((result) => result.admitted)) {
    admitted.set(key, [...(admitted.get(key) ?? []), at]);
  }
  for (const times of admitted.values()) times.sort((a, b) => a - b);
  return {
    admitted,
    decisions: results.reduce((sum, result) => sum + result.decisions, 0),
    errors: results.flatMap((result) => result.errors),
  };
}

/** Most requests admitted within any window of the limit. */
export function mostInAWindow(times: readonly number[], { perSeconds }: RateLimit): number {
  let most = 0;
  let first = 0;
  for (const [last, time] of times.entries()) {
    while ((times[first] ?? time) <= time - perSeconds * 1_000_000) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
