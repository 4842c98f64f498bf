import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gcraOf } from '../../../../lambda/authorizer/limits/gcra';
import { type RedisServer, redisConnection } from '../../../../lambda/authorizer/limits/redis-connection';
import { RedisLimitStore } from '../../../../lambda/authorizer/limits/redis-limit-store';
import { encodeCommand, RedisFault, ReplyParser } from '../../../../lambda/authorizer/limits/redis-protocol';
import { listen } from '../../../../lib/local/server/listen';
import { createThrowawayAuthority } from '../../../../lib/local/throwaway-authority';
import fc from '../../../fixtures/property';
import { soak } from './soak';
import { freePort, HAS_REDIS, type StartedRedis, startRedis, startSecrets } from './stores';

describe('ReplyParser', () => {
  const bytes = Buffer.from(
    '+OK\r\n:12\r\n$5\r\nh\r\nÄ\r\n$-1\r\n*2\r\n$1\r\na\r\n*1\r\n-ERR no\r\n$0\r\n\r\n',
  );
  const replies = ['OK', 12, 'h\r\nÄ', null, ['a', [new RedisFault('ERR no')]], ''];

  test('takes replies apart wherever the stream was cut', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 12 }), (cuts) => {
        const parser = new ReplyParser();
        const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const parts = edges.slice(1).map((end, index) => bytes.subarray(edges[index], end));

        // as a connection reads: into one buffer, again and again
        const shared = Buffer.alloc(bytes.length);
        const read = parts.flatMap((part) => {
          shared.fill('*').set(part);
          return parser.push(shared.subarray(0, part.length));
        });

        expect(read).toEqual(replies);
      }),
    );
  });

  test.each(['HTTP/1.1 400 Bad Request\r\n', '$99999999\r\n', 'x'.repeat(70_000)])(
    'fails on %.30j',
    (text) => {
      expect(() => new ReplyParser().push(Buffer.from(text))).toThrow();
    },
  );

  test('writes commands by bytes, so that no argument can be a command', () => {
    expect(encodeCommand(['GET', 'ä\r\nFLUSHALL'])).toBe('*2\r\n$3\r\nGET\r\n$12\r\nä\r\nFLUSHALL\r\n');
  });
});

describe('redisConnection to a server that is at fault', () => {
  let answer: (command: string, connection: number) => string;
  let opened = 0;
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    opened += 1;
    const connection = opened;
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('data', (data) => socket.write(answer(data.toString(), connection)));
  });
  let port: number;
  beforeAll(async () => {
    port = await listen(server, 0, 'redis');
  });
  beforeEach(() => {
    opened = 0;
  });
  afterAll(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });

  test('leaves no connection behind, and no password in the error, where the credentials are not taken', async () => {
    answer = () => '-ERR unknown command `AUTH`, with args beginning with: `default`, `geheim`\r\n';
    const { send } = redisConnection({
      host: '127.0.0.1',
      port,
      tls: false,
      credentials: async () => ({ username: 'default', password: 'geheim' }),
    });

    const errors = [await failureOf(send(['PING'])), await failureOf(send(['PING']))];

    expect(errors.map(String)).toEqual(
      Array(2).fill('RedisError: the server does not take the credentials: ERR'),
    );
    expect(opened).toBe(2);
    await Promise.all([...open].map((socket) => once(socket, 'close')));
    expect(open.size).toBe(0);
  });

  test('opens another connection after a failover', async () => {
    answer = (_, connection) => (connection === 1 ? "-READONLY You can't write\r\n" : '+OK\r\n');
    const { send, close } = redisConnection({ host: '127.0.0.1', port, tls: false });

    await expect(send(['PING'])).rejects.toThrow('READONLY');
    await expect(send(['PING'])).resolves.toBe('OK');
    close();
  });

  const failureOf = (answered: Promise<unknown>) => answered.catch((error: unknown) => error);
});

const describeRedis = HAS_REDIS ? describe : describe.skip;

