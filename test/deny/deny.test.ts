import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DenyList } from '../../lib/deny/deny-list';
import { parseDuration } from '../../lib/deny/duration';
import { ownAddress } from '../../lib/deny/own-address';
import { callerOf, functionOfStack } from '../../lib/deny/stack-function';
import type { ThreatFeedAnswer, ThreatFeedRequest } from '../../lib/protocol/threat-feed';

const DENIED = {
  network: '203.5.7.7/32',
  reason: 'probing',
  by: 'ops',
  createdAt: 1,
  expiresAt: 1_800_000_000,
};

/** A list whose function answers as told, and remembers what it was asked. */
function listOf(answer: ThreatFeedAnswer, own: string | undefined = '198.51.77.1') {
  const asked: ThreatFeedRequest[] = [];
  const list = new DenyList({
    call: async (request) => {
      asked.push(request);
      return answer;
    },
    ownAddress: async () => own,
    by: 'ops',
  });

  return { asked, list };
}

describe('DenyList', () => {
  test('asks for a network, a time and a reason, and says who asks from where', async () => {
    const { asked, list } = listOf({ ok: true, denied: [DENIED] });

    await expect(list.add('203.5.7.7', { forSeconds: 60, reason: 'probing' })).resolves.toEqual([DENIED]);

    expect(asked).toEqual([
      {
        action: 'denyAdd',
        network: '203.5.7.7',
        forSeconds: 60,
        reason: 'probing',
        by: 'ops',
        force: false,
        ownAddress: '198.51.77.1',
      },
    ]);
  });

  test('does not look its own address up where it is forced', async () => {
    const { asked, list } = listOf({ ok: true });

    await list.add('203.5.7.7', { forSeconds: 60, reason: 'probing', force: true });

    expect(asked[0]).toMatchObject({ force: true });
    expect(asked[0]).not.toMatchObject({ ownAddress: expect.anything() });
  });

  test('fails with what to do when it is refused', async () => {
    const { list } = listOf({ ok: false, code: 'OWN_ADDRESS', message: 'it holds your own address' });

    await expect(list.add('0.0.0.0/1', { forSeconds: 60, reason: 'x' })).rejects.toThrow(
      'it holds your own address; take a smaller network, or --force [OWN_ADDRESS]',
    );
  });

  test('fails for each feed that was not taken', async () => {
    const { list } = listOf({ ok: true, notTaken: [{ feed: 'drop', reason: 'answered 503' }] });

    await expect(list.refresh([])).rejects.toThrow(
      /drop: its last good list stays: answered 503.*FEED_NOT_TAKEN/,
    );
  });

  test('removes, lists and refreshes', async () => {
    const { asked, list } = listOf({ ok: true, denied: [] });

    await list.remove('203.5.7.7', 'mistake');
    await list.list();
    await list.refresh(['drop']);

    expect(asked).toEqual([
      { action: 'denyRemove', network: '203.5.7.7', reason: 'mistake', by: 'ops' },
      { action: 'denyList' },
      { action: 'refresh', force: ['drop'] },
    ]);
  });
});

describe('a time', () => {
  test.each([
    ['30m', 1_800],
    ['24h', 86_400],
    ['7d', 604_800],
    ['0h', undefined],
    ['24', undefined],
    ['1w', undefined],
    ['-1h', undefined],
    ['1.5h', undefined],
  ])('written %s is %s seconds', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });
});

