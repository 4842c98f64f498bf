/** Something to measure: runs once; may be asynchronous. */
export interface Contender {
  readonly name: string;
  readonly run: () => unknown;
}

const WARM_UP_MILLIS = 150;
const ROUND_MILLIS = 25;

/**
 * Microseconds a run, by contender: the median of many short rounds, taken in turns, so that whatever else the
 * machine does hits all of them alike.
 */
export async function measure(contenders: readonly Contender[], rounds = 31): Promise<Map<string, number>> {
  for (const { run } of contenders) await runFor(run, WARM_UP_MILLIS);

  const samples = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    const turn = contenders.map((_, index) => contenders[(index + round) % contenders.length]);
    for (const contender of turn) {
      if (contender) samples.get(contender.name)?.push(await runFor(contender.run, ROUND_MILLIS));
    }
  }
  return new Map([...samples].map(([name, values]) => [name, median(values)]));
}

async function runFor(run: () => unknown, millis: number): Promise<number> {
  const start = performance.now();
  let count = 0;
  let elapsed = 0;
  while (elapsed < millis) {
    for (let batch = 0; batch < 20; batch += 1) {
      const answer = run();
      if (answer instanceof Promise) await answer;
    }
    count += 20;
    elapsed = performance.now() - start;
  }
  return (elapsed * 1000) / count;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** A table for people. */
export function printTable(headings: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ');
  console.log(line(headings));
  console.log(widths.map((width) => '-'.repeat(width)).join('  '));
  for (const row of rows) console.log(line(row));
}
