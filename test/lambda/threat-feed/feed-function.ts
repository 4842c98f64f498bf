import { type AwsCall, awsCaller } from '../../../lambda/shared/aws-call';
import { DYNAMODB } from '../../../lambda/shared/dynamodb';
import { FeedStore } from '../../../lambda/threat-feed/feed-store';
import { fetchFeed } from '../../../lambda/threat-feed/fetch-feed';
import { createHandler } from '../../../lambda/threat-feed/handler';
import { IpSets } from '../../../lambda/threat-feed/ip-sets';
import { type Database, startDatabase } from '../../../lib/local/emulated/database';
import type { FeedFormat } from '../../../lib/protocol/threat-feed';
import { FeedServer } from './feed-server';
import { RESOURCES, SETS, TABLE_DEFINITION } from './lists';
import { WafStandIn } from './waf-stand-in';

const CREDENTIALS = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };

/** Serves what a test says, until the last test of the file. */
export let feedServer: FeedServer;
export let dynamodb: AwsCall;
let database: Database;
let tables = 0;
const open = new Set<WafStandIn>();

beforeAll(async () => {
  feedServer = await FeedServer.start();
  database = await startDatabase('dynalite', []);
  dynamodb = awsCaller(DYNAMODB, { ...CREDENTIALS, AWS_ENDPOINT_URL_DYNAMODB: database.endpoint });
});

afterEach(async () => {
  for (const waf of open) await waf.stop();
  open.clear();
});

afterAll(async () => {
  await feedServer.stop();
  await database.close();
});

interface Setting {
  readonly feeds?: readonly { name: string; path: string; format?: FeedFormat }[];
  readonly exempt?: readonly string[];
}

/** A function with a fresh table and fresh sets, for one test. */
export async function start({ feeds = [{ name: 'drop', path: '/drop' }], exempt = [] }: Setting = {}) {
  tables += 1;
  const table = `feeds-${tables}`;
  await dynamodb('CreateTable', { TableName: table, ...TABLE_DEFINITION });
  for (;;) {
    const { Table } = await dynamodb('DescribeTable', { TableName: table });
    if (Object(Table).TableStatus === 'ACTIVE') break;
  }
  const waf = new WafStandIn();
  open.add(waf);
  for (const id of SETS) waf.add(id);
  const wafv2 = awsCaller(
    {
      name: 'wafv2',
      variable: 'WAFV2',
      target: 'AWSWAF_20190729',
      contentType: 'application/x-amz-json-1.1',
    },
    { ...CREDENTIALS, AWS_ENDPOINT_URL_WAFV2: await waf.start() },
  );
  const clock = { now: 1_800_000_000 };
  const lines: Readonly<Record<string, unknown>>[] = [];
  const sets = new IpSets(wafv2, async () => undefined);
  const handler = createHandler({
    configuration: {
      feeds: feeds.map(({ name, path, format = { kind: 'lines' } }) => ({
        name,
        url: feedServer.url(path),
        format,
      })),
      exempt,
    },
    resources: RESOURCES,
    fetchFeed: (url) => fetchFeed(url, { agent: feedServer.agent, timeLimitMillis: 400 }),
    store: new FeedStore(dynamodb, table),
    writeSet: (set, wanted) => sets.write(set, wanted),
    log: (line) => lines.push(line),
    now: () => clock.now,
    functionName: 'feeds',
  });

  return { waf, clock, lines, handler, table };
}

export const GOOD = ['192.88.98.0/24', '198.20.0.0/16', '198.21.0.0/16', '2a10:aaaa::/32'].join('\n');
export const GOOD_4 = ['192.88.98.0/24', '198.20.0.0/15'];
export const GOOD_6 = ['2a10:aaaa::/32'];

/** Hosts of which no two are neighbours. */
export function hostOf(index: number): string {
  return `203.${64 + ((index >> 14) & 127)}.${(index >> 7) & 127}.${(index & 127) * 2 + 1}`;
}
