/**
 * How long documents of growing size take to load and to compile: `npx tsx bench/definition [--json]`.
 *
 * Each size runs in rounds, interleaved, and the best one counts: whatever else the machine does only adds.
 */
import { compile, OpenApiDocument } from '../../lib/definition';
import { generateDocument } from './generate-document';

const OPERATIONS = 250;
const ROUNDS = 15;
const OPTIONS = { authentication: ['jwt'], backends: ['things'] };

const sizes = [1, 2, 4].map((factor) => {
  const text = JSON.stringify(generateDocument(OPERATIONS * factor));
  return { operations: OPERATIONS * factor, bytes: text.length, text, samples: [] as number[] };
});
for (let round = 0; round < ROUNDS; round += 1) {
  for (const { text, samples } of sizes) samples.push(milliseconds(text));
}

const rows = sizes.map(({ operations, bytes, samples }) => ({
  operations,
  bytes,
  milliseconds: Number(Math.min(...samples).toFixed(1)),
  microsecondsPerOperation: Number(((Math.min(...samples) / operations) * 1000).toFixed(0)),
}));
const [first, , last] = rows;
const summary = {
  bench: 'definition',
  node: process.version,
  rows,
  growth: first && last ? Number((last.milliseconds / first.milliseconds).toFixed(2)) : undefined,
};
if (process.argv.includes('--json')) console.log(JSON.stringify(summary));
else {
  console.table(rows);
  console.log(`4 × the operations take ${summary.growth} × the time`);
}

function milliseconds(text: string): number {
  const start = performance.now();
  compile(OpenApiDocument.fromString(text, { path: 'generated.json' }), OPTIONS);
  return performance.now() - start;
}
