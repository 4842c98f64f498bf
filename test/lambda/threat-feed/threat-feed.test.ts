import type { IncomingHttpHeaders, Server } from 'node:http';
import { Agent } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { type AwsCall, awsCaller } from '../../../lambda/shared/aws-call';
import { FeedStore } from '../../../lambda/threat-feed/feed-store';
import { fetchFeed } from '../../../lambda/threat-feed/fetch-feed';
import { createHandler } from '../../../lambda/threat-feed/handler';
import { IpSets } from '../../../lambda/threat-feed/ip-sets';
import type { FeedFormat } from '../../../lib/protocol/threat-feed';
import { type Behaviour, FeedServer } from './feed-server';
import { WafStandIn } from './waf-stand-in';

const CREDENTIALS = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };
const FEEDS_4 = 'feeds-4';
const FEEDS_6 = 'feeds-6';
const ATTACKERS_4 = 'attackers-4';
const ATTACKERS_6 = 'attackers-6';

const pair = (name: string) => ({
  ipv4: { name, id: `${name}-4` },
  ipv6: { name, id: `${name}-6` },
});

let feedServer: FeedServer;
let database: Server;
let dynamodb: AwsCall;
let tables = 0;

beforeAll(async () => {
  feedServer = await FeedServer.start();
  // dynalite has no types
  database = require('dynalite')({ createTableMs: 0, deleteTableMs: 0 });
  await new Promise<void>((done) => database.listen(0, '127.0.0.1', done));
  dynamodb = awsCaller(
    {
      name: 'dynamodb',
      variable: 'DYNAMODB',
      target: 'DynamoDB_20120810',
      contentType: 'application/x-amz-json-1.0',
    },
    {
      ...CREDENTIALS,
      AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${(database.address() as AddressInfo).port}`,
    },
  );
});

afterAll(async () => {
  await feedServer.stop();
  database.closeAllConnections();
  await new Promise((done) => database.close(done));
});

interface Setting {
  readonly feeds?: readonly { name: string; path: string; format?: FeedFormat }[];
  readonly exempt?: readonly string[];
}

/** A function with a fresh table and fresh sets. */
async function setUp({ feeds = [{ name: 'drop', path: '/drop' }], exempt = [] }: Setting = {}) {
  tables += 1;
  const table = `feeds-${tables}`;
  await dynamodb('CreateTable', {
    TableName: table,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
    ],
  });
  for (;;) {
    const { Table } = await dynamodb('DescribeTable', { TableName: table });
    if (Object(Table).TableStatus === 'ACTIVE') break;
  }
  const waf = new WafStandIn();
  for (const id of [FEEDS_4, FEEDS_6, ATTACKERS_4, ATTACKERS_6]) waf.add(id);
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
    resources: { feeds: pair('feeds'), attackers: pair('attackers') },
    fetchFeed: (url) => fetchFeed(url, { agent: feedServer.agent, timeLimitMillis: 400 }),
    store: new FeedStore(dynamodb, table),
    writeSet: (set, wanted) => sets.write(set, wanted),
    log: (line) => lines.push(line),
    now: () => clock.now,
    functionName: 'feeds',
  });

  return { waf, clock, lines, handler, table, close: () => waf.stop() };
}

const GOOD = ['192.88.98.0/24', '198.20.0.0/16', '198.21.0.0/16', '2a10:aaaa::/32'].join('\n');
const GOOD_4 = ['192.88.98.0/24', '198.20.0.0/15'];
const GOOD_6 = ['2a10:aaaa::/32'];

type SetUp = Awaited<ReturnType<typeof setUp>>;

describe('threat feed', () => {
  let subject: SetUp;

  const start = async (setting?: Setting) => {
    subject = await setUp(setting);
    return subject;
  };

  afterEach(() => subject.close());

  test('is written to the set of each family, aggregated', async () => {
    const { handler, waf } = await start();
    feedServer.serve('/drop', GOOD);

    await handler({ source: 'aws.events' });

    expect(waf.addresses(FEEDS_4)).toEqual(GOOD_4);
    expect(waf.addresses(FEEDS_6)).toEqual(GOOD_6);
  });

  const misbehaviours: [string, Behaviour][] = [
    ['is down', (request) => request.socket.destroy()],
    ['answers an error', (_, response) => response.writeHead(503).end('1.2.3.0/24')],
    ['answers nothing', (_, response) => response.writeHead(200).end()],
    [
      'drips slowly',
      (_, response) => {
        response.writeHead(200);
        const drip = setInterval(() => response.write('203.5.'), 20);
        response.on('close', () => clearInterval(drip));
      },
    ],
    [
      'is cut off before the length it said',
      (_, response) => {
        response.writeHead(200, { 'content-length': '9999' });
        response.write('203.5.0.0/16\n');
        setImmediate(() => response.destroy());
      },
    ],
    [
      'is cut off between chunks',
      (_, response) => {
        response.writeHead(200);
        response.write('203.5.0.0/16\n');
        setImmediate(() => response.destroy());
      },
    ],
    [
      'answers a page',
      (_, response) =>
        response
          .writeHead(200)
          .end('<!doctype html>\n<html>\n<body>\n<h1>Maintenance</h1>\n1.2.3.4\n</body>\n</html>'),
    ],
    [
      'sends a compressed bomb that nobody asked for',
      (_, response) =>
        response
          .writeHead(200, { 'content-encoding': 'gzip' })
          .end(gzipSync(Buffer.alloc(50_000_000, '1.2.3.4\n'))),
    ],
    [
      'says that it is compressed, though nobody asked for that',
      (_, response) => response.writeHead(200, { 'content-encoding': 'br' }).end(`${GOOD}\n203.5.0.0/16`),
    ],
    [
      'sends more than a list can be',
      (_, response) => response.writeHead(200).end('203.5.0.0/16\n'.repeat(600_000)),
    ],
    [
      'redirects to the metadata address',
      (_, response) =>
        response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end(),
    ],
    [
      'redirects to another list',
      (_, response) => response.writeHead(301, { location: feedServer.url('/other') }).end(),
    ],
    [
      'names private networks only',
      (_, response) => response.writeHead(200).end('10.0.0.0/8\n192.168.0.0/16\n'),
    ],
    ['names everyone', (_, response) => response.writeHead(200).end('0.0.0.0/0\n')],
    ['names everyone of IPv6', (_, response) => response.writeHead(200).end('::/0\n')],
    ['names everyone in parts', (_, response) => response.writeHead(200).end(everyone())],
    [
      'is garbage of IPv6',
      (_, response) => response.writeHead(200).end('2a10::g/32\n:::/12\n2a10:::1\n12345::/16\n'),
    ],
    ['is no UTF-8', (_, response) => response.writeHead(200).end(Buffer.from([0xff, 0xfe, 0x31, 0x00]))],
    ['names everyone of IPv6 in parts', (_, response) => response.writeHead(200).end(everyoneOfIpv6())],
    [
      'ends with its connection, so that nobody can tell whether it is whole',
      (request) =>
        request.socket.end(`HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n${GOOD}\n203.5.0.0/1`),
    ],
    [
      'is compressed, twice, and does not say so',
      (_, response) => response.writeHead(200).end(gzipSync(gzipSync(GOOD))),
    ],
    [
      'sends a login page that holds a good list',
      (_, response) =>
        response
          .writeHead(200, { 'content-type': 'text/html' })
          .end(`<html><form action="/login">\n<pre>\n${GOOD}\n203.5.0.0/16\n</pre>\n</form></html>`),
    ],
    [
      'begins a chunk that never ends',
      (request) =>
        request.socket.write(
          'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n203.5.0.0/16\n',
        ),
    ],
    [
      'sends chunks that are none',
      (request) =>
        request.socket.end(
          'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n203.5.0.0/16\n0\r\n\r\n',
        ),
    ],
    [
      'says two lengths',
      (request) =>
        request.socket.end(
          'HTTP/1.1 200 OK\r\nContent-Length: 12\r\nTransfer-Encoding: chunked\r\n\r\nc\r\n203.5.0.0/16\r\n0\r\n\r\n',
        ),
    ],
    ['speaks no HTTP', (request) => request.socket.end('203.5.0.0/16\n')],
    [
      'sends headers without end',
      (request) => {
        request.socket.write('HTTP/1.1 200 OK\r\n');
        const drip = setInterval(() => request.socket.write('X-More: 203.5.0.0/16\r\n'), 10);
        request.socket.on('close', () => clearInterval(drip));
      },
    ],
    ['answers that nothing changed', (_, response) => response.writeHead(304).end()],
    [
      'answers a part',
      (_, response) => response.writeHead(206, { 'content-range': 'bytes 0-1/2' }).end(GOOD),
    ],
    [
      'names more than a list can hold',
      (_, response) =>
        response.writeHead(200).end(Array.from({ length: 100_001 }, (__, index) => hostOf(index)).join('\n')),
    ],
    [
      'is one line as long as a list may be',
      (_, response) => response.writeHead(200).end('a:'.repeat(2_000_000)),
    ],
    ['is comments only', (_, response) => response.writeHead(200).end('# gone\n; moved\n')],
    ['lost more than half', (_, response) => response.writeHead(200).end('192.88.98.0/24\n')],
  ];

  test.each(misbehaviours)('keeps its last good list when it %s', async (_, behaviour) => {
    const { handler, waf, lines, clock } = await start();
    feedServer.serve('/other', '203.9.0.0/16');
    feedServer.serve('/drop', GOOD);
    await handler({});
    const { updates } = waf;
    feedServer.behaviours.set('/drop', behaviour);
    clock.now += 3_600;

    await expect(handler({})).resolves.toEqual({
      ok: true,
      notTaken: [{ feed: 'drop', reason: expect.any(String) }],
    });

    expect(waf.addresses(FEEDS_4)).toEqual(GOOD_4);
    expect(waf.addresses(FEEDS_6)).toEqual(GOOD_6);
    expect(waf.updates).toBe(updates);
    expect(lines.at(-2)).toMatchObject({ level: 'error', Feed: 'drop', reason: expect.any(String) });
    expect(lines.at(-1)).toMatchObject({
      ...{ Function: 'feeds', Feed: 'drop', FeedAgeSeconds: 3_600, FeedNetworks: 4 },
    });
    expect(feedServer.asked).not.toContain('/other');
  });

  test.each<[string, () => string]>([
    ['shows a certificate of nobody we trust', () => feedServer.url('/drop')],
    [
      'shows the certificate of another host',
      () => feedServer.url('/drop').replace('127.0.0.1', 'localhost.localdomain'),
    ],
    ['is no https', () => feedServer.url('/drop').replace('https:', 'http:')],
  ])('is not taken from a server that %s', async (what, url) => {
    feedServer.serve('/drop', GOOD);
    const agent = what.includes('trust') ? new Agent() : feedServer.lookingUp('127.0.0.1');

    await expect(fetchFeed(url(), { agent, timeLimitMillis: 2_000 })).rejects.toThrow(
      /certificate|altnames|only https/i,
    );
    agent.destroy();
    await start();
  });

  test('is asked for by name, and not for a compressed answer', async () => {
    const { handler } = await start();
    let headers: IncomingHttpHeaders = {};
    feedServer.behaviours.set('/drop', (request, response) => {
      headers = request.headers;
      response.end(GOOD);
    });

    await handler({});

    expect(headers).toMatchObject({
      'user-agent': 'cdk-secure-api-gateway threat-feed',
      'accept-encoding': 'identity',
    });
  });

  test('leaves what the sets hold when it has never given anything', async () => {
    const { handler, waf } = await start();
    waf.add(FEEDS_4, '203.5.0.0/16');
    feedServer.behaviours.set('/drop', (request) => request.socket.destroy());

    await handler({});

    expect(waf.addresses(FEEDS_4)).toEqual(['203.5.0.0/16']);
    expect(waf.updates).toBe(0);
  });

  test('is believed in its loss by force, and only the one that is named', async () => {
    const feeds = [
      { name: 'one', path: '/one' },
      { name: 'two', path: '/two' },
    ];
    const { handler, waf } = await start({ feeds });
    feedServer.serve('/one', '203.1.0.0/16\n203.3.0.0/16\n203.5.0.0/16');
    feedServer.serve('/two', '204.1.0.0/16\n204.3.0.0/16\n204.5.0.0/16');
    await handler({});
    feedServer.serve('/one', '203.1.0.0/16');
    feedServer.serve('/two', '204.1.0.0/16');

    await handler({ action: 'refresh', force: ['one'] });

    expect(waf.addresses(FEEDS_4)).toEqual(['203.1.0.0/16', '204.1.0.0/16', '204.3.0.0/16', '204.5.0.0/16']);
  });

  test('is not forced under a name that none has, and says which was not taken', async () => {
    const { handler, waf } = await start({
      feeds: [
        { name: 'one', path: '/one' },
        { name: 'two', path: '/two' },
      ],
    });
    feedServer.serve('/one', '203.1.0.0/16');
    feedServer.serve('/two', '<html>');

    await expect(handler({ action: 'refresh', force: ['one', 'on'] })).resolves.toEqual({
      ok: false,
      code: 'NO_SUCH_FEED',
      message: 'there is no feed on, but one, two',
    });
    expect(waf.updates).toBe(0);

    await expect(handler({ action: 'refresh', force: ['one'] })).resolves.toEqual({
      ok: true,
      notTaken: [{ feed: 'two', reason: 'the list holds something else than networks' }],
    });
  });

  test('does not lose more than half in small steps either, within a week', async () => {
    const { handler, waf, clock } = await start();
    const serveFirst = (count: number) =>
      feedServer.serve('/drop', Array.from({ length: count }, (_, index) => hostOf(index)).join('\n'));
    for (const [count, taken] of [
      [100, 100],
      [70, 70],
      [50, 50],
      [40, 50],
      [60, 60],
      [40, 60],
    ] as const) {
      serveFirst(count);
      await handler({});
      clock.now += 21_600;
      expect(waf.addresses(FEEDS_4)).toHaveLength(taken);
    }

    // the most of a week ago is no measure any more: a list that was believed since is
    clock.now += 7 * 86_400;
    serveFirst(60);
    await handler({});
    serveFirst(40);
    await handler({});
    expect(waf.addresses(FEEDS_4)).toHaveLength(40);
    serveFirst(29);
    await handler({});
    expect(waf.addresses(FEEDS_4)).toHaveLength(40);
    // by force it begins anew
    await handler({ action: 'refresh', force: ['drop'] });
    serveFirst(15);
    await handler({});
    expect(waf.addresses(FEEDS_4)).toHaveLength(15);
  });

  test('may become empty by force, and never be a page', async () => {
    const { handler, waf } = await start();
    feedServer.serve('/drop', GOOD);
    await handler({});
    feedServer.serve('/drop', '<html>\n</html>');
    await handler({ action: 'refresh', force: ['drop'] });
    expect(waf.addresses(FEEDS_4)).toEqual(GOOD_4);

    feedServer.serve('/drop', '# nobody any more\n');
    await handler({});
    expect(waf.addresses(FEEDS_4)).toEqual(GOOD_4);
    await handler({ action: 'refresh', force: ['drop'] });

    expect(waf.addresses(FEEDS_4)).toEqual([]);
    expect(waf.addresses(FEEDS_6)).toEqual([]);
  });

  test('is applied when it only grows', async () => {
    const { handler, waf } = await start();
    feedServer.serve('/drop', GOOD);
    await handler({});
    feedServer.serve('/drop', `${GOOD}\n203.5.0.0/16`);

    await handler({});

    expect(waf.addresses(FEEDS_4)).toEqual([...GOOD_4, '203.5.0.0/16']);
  });

  test('is not written again when nothing changed', async () => {
    const { handler, waf } = await start();
    feedServer.serve('/drop', GOOD);
    await handler({});
    const { updates } = waf;

    await handler({});

    expect(waf.updates).toBe(updates);
  });

  test('is read with duplicates, comments, mixed line ends and spaces', async () => {
    const { handler, waf } = await start();
    feedServer.serve(
      '/drop',
      '\uFEFF; Spamhaus\r\n203.5.0.0/16 ; SBL1\r203.5.0.0/16\n\n  203.5.7.7 # host ; twice\n203.5.1.2/16\n203.5.0.0/016\n',
    );

    await handler({});

    expect(waf.addresses(FEEDS_4)).toEqual(['203.5.0.0/16']);
  });

  test('leaves out what is private, reserved or too large, and says how many', async () => {
    const { handler, waf, lines } = await start();
    feedServer.serve(
      '/drop',
      '203.5.0.0/16\n10.1.0.0/16\n127.0.0.1\n169.254.169.254\n224.0.0.0/16\n16.0.0.0/8\nfc00::/32\n::1\n2a00::/12\nfe80::1\n::ffff:10.0.0.1\n100.64.0.0/16',
    );

    await handler({});

    expect(waf.addresses(FEEDS_4)).toEqual(['203.5.0.0/16']);
    expect(waf.addresses(FEEDS_6)).toEqual([]);
    expect(lines.at(-2)).toMatchObject({ refused: { 'is private or reserved': 9, 'is too large': 2 } });
  });

  test.each([
    ['a leading zero, which some read as octal', '0203.5.0.1'],
    ['hexadecimal', '0xcb.5.0.1'],
    ['fewer than four parts', '203.5'],
    ['one number', '3405803777'],
    ['a zone', '2a10::1%eth0/128'],
    ['IPv4 within IPv6', '::ffff:203.5.7.7'],
    ['IPv4 within IPv6, by 6to4', '2002:cb05:707::/48'],
    ['IPv4 within IPv6, by NAT64', '64:ff9b::203.5.7.7'],
    ['a range', '203.5.0.0-203.5.0.9'],
    ['a mask', '203.5.0.0/255.255.0.0'],
    ['digits of another script', '２０３.5.0.1'],
    ['no prefix', '203.5.0.0/'],
    ['a sign', '203.5.0.0/+16'],
  ])('leaves out what is written with %s', async (_, text) => {
    const { handler, waf } = await start();
    feedServer.serve('/drop', `${Array.from({ length: 10 }, () => '198.20.0.0/16').join('\n')}\n${text}\n`);

    await handler({});

    expect(waf.addresses(FEEDS_4)).toEqual(['198.20.0.0/16']);
    expect(waf.addresses(FEEDS_6)).toEqual([]);
  });

  test('fits the table however long it is, and says how many it named', async () => {
    const { handler, waf, table } = await start();
    const hosts = Array.from({ length: 12_000 }, (_, index) => hostOf(index));
    feedServer.serve('/drop', hosts.join('\n'));

    await handler({});

    expect(waf.addresses(FEEDS_4)).toHaveLength(10_000);
    const { Item } = await dynamodb('GetItem', {
      TableName: table,
      Key: { pk: { S: 'feed' }, sk: { S: 'drop' } },
    });
    expect(Item).toMatchObject({ count: { N: '12000' } });
    expect(JSON.stringify(Item).length).toBeLessThan(400_000);
    feedServer.serve('/drop', hosts.slice(0, 5_999).join('\n'));
    await handler({});
    expect(waf.addresses(FEEDS_4)).toHaveLength(10_000);
  }, 60_000);

  test('keeps the largest networks when there are too many', async () => {
    const { handler, waf } = await start();
    const addresses = Array.from({ length: 10_500 }, (_, index) => `203.${index >> 8}.${index & 255}.9`);
    feedServer.serve('/drop', [...addresses, '198.20.0.0/16'].join('\n'));

    await handler({});

    expect(waf.addresses(FEEDS_4)).toHaveLength(10_000);
    expect(waf.addresses(FEEDS_4)).toContain('198.20.0.0/16');
  });

  test('does not drive out another that is smaller', async () => {
    const { handler, waf, table, clock, lines } = await start({
      feeds: [
        { name: 'drop', path: '/drop' },
        { name: 'tor', path: '/tor' },
      ],
    });
    // no two of them make a larger one
    const networks = Array.from(
      { length: 10_000 },
      (_, index) => `${60 + (index >> 12)}.${(index >> 4) & 255}.${(index & 15) * 2}.0/24`,
    );
    const count = networks.length;
    const at = { updatedAt: clock.now, peakAt: clock.now };
    await new FeedStore(dynamodb, table).saveFeed('drop', { networks, count, peak: count, ...at });
    feedServer.serve('/drop', 'not now');
    const tor = Array.from({ length: 300 }, (_, index) => `203.7.${index >> 4}.${(index & 15) * 2}/32`);
    feedServer.serve('/tor', tor.join('\n'));

    await handler({});

    const written = new Set(waf.addresses(FEEDS_4));
    expect(written.size).toBe(10_000);
    expect(tor.filter((network) => !written.has(network))).toEqual([]);
    expect(lines).toContainEqual({
      level: 'warn',
      message: 'feeds share full sets',
      leftOut: { ipv4: 300, ipv6: 0 },
    });
  });

  test('wins against another writer after some attempts', async () => {
    const { handler, waf } = await start();
    feedServer.serve('/drop', GOOD);
    waf.races = 3;

    await handler({});

    expect(waf.addresses(FEEDS_4)).toEqual(GOOD_4);
  });

  test.each(['GetIPSet', 'UpdateIPSet'])(
    'is not undone by a run that began before and read an older list (%s)',
    async (operation) => {
      const { handler, waf } = await start();
      feedServer.serve('/drop', GOOD);
      await handler({});
      feedServer.serve('/drop', `${GOOD}\n203.7.0.0/16`);
      waf.meanwhile = {
        operation,
        run: async () => {
          feedServer.serve('/drop', `${GOOD}\n203.5.0.0/16`);
          await handler({});
        },
      };

      await handler({});

      expect(waf.addresses(FEEDS_4)).toEqual([...GOOD_4, '203.5.0.0/16']);
    },
  );

  test.each(['WAFUnavailableEntityException', 'WAFInternalErrorException', 'ThrottlingException'])(
    'is written in the end where AWS WAF answers %s at first',
    async (refused) => {
      const { handler, waf } = await start();
      feedServer.serve('/drop', GOOD);
      waf.refusals.push(refused, refused);

      await handler({});

      expect(waf.addresses(FEEDS_4)).toEqual(GOOD_4);
    },
  );

  test('fails at once where AWS WAF does not take it, and the last list stays', async () => {
    const { handler, waf, lines } = await start();
    feedServer.serve('/drop', GOOD);
    await handler({});
    feedServer.serve('/drop', `${GOOD}\n203.5.0.0/16`);
    waf.refusals.push('WAFLimitsExceededException');

    await expect(handler({})).rejects.toThrow('WAFLimitsExceededException');
    expect(waf.addresses(FEEDS_4)).toEqual(GOOD_4);
    // what is not in force is not fresh: no metric says so, and the alarm takes silence for age
    expect(lines.at(-1)).toMatchObject({ message: 'feed taken' });
    expect(lines.at(-1)).not.toHaveProperty('FeedAgeSeconds');
  });

  test('fails when another writer always wins, and its list is taken next time', async () => {
    const { handler, waf } = await start();
    feedServer.serve('/drop', GOOD);
    waf.races = 99;
    await expect(handler({})).rejects.toThrow('WAFOptimisticLockException');

    waf.races = 0;
    await handler({});

    expect(waf.addresses(FEEDS_4)).toEqual(GOOD_4);
  });

  test.each<[string, FeedFormat, string, string[]]>([
    [
      'Spamhaus',
      { kind: 'jsonLines', field: 'cidr' },
      '{"cidr":"203.5.0.0/16","sblid":"SBL1","rir":"apnic"}\n{"type":"metadata","timestamp":1,"size":1,"records":1}\n',
      ['203.5.0.0/16'],
    ],
    [
      'Tor',
      { kind: 'exitAddresses' },
      'ExitNode ABC\nPublished 2026-01-01 00:00:00\nLastStatus 2026-01-01 00:00:00\nExitAddress 203.5.7.7 2026-01-01 00:00:00\n',
      ['203.5.7.7/32'],
    ],
    [
      'Tor, the short list',
      { kind: 'exitAddresses' },
      '203.5.7.7\n203.5.7.9\n',
      ['203.5.7.7/32', '203.5.7.9/32'],
    ],
  ])('is read as %s writes it', async (_, format, text, expected) => {
    const { handler, waf } = await start({ feeds: [{ name: 'feed', path: '/feed', format }] });
    feedServer.serve('/feed', text);

    await handler({});

    expect(waf.addresses(FEEDS_4)).toEqual(expected);
  });

  test('may say what it is anywhere, in any order of members', async () => {
    const format = { kind: 'jsonLines', field: 'cidr' } as const;
    const { handler, waf } = await start({ feeds: [{ name: 'feed', path: '/feed', format }] });
    feedServer.serve(
      '/feed',
      '{"records":2,"type":"metadata"}\r\n{"sblid":"1","cidr":"203.5.0.0/16"}\r\n\r\n{"cidr":"203.7.0.0/16"}',
    );

    await handler({});

    expect(waf.addresses(FEEDS_4)).toEqual(['203.5.0.0/16', '203.7.0.0/16']);
  });

  test.each([
    ['values that are no objects', 'null\n[]\n1\n"203.5.0.0/16"'],
    ['a list in place of a network', '{"cidr":["203.5.0.0/16"]}'],
    ['an inherited member', '{"__proto__":{"cidr":"203.5.0.0/16"}}'],
    ['an object that does not end', '{"cidr":"203.5.0.0/16"'],
    ['lists within lists', '['.repeat(1_000_000)],
  ])('is not taken where its lines hold %s', async (_, text) => {
    const format = { kind: 'jsonLines', field: 'cidr' } as const;
    const { handler, waf, lines } = await start({ feeds: [{ name: 'feed', path: '/feed', format }] });
    feedServer.serve('/feed', text);

    await handler({});

    expect(waf.updates).toBe(0);
    expect(lines.at(-1)).toMatchObject({ reason: 'the list holds something else than networks' });
  });

  test('is not taken when it has fewer records than it says', async () => {
    const format = { kind: 'jsonLines', field: 'cidr' } as const;
    const { handler, lines } = await start({ feeds: [{ name: 'feed', path: '/feed', format }] });
    feedServer.serve('/feed', '{"cidr":"203.5.0.0/16"}\n{"type":"metadata","records":2}\n');

    await handler({});

    expect(lines.at(-1)).toMatchObject({ reason: 'the list is not whole' });
  });

  test('leaves a record of what it contributed', async () => {
    const { handler, clock, table } = await start();
    feedServer.serve('/drop', GOOD);
    await handler({});

    const { Item } = await dynamodb('GetItem', {
      TableName: table,
      Key: { pk: { S: 'feed' }, sk: { S: 'drop' } },
    });

    expect(Item).toMatchObject({ count: { N: '4' }, updatedAt: { N: String(clock.now) } });
  });
});

describe('list of attackers', () => {
  let subject: SetUp;
  const add = (network: string, more: object = {}) => ({
    action: 'denyAdd',
    network,
    forSeconds: 3_600,
    reason: 'probing',
    by: 'ops',
    ownAddress: '198.51.77.1',
    ...more,
  });

  beforeEach(async () => {
    subject = await setUp({ feeds: [], exempt: ['203.9.0.0/16', '2a10:9::/32'] });
  });

  afterEach(() => subject.close());

  test('denies a network in its family at once', async () => {
    const { handler, waf, clock } = subject;

    await expect(handler(add('203.5.7.7'))).resolves.toEqual({
      ok: true,
      denied: [
        {
          network: '203.5.7.7/32',
          reason: 'probing',
          by: 'ops',
          createdAt: clock.now,
          expiresAt: clock.now + 3_600,
        },
      ],
    });
    await handler(add('2a10:5::/48'));

    expect(waf.addresses(ATTACKERS_4)).toEqual(['203.5.7.7/32']);
    expect(waf.addresses(ATTACKERS_6)).toEqual(['2a10:5::/48']);
    expect(waf.addresses(FEEDS_4)).toEqual([]);
  });

  test('lets a network go when its time is over', async () => {
    const { handler, waf, clock } = subject;
    await handler(add('203.5.7.7'));
    await handler(add('203.6.7.7', { forSeconds: 7_200 }));
    clock.now += 3_600;

    await handler({ source: 'aws.events' });

    expect(waf.addresses(ATTACKERS_4)).toEqual(['203.6.7.7/32']);
  });

  test('lets a network go within minutes, without a feed being asked', async () => {
    const { handler, waf, clock, lines } = subject;
    await handler(add('203.5.7.7'));
    const { length } = lines;
    clock.now += 3_599;
    await handler({ action: 'expire' });
    expect(waf.addresses(ATTACKERS_4)).toEqual(['203.5.7.7/32']);

    clock.now += 1;
    await handler({ action: 'expire' });

    expect(waf.addresses(ATTACKERS_4)).toEqual([]);
    expect(lines).toHaveLength(length);
  });

  test.each(['GetIPSet', 'UpdateIPSet'])(
    'loses none of two that are denied at once, whoever writes the set last (%s)',
    async (operation) => {
      const { handler, waf } = subject;
      waf.meanwhile = { operation, run: () => handler(add('203.6.7.7')) };

      await expect(handler(add('203.5.7.7'))).resolves.toMatchObject({
        denied: [{ network: '203.5.7.7/32' }, { network: '203.6.7.7/32' }],
      });

      expect(waf.addresses(ATTACKERS_4)).toEqual(['203.5.7.7/32', '203.6.7.7/32']);
    },
  );

  test.each(['GetIPSet', 'UpdateIPSet'])(
    'does not deny again whom another lets go meanwhile (%s)',
    async (operation) => {
      const { handler, waf } = subject;
      await handler(add('203.5.7.7'));
      const remove = { action: 'denyRemove', network: '203.5.7.7', reason: 'mistake', by: 'ops' };
      waf.meanwhile = { operation, run: () => handler(remove) };

      await handler(add('203.6.7.7'));

      expect(waf.addresses(ATTACKERS_4)).toEqual(['203.6.7.7/32']);
    },
  );

  test('is not longer than a set can be: what does not fit is refused, not left out', async () => {
    const { handler, waf, table, clock } = subject;
    const denied = Array.from({ length: 10_000 }, (_, index) => `${hostOf(index)}/32`);
    for (let from = 0; from < denied.length; from += 25) {
      await dynamodb('BatchWriteItem', {
        RequestItems: {
          [table]: denied.slice(from, from + 25).map((network) => ({
            PutRequest: {
              Item: {
                ...{ pk: { S: 'denied' }, sk: { S: network }, expiresAt: { N: String(clock.now + 60) } },
                ...{ reason: { S: 'r'.repeat(256) }, by: { S: 'b'.repeat(256) }, createdAt: { N: '1' } },
              },
            },
          })),
        },
      });
    }

    await expect(handler(add('198.20.7.7'))).resolves.toMatchObject({ ok: false, code: 'LIST_FULL' });
    expect(waf.updates).toBe(0);
    await expect(handler(add('203.64.0.0/10', { force: true }))).resolves.toMatchObject({ ok: true });
    expect(waf.addresses(ATTACKERS_4)).toEqual(['203.64.0.0/10']);
  }, 60_000);

  test('lets a network go when asked to, and says who is left', async () => {
    const { handler, waf } = subject;
    await handler(add('203.5.7.7'));
    await handler(add('203.6.7.7'));

    const answer = await handler({
      action: 'denyRemove',
      network: '203.5.7.7/32',
      reason: 'mistake',
      by: 'ops',
    });

    expect(answer).toMatchObject({ ok: true, denied: [{ network: '203.6.7.7/32' }] });
    expect(waf.addresses(ATTACKERS_4)).toEqual(['203.6.7.7/32']);
    await expect(handler({ action: 'denyList' })).resolves.toMatchObject({
      denied: [{ network: '203.6.7.7/32' }],
    });
  });

  test.each<[string, object, string]>([
    ["one's own address", add('198.51.77.0/24'), 'OWN_ADDRESS'],
    [
      "one's own address, told as IPv6",
      add('198.51.77.0/24', { ownAddress: '::ffff:198.51.77.1' }),
      'OWN_ADDRESS',
    ],
    ["one's own address of IPv6", add('2a10:7::/48', { ownAddress: '2A10:0007::1' }), 'OWN_ADDRESS'],
    [
      "anyone while one's own address is not known",
      add('203.5.7.7', { ownAddress: undefined }),
      'OWN_ADDRESS_UNKNOWN',
    ],
    ['an exempt network', add('203.9.1.0/24'), 'EXEMPT_NETWORK'],
    ['a network around an exempt one', add('203.8.0.0/15'), 'EXEMPT_NETWORK'],
    ['an exempt network of IPv6', add('2a10:9:1::/48'), 'EXEMPT_NETWORK'],
  ])('does not deny %s but by force', async (_, request, code) => {
    const { handler, waf } = subject;

    await expect(handler(request)).resolves.toMatchObject({ ok: false, code });
    expect(waf.updates).toBe(0);

    await expect(handler({ ...request, force: true })).resolves.toMatchObject({ ok: true });
    expect(waf.updates).toBe(1);
  });

  test.each<[string, object, string]>([
    ['everyone', add('0.0.0.0/0', { force: true }), 'INVALID_NETWORK'],
    ['a private network', add('10.0.0.0/24', { force: true }), 'INVALID_NETWORK'],
    ['what is no network', add('example.com'), 'INVALID_NETWORK'],
    ['a network for ever', add('203.5.7.7', { forSeconds: 1e12 }), 'INVALID_DURATION'],
    ['a network for no time', add('203.5.7.7', { forSeconds: 0 }), 'INVALID_DURATION'],
    ['a network without a reason', add('203.5.7.7', { reason: '' }), 'INVALID_REASON'],
    ['a network for a blank reason', add('203.5.7.7', { reason: ' ' }), 'INVALID_REASON'],
    ['a network with what a terminal obeys', add('203.5.7.7', { reason: '\u001b[2J' }), 'INVALID_REASON'],
    ["a network in nobody's name", add('203.5.7.7', { by: '' }), 'INVALID_REASON'],
  ])('never denies %s', async (_, request, code) => {
    const { handler, waf } = subject;

    await expect(handler(request)).resolves.toMatchObject({ ok: false, code });
    expect(waf.updates).toBe(0);
  });

  test.each([{ reason: '' }, { reason: 'two\nlines' }, { by: 'x'.repeat(257) }])(
    'lets no network go for %j',
    async (wrong) => {
      const { handler, waf } = subject;
      await handler(add('203.5.7.7'));

      await expect(
        handler({ action: 'denyRemove', network: '203.5.7.7', reason: 'x', by: 'ops', ...wrong }),
      ).resolves.toMatchObject({ ok: false, code: 'INVALID_REASON' });
      expect(waf.addresses(ATTACKERS_4)).toEqual(['203.5.7.7/32']);
    },
  );

  test('says so when a network to let go is not on it', async () => {
    await expect(
      subject.handler({ action: 'denyRemove', network: '203.5.7.7', reason: 'x', by: 'ops' }),
    ).resolves.toMatchObject({ ok: false, code: 'NOT_DENIED' });
  });

  test('keeps who changed what and why, in the table and in the log', async () => {
    const { handler, lines, table } = subject;
    await handler(add('203.5.7.7', { force: true }));
    await handler({ action: 'denyRemove', network: '203.5.7.7', reason: 'mistake', by: 'boss' });

    const { Items } = await dynamodb('Query', {
      TableName: table,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: 'audit' } },
    });

    expect(Items).toHaveLength(2);
    expect(Items).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ change: { S: 'add' }, by: { S: 'ops' }, forced: { BOOL: true } }),
        expect.objectContaining({ change: { S: 'remove' }, reason: { S: 'mistake' }, by: { S: 'boss' } }),
      ]),
    );
    expect(lines).toContainEqual(
      expect.objectContaining({
        ...{ message: 'denyAdd', network: '203.5.7.7', reason: 'probing', by: 'ops', forced: true },
      }),
    );
  });
});

/** Hosts of which no two are neighbours. */
function hostOf(index: number): string {
  return `203.${64 + ((index >> 14) & 127)}.${(index >> 7) & 127}.${(index & 127) * 2 + 1}`;
}

/** So many networks of twenty bits that nobody would be left who mattered. */
function everyoneOfIpv6(): string {
  const networks: string[] = [];
  for (let first = 0x2400; first < 0x2510; first += 1) {
    for (let second = 0; second < 16; second += 1)
      networks.push(`${first.toString(16)}:${second.toString(16)}000::/20`);
  }
  return networks.join('\n');
}

/** Every network of ten bits that is public: each by itself would be taken. */
function everyone(): string {
  return Array.from({ length: 1_024 }, (_, index) => `${index >> 2}.${(index & 3) * 64}.0.0/10`).join('\n');
}
