import type { IncomingHttpHeaders } from 'node:http';
import { Agent } from 'node:https';
import { gzipSync } from 'node:zlib';
import { fetchFeed } from '../../../lambda/threat-feed/fetch-feed';
import { feedServer, GOOD, GOOD_4, GOOD_6, hostOf, start } from './feed-function';
import type { Behaviour } from './feed-server';
import { FEEDS_4, FEEDS_6 } from './lists';

describe('threat feed', () => {
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
});

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