describe('against AWS as it speaks', () => {
  const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'eu-west-1' };
  let server: Server;
  let endpoint: string;
  let outputs: string;
  let failing: boolean;
  const bodies: string[] = [];

  beforeAll(async () => {
    Object.assign(process.env, CREDENTIALS);
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        bodies.push(`${request.url} ${body}`);
        if (request.url === '/address') response.end('198.51.77.1\n');
        else if (request.url === '/page') response.end('<html>');
        else if (request.url?.startsWith('/2015-03-31/functions/gone/')) {
          response.writeHead(404, { 'x-amzn-errortype': 'ResourceNotFoundException' }).end('{}');
        } else if (request.url?.startsWith('/2015-03-31/functions/others/')) {
          response.writeHead(403, { 'x-amzn-errortype': 'AccessDeniedException' }).end('{}');
        } else if (request.url?.startsWith('/2015-03-31/functions/feeds/invocations')) {
          response.writeHead(200, failing ? { 'x-amz-function-error': 'Unhandled' } : {});
          response.end(
            JSON.stringify(
              failing
                ? {
                    errorType: 'Error',
                    errorMessage: 'no table',
                    trace: ['Error: no table', '  at deny.js:1:1'],
                  }
                : { ok: true, denied: [DENIED] },
            ),
          );
        } else {
          response.writeHead(200, { 'content-type': 'text/xml' });
          response.end(
            `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member><StackName>S</StackName><CreationTime>2026-01-01T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus><Outputs>${outputs}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
          );
        }
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  beforeEach(() => {
    failing = false;
    bodies.length = 0;
    outputs =
      '<member><OutputKey>DenyFunction</OutputKey><OutputValue>feeds</OutputValue><Description>Function of secure-api-gateway deny</Description></member>';
  });

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });

  test('finds the function by the output of the stack and calls it', async () => {
    const name = await functionOfStack('S', { endpoint });

    await expect(callerOf(name, { endpoint })({ action: 'denyList' })).resolves.toEqual({
      ok: true,
      denied: [DENIED],
    });
    expect(bodies.at(-1)).toContain('{"action":"denyList"}');
  });

  test('fails when the stack has no such list', async () => {
    outputs = '';

    await expect(functionOfStack('S', { endpoint })).rejects.toThrow('[NO_DENY_FUNCTION]');
  });

  test('does not choose between two gateways of a stack', async () => {
    outputs += outputs.replace('>feeds<', '>others<');

    await expect(functionOfStack('S', { endpoint })).rejects.toThrow(
      /feeds, others.*\[SEVERAL_DENY_FUNCTIONS\]/,
    );
  });

  test('takes the function that is named of several, and none of another stack', async () => {
    outputs += outputs.replace('>feeds<', '>others<');

    expect(await functionOfStack('S', { endpoint }, 'others')).toBe('others');
    await expect(functionOfStack('S', { endpoint }, 'foreign')).rejects.toThrow(
      'S: this stack has no function foreign that keeps a list, but feeds, others;',
    );
  });

  test('fails when the function does, without its stack', async () => {
    failing = true;

    await expect(callerOf('feeds', { endpoint })({ action: 'denyList' })).rejects.toThrow(
      'keeps the list failed: Error: no table;',
    );
  });

  test.each([
    ['gone', 'NO_SUCH_FUNCTION'],
    ['others', 'NO_PERMISSION'],
  ])('says what to do when the function is %s', async (name, code) => {
    await expect(callerOf(name, { endpoint })({ action: 'denyList' })).rejects.toThrow(`[${code}]`);
  });

  test('takes its own address from a service that tells it, and none from any other', async () => {
    await expect(ownAddress(`${endpoint}/address`)).resolves.toBe('198.51.77.1');
    await expect(ownAddress(`${endpoint}/page`)).resolves.toBeUndefined();
    await expect(ownAddress('http://127.0.0.1:1/')).resolves.toBeUndefined();
  });

  const run = (...given: string[]) =>
    new Promise<{ code: number; out: string; err: string }>((resolve) => {
      const root = join(__dirname, '../..');
      execFile(
        process.execPath,
        [
          join(root, 'node_modules/tsx/dist/cli.mjs'),
          join(root, 'bin/secure-api-gateway.ts'),
          'deny',
          ...given,
        ],
        { env: { ...process.env, ...CREDENTIALS } },
        (error, out, err) => resolve({ code: Number(error?.code ?? 0), out, err }),
      );
    });

  test('is a command that denies, and one that knows wrong usage', async () => {
    const target = ['--stack', 'S', '--endpoint', endpoint];
    const [added, wrongTime, noGateway] = await Promise.all([
      run(
        'add',
        '203.5.7.7',
        '--for',
        '24h',
        '--reason',
        'probing',
        '--own-address',
        '198.51.77.1',
        '--json',
        ...target,
      ),
      run('add', '203.5.7.7', '--for', 'ever', '--reason', 'probing', ...target),
      run('list'),
    ]);

    expect(added).toMatchObject({ code: 0 });
    expect(JSON.parse(added.out)).toEqual({ denied: [DENIED] });
    expect(bodies.join()).toContain('"forSeconds":86400');
    expect(wrongTime).toMatchObject({
      code: 2,
      err: expect.stringContaining('write for example 30m, 24h or 7d'),
    });
    expect(noGateway).toMatchObject({ code: 2, err: expect.stringContaining('--stack or --function') });
  });
});
