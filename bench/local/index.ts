/**
 * What the local gateway costs beside a bare Node proxy, and whether its memory stays flat.
 *
 * npx tsx bench/local [--seconds 10] [--soak 60] [--connections 50] [--json]
 */
import { parseArgs } from 'node:util';
import { type LoadResult, load, type Shot } from './load';
import { startServer } from './processes';

const GET: Shot = { method: 'GET', path: 'orders', headers: { Authorization: 'Bearer x' }, status: 200 };
const JSON_TYPE = { 'Content-Type': 'application/json' };
const play = (what: object) => ({ Play: JSON.stringify(what) });

/** One of each outcome. */
const MIX: readonly Shot[] = [
  GET,
  { method: 'POST', path: 'orders', headers: JSON_TYPE, body: '{"sku":"a"}', status: 200 },
  { method: 'POST', path: 'orders', headers: JSON_TYPE, body: '{}', status: 400 },
  { ...GET, headers: play({ fail: 'Unauthorized' }), status: 401 },
  { ...GET, headers: play({ effect: 'Deny' }), status: 403 },
  { ...GET, headers: play({ key: 'nobody' }), status: 403 },
  { ...GET, path: 'nowhere', status: 403 },
];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '10' },
      soak: { type: 'string', default: '60' },
      connections: { type: 'string', default: '50' },
      json: { type: 'boolean', default: false },
    },
  });
  const [seconds, soakSeconds, connections] = [values.seconds, values.soak, values.connections].map(
    Number,
  ) as [number, number, number];
  const backend = await startServer('backend');
  const proxy = await startServer('proxy', backend.url);
  const gateway = await startServer('gateway', backend.url);

  await load(proxy.url, [GET], connections, 2);
  await load(gateway.url, [GET], connections, 2);
  const results = {
    proxyAlone: await load(proxy.url, [GET], 1, seconds / 2),
    gatewayAlone: await load(gateway.url, [GET], 1, seconds / 2),
    proxy: await load(proxy.url, [GET], connections, seconds),
    gateway: await load(gateway.url, [GET], connections, seconds),
  };
  const memory = [await gateway.memory()];
  const soaks: LoadResult[] = [];
  for (let part = 0; part < 6; part += 1) {
    soaks.push(await load(gateway.url, MIX, connections, soakSeconds / 6));
    memory.push(await gateway.memory());
  }
  const soak = {
    seconds: soakSeconds,
    requests: soaks.reduce((sum, { requests }) => sum + requests, 0),
    wrong: soaks.reduce((sum, { wrong }) => sum + wrong, 0),
    memory,
  };
  for (const server of [gateway, proxy, backend]) server.stop();

  if (values.json) console.log(JSON.stringify({ connections, ...results, soak }));
  else print(connections, results, soak);
  process.exitCode = soak.wrong === 0 ? 0 : 1;
}

function print(
  connections: number,
  results: Readonly<Record<string, LoadResult>>,
  soak: {
    readonly seconds: number;
    readonly requests: number;
    readonly wrong: number;
    readonly memory: readonly string[];
  },
): void {
  const names: Readonly<Record<string, string>> = {
    proxyAlone: 'bare proxy, 1 connection',
    gatewayAlone: 'local gateway, 1 connection',
    proxy: `bare proxy, ${connections} connections`,
    gateway: `local gateway, ${connections} connections`,
  };
  console.log(`${''.padEnd(32)}  requests/s   p50 ms   p99 ms   max ms   wrong`);
  for (const [key, { perSecond, p50, p99, max, wrong }] of Object.entries(results)) {
    const cells = [
      perSecond.toFixed(0).padStart(10),
      ...[p50, p99, max].map((value) => value.toFixed(2).padStart(7)),
    ];
    console.log(`${(names[key] ?? key).padEnd(32)}  ${cells.join('  ')}  ${String(wrong).padStart(6)}`);
  }
  console.log(
    `soak: ${soak.requests} requests of 7 kinds in ${soak.seconds} s, ${soak.wrong} wrong; heap/resident MB ${soak.memory.join(', ')}`,
  );
}

main();
