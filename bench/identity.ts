// npx tsx bench/identity.ts [--json]
//
// What an identity for a backend costs: signed anew, beside the bare signature of node:crypto over the same bytes,
// and reused. Then what the code for it adds to the authorizer's bundle. Runs on Node 24. Needs `npm ci` in bench/ once.
import { buildSync } from 'esbuild';
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

/** The authorizer as it is built, and without what fetches the key and signs. */
function bundleSizes(): Record<string, number> {
  return {
    'with signing and the fetch of the key': bundleBytes(),
    'without the fetch of the key': bundleBytes('shared/(aws-call|patient-call)'),
    'without both': bundleBytes('shared/(aws-call|patient-call)|identity/identity-signer'),
  };
}

/** Leaves out the modules whose paths match: they are looked for at run time, which never comes. */
function bundleBytes(without?: string): number {
  const { metafile } = buildSync({
    entryPoints: ['lambda/authorizer/index.ts'],
    absWorkingDir: `${__dirname}/..`,
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    external: ['@aws-sdk/*', './parameters'],
    outfile: 'index.js',
    logLevel: 'warning',
  });
  const pattern = without ? new RegExp(without) : undefined;
  const [output] = Object.values(metafile.outputs);
  return Object.entries(output?.inputs ?? {})
    .filter(([path]) => !pattern?.test(path))
    .reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
}