describeRedis('redisConnection', () => {
  let redis: StartedRedis;
  beforeEach(async () => {
    redis = await startRedis(['--requirepass', 'geheim']);
  });
  afterEach(() => redis.close());

  const server = (password?: string): RedisServer => ({
    host: '127.0.0.1',
    port: redis.port,
    tls: false,
    ...(password === undefined ? {} : { credentials: async () => ({ username: 'default', password }) }),
  });

  test('authenticates, and answers in the order it was asked', async () => {
    const { send, close } = redisConnection(server('geheim'));

    const replies = await Promise.all(['a', 'b', 'c'].map((text) => send(['ECHO', text])));

    expect(replies).toEqual(['a', 'b', 'c']);
    close();
  });

  test.each([undefined, 'falsch'])('fails with the password %s, and does not tell it', async (password) => {
    const { send, close } = redisConnection(server(password));

    const error = await send(['PING']).catch((caught: Error) => caught);

    expect(String(error)).toMatch(/NOAUTH|WRONGPASS/);
    expect(String(error)).not.toContain('falsch');
    close();
  });

  test('asks for the password again after one that failed, as it may have been rotated', async () => {
    const passwords = ['alt', 'geheim'];
    const { send, close } = redisConnection({
      ...server(),
      credentials: async () => ({ password: passwords.shift() ?? '' }),
    });

    await expect(send(['PING'])).rejects.toThrow('WRONGPASS');
    await expect(send(['PING'])).resolves.toBe('PONG');
    close();
  });

  test('opens another connection after one was lost', async () => {
    const { send, close } = redisConnection(server('geheim'));
    await send(['PING']);

    await send(['CLIENT', 'KILL', 'SKIPME', 'no']).catch(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    const replies = await Promise.allSettled([send(['PING'])]).then(() => send(['PING']));

    expect(replies).toBe('PONG');
    close();
  });

  test('gives up a server that says nothing for two seconds, and opens another connection', async () => {
    const { send, close } = redisConnection(server('geheim'));
    await send(['PING']);
    const start = performance.now();

    await expect(send(['BLPOP', 'nothing', '0'])).rejects.toThrow('closed');

    expect(performance.now() - start).toBeGreaterThan(1_900);
    await expect(send(['ECHO', 'next'])).resolves.toBe('next');
    close();
  });

  test('keeps a connection that is not asked anything, and gives it up later if it does not answer', async () => {
    const idle = redisConnection({ ...server('geheim'), silenceMillis: 50 });
    const other = redisConnection(server('geheim'));
    const id = await idle.send(['CLIENT', 'ID']);

    // four times as long as it would be waited for
    await other.send(['BLPOP', 'nothing', '0.2']);

    expect(await idle.send(['CLIENT', 'ID'])).toBe(id);
    await expect(idle.send(['BLPOP', 'nothing', '1'])).rejects.toThrow('closed');
    idle.close();
    other.close();
  });

  test('counts on after the server forgot the script', async () => {
    const { send, close } = redisConnection(server('geheim'));
    const store = new RedisLimitStore(send);
    const gcra = gcraOf({ limit: 4, perSeconds: 60 });
    await store.take('key', gcra);
    await send(['SCRIPT', 'FLUSH']);

    expect((await store.take('key', gcra)).admitted).toBe(true);
    expect((await store.take('key', gcra)).admitted).toBe(false);
    close();
  });

  test('fails at once where nobody listens', async () => {
    const { send } = redisConnection({ host: '127.0.0.1', port: await freePort(), tls: false });

    await expect(send(['PING'])).rejects.toThrow('ECONNREFUSED');
  });

  test('does not speak to a TLS port without TLS, nor to a plain one with it', async () => {
    const { send } = redisConnection({ ...server('geheim'), tls: true });

    await expect(send(['PING'])).rejects.toThrow();
  });
});

describeRedis('the authorizer, before Redis over TLS', () => {
  let folder: string;
  let redis: StartedRedis;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'redis-tls-'));
    const authority = await createThrowawayAuthority();
    const { key, cert } = await authority.issue();
    for (const [name, text] of Object.entries({ ca: authority.certificate, key, cert })) {
      writeFileSync(join(folder, name), text);
    }
    redis = await startRedis([
      ...['--port', '0', '--tls-port', 'PORT', '--tls-auth-clients', 'no', '--requirepass', 'geheim'],
      ...['--tls-cert-file', join(folder, 'cert'), '--tls-key-file', join(folder, 'key')],
      ...['--tls-ca-cert-file', join(folder, 'ca')],
    ]);
  });
  afterAll(async () => {
    await redis?.close();
    rmSync(folder, { recursive: true });
  });

  test.each([
    ['counts, with the password out of the secret', true],
    ['trusts no authority it was not told of', false],
  ])('%s', async (_, trusted) => {
    const secrets = await startSecrets(JSON.stringify({ username: 'default', password: 'geheim' }));
    const store = {
      kind: 'redis',
      host: '127.0.0.1',
      port: redis.port,
      tls: true,
      secretArn: 'arn',
    } as const;
    const limit = { limit: 2, perSeconds: 60 };

    const { admitted, errors } = await soak(
      { store, limit, keys: Array.from({ length: 8 }, () => 'all'), durationMillis: 1_000 },
      { ...secrets.environment, ...(trusted ? { NODE_EXTRA_CA_CERTS: join(folder, 'ca') } : {}) },
    );

    expect(admitted.get('all')?.length).toBe(trusted ? 1 : undefined);
    // a busy machine may keep a call waiting for too long; that is no want of trust
    const refusals = errors.filter((error) => !/no answer within/.test(error));
    expect(refusals.length === 0).toBe(trusted);
    await secrets.close();
  });
});
