import { type Running, run } from './running';
import { proxied } from './template';

const mapped = {
  'GET /mapped/{id}': proxied(
    '/mapped/{id}',
    {},
    {
      requestParameters: {
        'integration.request.path.id': 'method.request.path.id',
        'integration.request.header.X-User-Id': 'context.authorizer.userId',
        'integration.request.header.X-Absent': 'context.authorizer.nothing',
        'integration.request.header.Authorization': "'-'",
        'integration.request.header.X-Last': 'method.request.header.X-Many',
        'integration.request.header.X-All': 'method.request.multivalueheader.X-Many',
        'integration.request.querystring.tag': "'mapped'",
      },
    },
  ),
  'GET /forbidden': proxied(
    '/forbidden',
    {},
    {
      requestParameters: { 'integration.request.header.X-Amzn-Trace-Id': "'mine'" },
    },
  ),
  'POST /orders': proxied('/orders'),
  'GET /slow': proxied('/slow', {}, { timeoutInMillis: 50 }),
};

describe('an HTTP_PROXY integration', () => {
  let running: Running;

  beforeAll(async () => {
    running = await run({ operations: mapped });
  });
  afterAll(() => running.close());

  const lastRecord = () => running.gateway.requests().at(-1);

  test('forwards the headers of the caller, the credential too where nothing is mapped', async () => {
    await running.send('GET /orders', { headers: { 'X-Own': '1', Authorization: 'Bearer secret' } });

    const received = running.backend.last();
    expect(received.header('X-Own')).toBe('1');
    expect(received.header('Authorization')).toBe('Bearer secret');
  });

  test.each([
    'Content-MD5',
    'Max-Forwards',
    'Via',
    'Server',
    'WWW-Authenticate',
    'Content-Encoding',
    'Trailer',
  ])('drops %s', async (name) => {
    await running.send('POST /orders', { headers: { [name]: '1' }, body: '{}' });

    const names = running.backend.last().rawHeaders.map((item) => item.toLowerCase());
    expect(names).not.toContain(name.toLowerCase());
  });

  test('names the service of the template as host, and adds its own headers', async () => {
    await running.send('GET /orders', {
      headers: { 'X-Forwarded-For': '203.0.113.7', 'X-Amzn-Apigateway-Api-Id': 'forged' },
    });

    const received = running.backend.last();
    expect(received.header('Host')).toBe('orders.internal.example.com');
    expect(received.header('X-Forwarded-For')).toBe('203.0.113.7, 127.0.0.1');
    expect(received.header('X-Forwarded-Proto')).toBe('https');
    expect(received.header('X-Amzn-Trace-Id')).toMatch(/^Root=1-[0-9a-f]{8}-/);
    expect(received.rawHeaders).not.toContain('forged');
  });

  test.each(['Authorization', 'authorization'])(
    'puts the mapped value in place of the caller’s %s',
    async (name) => {
      await running.send('GET /mapped/1', { headers: { [name]: 'Bearer secret' } });

      const { rawHeaders } = running.backend.last();
      expect(rawHeaders).not.toContain('Bearer secret');
      expect(running.backend.last().header('Authorization')).toBe('-');
    },
  );

  test('puts the caller’s identity in place of one the caller made up', async () => {
    await running.send('GET /mapped/1', { headers: { 'X-User-Id': 'root' } });

    expect(running.backend.last().rawHeaders).not.toContain('root');
    expect(running.backend.last().header('X-User-Id')).toBe('alice');
  });

  test('leaves the caller’s header in place where the source of the mapping is missing', async () => {
    await running.send('GET /mapped/1', { headers: { 'X-Absent': 'spoofed' } });

    expect(running.backend.last().header('X-Absent')).toBe('spoofed');
  });

  test('joins a mapped query parameter with the caller’s instead of replacing it', async () => {
    await running.send('GET /mapped/1?tag=own');

    expect(running.backend.last().url).toBe('/mapped/1?tag=mapped%2Cown');
  });

  test('reads a query that semicolons separate, but not one that holds them encoded', async () => {
    await running.send('GET /mapped/1?tag=own;b=2&c=3%3B4');

    expect(running.backend.last().url).toBe('/mapped/1?b=2&c=3%3B4&tag=mapped%2Cown');
  });

  test('takes the last of several values of a header, or joins them', async () => {
    await fetch(`${running.gateway.url}mapped/1`, { headers: [['X-Many', 'one, two']] });

    expect(running.backend.last().header('X-Last')).toBe('one, two');
    expect(running.backend.last().header('X-All')).toBe('one, two');
  });

  test('hands path parameters on decoded, so that an encoded slash is a slash to the service', async () => {
    await running.send('GET /mapped/..%2Fadmin%20x');

    expect(running.backend.last().url).toBe('/mapped/../admin%20x?tag=mapped');
  });

  test('that maps a header of API Gateway’s own gives 500', async () => {
    expect((await running.send('GET /forbidden')).status).toBe(500);
  });

  test('hands body and media type on as they are', async () => {
    await running.send('POST /orders', { headers: { 'Content-Type': 'text/plain' }, body: 'hello' });

    expect(running.backend.last().body).toBe('hello');
    expect(running.backend.last().rawHeaders).toEqual(expect.arrayContaining(['text/plain']));
  });

  test('hands the answer on, with headers of the service remapped that are API Gateway’s own', async () => {
    const challenge = 'Bearer realm="orders"';
    const respond = {
      status: 418,
      headers: {
        Server: 'nginx/1.0',
        'X-Kept': 'yes',
        'WWW-Authenticate': challenge,
        Via: '1.1 proxy',
        'Content-Encoding': 'identity',
      },
      body: 'teapot',
    };

    const { status, headers, text } = await running.send('GET /orders', { respond });

    expect([status, text]).toEqual([418, 'teapot']);
    expect(headers.get('x-kept')).toBe('yes');
    expect(headers.get('x-amzn-remapped-server')).toBe('nginx/1.0');
    expect(headers.get('x-amzn-remapped-www-authenticate')).toBe(challenge);
    for (const name of ['server', 'www-authenticate', 'via', 'content-encoding']) {
      expect(headers.get(name)).toBeNull();
    }
    expect(headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
    expect(lastRecord()?.refusedBy).toBeUndefined();
  });

  test('gives INTEGRATION_FAILURE when the service drops the connection', async () => {
    const { status } = await running.send('GET /orders', { respond: { drop: true } });

    expect(status).toBe(504);
    expect(lastRecord()).toMatchObject({ refusedBy: 'backend', responseType: 'INTEGRATION_FAILURE' });
  });

  test('gives INTEGRATION_TIMEOUT when the service does not answer in time', async () => {
    const { status } = await running.send('GET /slow', { respond: { hang: true } });

    expect(status).toBe(504);
    expect(lastRecord()).toMatchObject({ refusedBy: 'backend', responseType: 'INTEGRATION_TIMEOUT' });
  });
});

describe('an HTTP integration', () => {
  let running: Running;

  beforeAll(async () => {
    running = await run({
      operations: {
        'POST /mapped': proxied(
          '/mapped',
          {},
          {
            type: 'http',
            httpMethod: 'POST',
            requestParameters: { 'integration.request.header.X-User-Id': 'context.authorizer.userId' },
            requestTemplates: {
              'application/json': '{"user":"$context.authorizer.userId","order":$input.json(\'$\')}',
            },
            passthroughBehavior: 'NEVER',
            responses: {
              default: {
                statusCode: '200',
                responseParameters: {
                  'method.response.header.X-Kind': "'static'",
                  'method.response.header.Authorization': "'own'",
                },
              },
              '4\\d\\d': { statusCode: '409', responseTemplates: { 'application/json': '{"refused":true}' } },
            },
          },
        ),
      },
    });
  });
  afterAll(() => running.close());

  test('forwards mapped headers only', async () => {
    const headers = { Authorization: 'Bearer secret', 'X-Own': '1', 'Content-Type': 'application/json' };

    await running.send('POST /mapped', { headers, body: '{"sku":1}' });

    const received = running.backend.last();
    expect(received.rawHeaders).not.toContain('Bearer secret');
    expect(received.header('X-Own')).toBeUndefined();
    expect(received.header('X-User-Id')).toBe('alice');
    expect(received.header('User-Agent')).toMatch(/^AmazonAPIGateway_/);
    expect(JSON.parse(received.body)).toEqual({ user: 'alice', order: { sku: 1 } });
  });

  test('that never passes through refuses another media type with 415', async () => {
    const { status } = await running.send('POST /mapped', {
      headers: { 'Content-Type': 'text/plain' },
      body: 'x',
    });

    expect(status).toBe(415);
  });

  test('answers only what its responses map', async () => {
    const { headers, text } = await running.send('POST /mapped', {
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    });

    expect(headers.get('x-kind')).toBe('static');
    expect(headers.get('x-amzn-remapped-authorization')).toBe('own');
    expect(headers.get('authorization')).toBeNull();
    expect(text).toBe('{"ok":true}');
  });
});

describe('a gateway whose service is down', () => {
  test('answers 504 and says so in its record', async () => {
    const running = await run();
    await running.backend.close();

    expect((await running.send('GET /orders')).status).toBe(504);
    expect(running.gateway.requests().at(-1)?.rule).toBe('orders: ECONNREFUSED');
    await running.gateway.close();
  });
});
