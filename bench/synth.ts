/**
 * Synthesis of a gateway before a generated document, beside an empty app, as whole processes.
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
const document = join(folder, 'openapi.json');
writeFileSync(document, JSON.stringify(generatedDocument(Number(options.operations))));

const empty: number[] = [];
const gateway: number[] = [];
// interleaved: whatever else the machine does befalls both
for (let round = 0; round < Number(options.rounds); round += 1) {
  empty.push(milliseconds([]));
  gateway.push(milliseconds([document]));
}
rmSync(folder, { recursive: true });

const result = {
  benchmark: 'synth',
  node: process.version,
  operations: Number(options.operations),
  rounds: Number(options.rounds),
  emptyMillis: median(empty),
  gatewayMillis: median(gateway),
  ratio: Number((median(gateway) / median(empty)).toFixed(2)),
  target: 2.5,
};

if (options.json) {
  console.log(JSON.stringify(result));
} else {
  console.table({
    'empty app': { 'median ms': result.emptyMillis, ratio: 1 },
    [`gateway, ${result.operations} operations`]: { 'median ms': result.gatewayMillis, ratio: result.ratio },
  });
  console.log(`target: at most ${result.target} times the empty app`);
}

function milliseconds(args: string[]): number {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, [join(__dirname, 'synth-app.cjs'), ...args], {
    encoding: 'utf8',
    env: { ...process.env, CDK_VALIDATION: 'false' },
  });
  if (status !== 0) throw new Error(stderr);
  return Number(process.hrtime.bigint() - start) / 1e6;
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((left, right) => left - right);
  return Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0);
}
