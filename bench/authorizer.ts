// npx tsx bench/authorizer.ts [--json]
//
// From token to decision, beside the bare signature check of node:crypto and beside other libraries doing the
// same checks (signature, issuer, audience, expiry). Runs on Node 24. Needs `npm ci` in bench/ once.
import { runOnNode24 } from './on-node-24';
import { printTable } from './rounds';

interface Result {
  readonly algorithm: string;
  readonly microseconds: Readonly<Record<string, number>>;
}

const { node, fixed, results } = JSON.parse(runOnNode24('authorizer-worker')) as {
  node: string;
  fixed: number;
  results: Result[];
};

if (process.argv.includes('--json')) {
  console.log(
    JSON.stringify({ bench: 'authorizer', node, fixedMicroseconds: fixed, results, targets: targets() }),
  );
} else {
  console.log(`Node ${node}; handler on a public operation, its fixed cost: ${fixed.toFixed(1)} µs\n`);
  const names = [...new Set(results.flatMap(({ microseconds }) => Object.keys(microseconds)))];
  printTable(
    ['µs (× raw)', ...results.map(({ algorithm }) => algorithm)],
    names.map((name) => [name, ...results.map((result) => cell(result, name))]),
  );
  console.log('');
  printTable(
    ['target', 'at most', 'measured', ''],
    targets().map(({ name, most, measured }) => [
      name,
      String(most),
      measured.toFixed(3),
      measured <= most ? 'met' : 'MISSED',
    ]),
  );
}

function cell({ microseconds }: Result, name: string): string {
  const value = microseconds[name];
  const raw = microseconds['raw crypto.verify'];
  return value === undefined || raw === undefined ? '–' : `${value.toFixed(1)} (${(value / raw).toFixed(2)})`;
}

function targets() {
  const of = (algorithm: string, name: string) =>
    results.find((result) => result.algorithm === algorithm)?.microseconds[name] ?? Number.NaN;
  const ratio = (algorithm: string, name: string, to: string) => of(algorithm, name) / of(algorithm, to);
  return [
    {
      name: 'RS256, token to decision / raw',
      most: 1.6,
      measured: ratio('RS256', 'decision, new token', 'raw crypto.verify'),
    },
    {
      name: 'ES256, token to decision / raw',
      most: 1.3,
      measured: ratio('ES256', 'decision, new token', 'raw crypto.verify'),
    },
    {
      name: 'EdDSA, token to decision / raw',
      most: 1.25,
      measured: ratio('EdDSA', 'decision, new token', 'raw crypto.verify'),
    },
    {
      name: 'RS256, verification / aws-jwt-verify',
      most: 0.7,
      measured: ratio('RS256', 'verification', 'aws-jwt-verify'),
    },
    {
      name: 'token seen before, beyond the fixed cost / raw RS256',
      most: 0.15,
      measured: (of('RS256', 'decision, token seen before') - fixed) / of('RS256', 'raw crypto.verify'),
    },
    ...['jsonwebtoken + jwks-rsa', 'jose', 'fast-jwt'].map((name) => ({
      name: `RS256, verification / ${name}`,
      most: 1,
      measured: ratio('RS256', 'verification', name),
    })),
  ];
}
