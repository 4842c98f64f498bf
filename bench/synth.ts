/**
 * Synthesis of a gateway before a generated document, beside an empty app, parts of what it takes, the CDK's own import,
 * and the least that any construct with the same resources can cost, as whole processes: on Node 24 where
 * `npm ci` in bench/ has brought it. Ratios are of the time a user waits; the processor's time, garbage collection
 * beside the program included, tells more on a machine that is busy.
 *
 *     npm run build && npx tsx bench/synth.ts [--operations 1000] [--rounds 9] [--json]
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { generatedDocument } from './generated-document';
import { hasNode24, node24 } from './on-node-24';
import { median, printTable } from './rounds';

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

const FEW = 4;
const TARGET = 2.5;

interface Sample {
  readonly wall: number;
  readonly cpu: number;
}

const node = hasNode24() ? node24() : process.execPath;
const folder = mkdtempSync(join(tmpdir(), 'secure-api-gateway-bench-'));
const operations = Number(options.operations);
const cases = {
  'empty app': ['empty'],
  'imports alone': ['imports'],
  [`document compiled, ${operations} operations`]: ['compiled', documentOf(operations)],
  [`gateway, ${FEW} operations`]: ['gateway', documentOf(FEW)],
  [`gateway, ${operations} operations`]: ['gateway', documentOf(operations)],
  [`SpecRestApi, ${FEW} operations`]: ['specRestApi', documentOf(FEW)],
  [`SpecRestApi, ${operations} operations`]: ['specRestApi', documentOf(operations)],
  'the same resources, ready-made': ['readyMade', readyMade()],
};
const samples = new Map(Object.keys(cases).map((name) => [name, [] as Sample[]]));
// interleaved: whatever else the machine does befalls all
for (let round = 0; round < Number(options.rounds); round += 1) {
  for (const [name, args] of Object.entries(cases)) samples.get(name)?.push(sample(args));
}
const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
rmSync(folder, { recursive: true });

const empty = middle('empty app');
const rows = Object.keys(cases).map((name) => {
  const { wall, cpu } = middle(name);
  return { name, wall, ratio: wall / empty.wall, cpu, cpuRatio: cpu / empty.cpu };
});
const further = { gateway: furtherOperation('gateway'), SpecRestApi: furtherOperation('SpecRestApi') };
if (options.json) {
  console.log(
    JSON.stringify({
      benchmark: 'synth',
      node: version,
      rounds: Number(options.rounds),
      target: TARGET,
      rows,
      further,
    }),
  );
} else {
  console.log(`Node ${version}, target ${TARGET} for ${operations} operations`);
  printTable(
    ['', 'ms', 'ratio', 'CPU ms', 'CPU ratio'],
    rows.map(({ name, wall, ratio, cpu, cpuRatio }) => [
      name,
      wall.toFixed(0),
      ratio.toFixed(2),
      cpu.toFixed(0),
      cpuRatio.toFixed(2),
    ]),
  );
  console.log(
    `each further operation: ${further.gateway.toFixed(3)} ms, of the CDK's own import ${further.SpecRestApi.toFixed(3)} ms`,
  );
}

function middle(name: string): Sample {
  const all = samples.get(name) ?? [];
  return { wall: median(all.map(({ wall }) => wall)), cpu: median(all.map(({ cpu }) => cpu)) };
}

/** Milliseconds that an operation adds, beyond what a few take. */
function furtherOperation(kind: string): number {
  const grown = middle(`${kind}, ${operations} operations`).wall - middle(`${kind}, ${FEW} operations`).wall;
  return grown / (operations - FEW);
}

function documentOf(count: number): string {
  const path = join(folder, `openapi-${count}.json`);
  writeFileSync(path, JSON.stringify(generatedDocument(count)));
  return path;
}

/** The gateway's template, made once beforehand. */
function readyMade(): string {
  const outdir = join(folder, 'assembly');
  sample(['gateway', documentOf(operations), outdir]);
  return join(outdir, 'Orders.template.json');
}

/** Milliseconds of a whole process. */
function sample(args: readonly string[]): Sample {
  const script = join(__dirname, 'synth-app.cjs');
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(
    node,
    ['-r', join(__dirname, 'print-cpu-time.cjs'), script, ...args],
    { encoding: 'utf8', env: { ...process.env, CDK_VALIDATION: 'false' } },
  );
  const wall = performance.now() - start;
  if (status !== 0) throw new Error(stderr);
  return { wall, cpu: Number(stdout.trim().split('\n').at(-1)) / 1000 };
}
