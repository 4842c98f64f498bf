// npx tsx bench/identity.ts [--json]
//
// What an identity for a backend costs: signed anew, beside the bare signature of node:crypto over the same bytes,
// and reused. Then what the code for it adds to the authorizer. Runs on Node 24.
// Needs `npm ci` in bench/ and `npm run build:lambda` once.
import { statSync } from 'node:fs';
import { runOnNode24 } from './on-node-24';
import { printTable } from './rounds';

interface Measured {
  readonly node: string;
  readonly microseconds: Readonly<Record<string, number>>;
}

const { node, microseconds } = JSON.parse(runOnNode24('identity-worker')) as Measured;
const raw = microseconds['raw crypto.sign'] ?? Number.NaN;
const target = {
  name: 'identity, signed anew / raw',
  most: 1.3,
  measured: (microseconds['signed anew'] ?? Number.NaN) / raw,
};
const bytes = bundleSizes();

if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ bench: 'identity', node, microseconds, targets: [target], bytes }));
} else {
  console.log(`Node ${node}\n`);
  printTable(
    ['', 'µs', '× raw'],
    Object.entries(microseconds).map(([name, value]) => [name, value.toFixed(2), (value / raw).toFixed(3)]),
  );
  console.log('');
  printTable(
    ['target', 'at most', 'measured', ''],
    [
      [
        target.name,
        String(target.most),
        target.measured.toFixed(3),
        target.measured <= target.most ? 'met' : 'MISSED',
      ],
    ],
  );
  console.log('');
  printTable(
    ['authorizer, minified', 'bytes'],
    Object.entries(bytes).map(([name, value]) => [name, String(value)]),
  );
}

/** The files of the authorizer as they are built. */
function bundleSizes(): Record<string, number> {
  const folder = `${__dirname}/../dist/lambda/authorizer`;
  return {
    'index.js': statSync(`${folder}/index.js`).size,
    'signer.js, which signs and fetches the key': statSync(`${folder}/signer.js`).size,
    'contract-judge.js, loaded by requests with parameters or a body': statSync(`${folder}/contract-judge.js`)
      .size,
  };
}
