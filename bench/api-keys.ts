// npx tsx bench/api-keys.ts [--json]
//
// An API key from memory, and one read from the store: what the client of the store costs beside the SDK's, and
// what we add to it. The store is a stand-in in a process of its own. Runs on Node 24. Needs `npm ci` in bench/.
import { runOnNode24 } from './on-node-24';
import { printTable } from './rounds';

interface Figures {
  readonly node: string;
  /** Microseconds a decision, the key remembered. */
  readonly remembered: number;
  /** By client: microseconds of wall clock and of CPU a read. */
  readonly reads: Readonly<Record<string, { readonly wall: number; readonly cpu: number }>>;
}

const figures = JSON.parse(runOnNode24('api-keys-worker')) as Figures;
const { node, remembered, reads } = figures;
const cpu = (name: string) => reads[name]?.cpu ?? Number.NaN;
const targets = [
  { name: 'decision by a key in memory, µs', most: 15, measured: remembered },
  {
    name: 'our CPU beside our client, share',
    most: 0.2,
    measured: (cpu('decision, key read by our client') - cpu('our client')) / cpu('our client'),
  },
  { name: "our client's CPU / the SDK's", most: 0.5, measured: cpu('our client') / cpu('SDK') },
];

if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ bench: 'api-keys', ...figures, targets }));
} else {
  console.log(`Node ${node}; decision by a key in memory: ${remembered.toFixed(1)} µs\n`);
  printTable(
    ['µs a read', 'wall', 'CPU'],
    Object.entries(reads).map(([name, { wall, cpu }]) => [name, wall.toFixed(0), cpu.toFixed(0)]),
  );
  console.log('');
  printTable(
    ['target', 'at most', 'measured', ''],
    targets.map(({ name, most, measured }) => [
      name,
      String(most),
      measured.toFixed(2),
      measured <= most ? 'met' : 'MISSED',
    ]),
  );
}
