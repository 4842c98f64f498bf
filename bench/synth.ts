/**
 * Synthesis of a gateway before a generated document, beside an empty app, parts of what it takes, the CDK's own import,
 * and the least that any construct with the same resources can cost, as whole processes.
 *
 *     npm run build && npx tsx bench/synth.ts [--operations 1000] [--rounds 9] [--json]
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { generatedDocument } from './generated-document';

const { values: options } = parseArgs({
  options: {
    operations: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '9' },
    json: { type: 'boolean', default: false },
  },
});

if (!existsSync(join(__dirname, '../dist/lib/index.js'))) {
  throw new Error('bench/synth.ts measures the built package: run npm run build first');
}

const folder = mkdtempSync(join(tmpdir(), 'secure-api-gateway-bench-'));
const operations = Number(options.operations);
const cases = {
  'empty app': ['empty'],
  'imports alone': ['imports'],
  [`document compiled, ${operations} operations`]: ['compiled', documentOf(operations)],
  'gateway, 4 operations': ['gateway', documentOf(4)],
  [`gateway, ${operations} operations`]: ['gateway', documentOf(operations)],
  [`SpecRestApi, ${operations} operations`]: ['specRestApi', documentOf(operations)],
  'the same resources, ready-made': ['readyMade', readyMade()],
};
const times = new Map(Object.keys(cases).map((name) => [name, [] as number[]]));
// interleaved: whatever else the machine does befalls all
for (let round = 0; round < Number(options.rounds); round += 1) {
  for (const [name, args] of Object.entries(cases)) times.get(name)?.push(milliseconds(args));
}
rmSync(folder, { recursive: true });

const empty = median(times.get('empty app') ?? []);
const rows = [...times].map(([name, all]) => ({
  name,
  millis: Math.round(median(all)),
  ratio: Number((median(all) / empty).toFixed(2)),
}));
if (options.json) {
  console.log(
    JSON.stringify({
      benchmark: 'synth',
      node: process.version,
      rounds: Number(options.rounds),
      target: 2.5,
      rows,
    }),
  );
} else {
  console.table(
    Object.fromEntries(rows.map(({ name, millis, ratio }) => [name, { 'CPU ms': millis, ratio }])),
  );
}

function documentOf(count: number): string {
  const path = join(folder, `openapi-${count}.json`);
  writeFileSync(path, JSON.stringify(generatedDocument(count)));
  return path;
}

/** The gateway's template, made once beforehand. */
function readyMade(): string {
  const outdir = join(folder, 'assembly');
  milliseconds(['gateway', documentOf(operations), outdir]);
  return join(outdir, 'Orders.template.json');
}

/** Processor time of a whole process, which other work on the machine disturbs less than its duration. */
function milliseconds(args: readonly string[]): number {
  const script = join(__dirname, 'synth-app.cjs');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['-r', join(__dirname, 'print-cpu-time.cjs'), script, ...args],
    { encoding: 'utf8', env: { ...process.env, CDK_VALIDATION: 'false' } },
  );
  if (status !== 0) throw new Error(stderr);
  return Number(stdout.trim().split('\n').at(-1)) / 1000;
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
