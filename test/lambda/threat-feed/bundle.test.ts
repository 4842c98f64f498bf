import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, startDatabase } from '../../../lib/local/emulated/database';
import type { ThreatFeedConfiguration, ThreatFeedResources } from '../../../lib/protocol/threat-feed';
import { FeedServer } from './feed-server';
import { add, RESOURCES, SETS, TABLE_DEFINITION } from './lists';
import { WafStandIn } from './waf-stand-in';

const BUNDLE = join(__dirname, '../../../dist/lambda/threat-feed');
const TABLE = 'lists';

// one message a call; the process ends with its parent
const PROGRAM = `
  const { handler } = require('./index.js');
  const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 120_000 };
  process.on('message', (event) => handler(event, context).then(
    (value) => process.send({ value }),
    (error) => process.send({ error: error.message }),
  ));
`;

describe('the bundle of the threat-feed function', () => {
  const folder = mkdtempSync(join(tmpdir(), 'threat-feed-'));
  let feedServer: FeedServer;
  let database: Database;
  let waf: WafStandIn;
  let child: ChildProcess;

  beforeAll(async () => {
    feedServer = await FeedServer.start();
    database = await startDatabase('dynalite', [{ TableName: TABLE, ...TABLE_DEFINITION }]);
    waf = new WafStandIn();
    for (const id of SETS) waf.add(id);

    const resources: ThreatFeedResources = { ...RESOURCES, table: TABLE };
    const configuration: ThreatFeedConfiguration = {
      feeds: [{ name: 'own', url: feedServer.url('/own'), format: { kind: 'lines' } }],
      exempt: ['203.9.0.0/16'],
    };
    cpSync(BUNDLE, folder, { recursive: true });
    writeFileSync(join(folder, 'feeds.json'), JSON.stringify(configuration));
    writeFileSync(join(folder, 'program.cjs'), PROGRAM);
    writeFileSync(join(folder, 'authority.pem'), String(feedServer.agent.options.ca));
    child = fork(join(folder, 'program.cjs'), {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: {
        THREAT_FEED_RESOURCES: JSON.stringify(resources),
        AWS_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: 'id',
        AWS_SECRET_ACCESS_KEY: 'secret',
        AWS_ENDPOINT_URL_DYNAMODB: database.endpoint,
        AWS_ENDPOINT_URL_WAFV2: await waf.start(),
        NODE_EXTRA_CA_CERTS: join(folder, 'authority.pem'),
      },
    });
  });

  afterAll(async () => {
    child?.kill();
    await Promise.all([feedServer.stop(), database.close(), waf.stop()]);
    rmSync(folder, { recursive: true });
  });

  async function call(event: object): Promise<unknown> {
    child.send(event);
    const [answer] = await once(child, 'message');
    return answer;
  }

  test('fetches feeds, keeps both lists, and does not deny who is exempt', async () => {
    feedServer.serve('/own', '203.5.0.0/16\n');

    await expect(call({ source: 'aws.events' })).resolves.toEqual({ value: { ok: true } });
    await expect(call(add('203.6.7.7'))).resolves.toMatchObject({ value: { ok: true } });
    await expect(call(add('203.9.7.7'))).resolves.toMatchObject({ value: { code: 'EXEMPT_NETWORK' } });

    expect(waf.addresses('feeds-4')).toEqual(['203.5.0.0/16']);
    expect(waf.addresses('attackers-4')).toEqual(['203.6.7.7/32']);
  });

  test('goes on over new connections where the old ones died while it was frozen', async () => {
    waf.dropNext = 1;

    await expect(call(add('203.7.7.7'))).resolves.toMatchObject({ value: { ok: true } });

    expect(waf.addresses('attackers-4')).toEqual(['203.6.7.7/32', '203.7.7.7/32']);
  });
});
