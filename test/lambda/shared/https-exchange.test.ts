import { Agent } from 'node:https';
import { exchange, type HttpsExchange } from '../../../lambda/shared/https-exchange';
import { answerJson, type Behaviour, startServer, type TestServer } from '../authorizer/https-server';

let server: TestServer;
let agent: Agent;

beforeEach(async () => {
  server = await startServer(answerJson({ done: true }));
  agent = new Agent({ keepAlive: true, ca: server.agent.options.ca });
});

afterEach(async () => {
  agent.destroy();
  await server.close();
});

const ask = (options: Partial<HttpsExchange> = {}) =>
  exchange({ url: `${server.url}/a`, timeLimitMillis: 5_000, maximumBytes: 100, agent, ...options });

/** Resets the connection at some requests, by their number. */
const resettingAt =
  (...numbers: readonly number[]): Behaviour =>
  (request, response) => {
    if (numbers.includes(server.requests.length)) request.socket.destroy();
    else answerJson({ done: true })(request, response);
  };

describe('an HTTPS exchange', () => {
  test('is sent again where a kept connection died, as often as it takes', async () => {
    await ask();
    server.behave = resettingAt(2);

    await expect(ask()).resolves.toMatchObject({ status: 200 });
    expect(server.requests).toHaveLength(3);
  });

  test('is not sent again over a new connection that was reset', async () => {
    server.behave = resettingAt(1);

    await expect(ask()).rejects.toThrow('socket hang up');
    expect(server.requests).toHaveLength(1);
  });

  test('is not sent again over a kept connection where it took too long', async () => {
    await ask();
    server.behave = () => {};

    await expect(ask({ timeLimitMillis: 30 })).rejects.toThrow('no answer within 30 ms');
    expect(server.requests).toHaveLength(2);
  });

  test('that is sent again has the time that is left', async () => {
    await ask();
    server.behave = (request) => {
      if (server.requests.length === 2) setTimeout(() => request.socket.destroy(), 100);
    };

    const failure: Error = await ask({ timeLimitMillis: 400 }).catch((error) => error);
    expect(server.requests).toHaveLength(3);
    expect(Number(/within (\d+) ms/.exec(failure.message)?.[1])).toBeLessThanOrEqual(310);
  });

  test('takes an answer of the most bytes that are allowed, and not one more', async () => {
    server.behave = (_, response) => response.writeHead(200).end('a'.repeat(100));
    await expect(ask()).resolves.toMatchObject({ body: Buffer.from('a'.repeat(100)) });
    await expect(ask({ maximumBytes: 99 })).rejects.toThrow('longer than 99 bytes');
  });

  test('asks for no compression, whatever else it asks for', async () => {
    let encoding: unknown;
    server.behave = (request, response) => {
      encoding = request.headers['accept-encoding'];
      answerJson({})(request, response);
    };
    await ask({ headers: { 'accept-encoding': 'gzip' } });

    expect(encoding).toBe('identity');
  });

  test.each(['http://127.0.0.1/', 'ftp://127.0.0.1/', 'file:///etc/passwd', 'no address', ''])(
    'is not begun for %j',
    async (url) => {
      await expect(ask({ url })).rejects.toThrow('only https is asked');
    },
  );
});
