import { type Running, run } from './running';
import { permission, proxied } from './template';

const methods = {
  'GET /orders/{id}': proxied(
    '/orders/{id}',
    {},
    {
      requestParameters: {
        'integration.request.path.id': 'method.request.path.id',
        'integration.request.header.X-Invocations': 'context.authorizer.invocations',
      },
    },
  ),
};

describe('an authorizer', () => {
  let running: Running;

  beforeAll(async () => {
    running = await run({ operations: methods });
  });
  afterAll(() => running.close());

  const lastRecord = () => running.gateway.requests().at(-1);

  test('lets a request through that its policy allows', async () => {
    const { status } = await running.send('GET /orders/7');

    expect(status).toBe(200);
    expect(running.backend.last().url).toBe('/orders/7');
  });

  test('is invoked with the documented event', async () => {
    await running.send('GET /orders/a%20b?x=1&x=2', { headers: { 'X-Trace': 'one' } });

    const events = running.gateway.logs('Authorizer').map(({ line }) => JSON.parse(line));
    expect(events.at(-1)).toMatchObject({
      type: 'REQUEST',
      methodArn: expect.stringMatching(
        /^arn:aws:execute-api:us-east-1:000000000000:\w{10}\/prod\/GET\/orders\/a%20b$/,
      ),
      resource: '/orders/{id}',
      path: '/orders/a%20b',
      httpMethod: 'GET',
      headers: { 'X-Trace': 'one' },
      multiValueHeaders: { 'X-Trace': ['one'] },
      queryStringParameters: { x: '2' },
      multiValueQueryStringParameters: { x: ['1', '2'] },
      pathParameters: { id: 'a%20b' },
      stageVariables: {},
      requestContext: {
        resourcePath: '/orders/{id}',
        httpMethod: 'GET',
        stage: 'prod',
        path: '/prod/orders/a%20b',
        identity: { sourceIp: '127.0.0.1' },
      },
    });
  });

  test('that denies gives 403 ACCESS_DENIED', async () => {
    const { status } = await running.send('GET /orders/7', { play: { effect: 'Deny' } });

    expect(status).toBe(403);
    expect(lastRecord()).toMatchObject({ refusedBy: 'authorization', responseType: 'ACCESS_DENIED' });
  });

  test('whose policy says nothing of this method gives 403', async () => {
    const { status } = await running.send('GET /orders/7', {
      play: { resource: 'arn:aws:execute-api:*:*:other/*' },
    });

    expect(status).toBe(403);
    expect(lastRecord()?.rule).toBe('implicit deny');
  });

  test('allows by a wildcard in the resource', async () => {
    const { status } = await running.send('GET /orders/7', {
      play: { resource: 'arn:aws:execute-api:*:*:*/prod/GET/orders/?' },
    });

    expect(status).toBe(200);
  });

  test('may answer no resource of more than 512 characters', async () => {
    const resource = (length: number) => `${'*'.repeat(length)}`;

    expect((await running.send('GET /orders/7', { play: { resource: resource(512) } })).status).toBe(200);
    expect((await running.send('GET /orders/7', { play: { resource: resource(513) } })).status).toBe(500);
  });

  test('is asked for no method whose ARN is longer than 1,600 bytes, which gives 414', async () => {
    const before = running.gateway.logs('Authorizer').length;
    const arn = `arn:aws:execute-api:us-east-1:000000000000:${'x'.repeat(10)}/prod/GET/orders/`;
    const longest = 'a'.repeat(1_600 - arn.length);

    expect((await running.send(`GET /orders/${longest}a`)).status).toBe(414);
    expect(running.gateway.logs('Authorizer')).toHaveLength(before);
    await running.send(`GET /orders/${longest}`);
    expect(running.gateway.logs('Authorizer')).toHaveLength(before + 1);
  });

  test('that denies and allows denies', async () => {
    const statement = (Effect: string) => ({ Effect, Action: 'execute-api:*', Resource: '*' });
    const answer = {
      principalId: 'caller',
      policyDocument: { Statement: [statement('Allow'), statement('Deny')] },
    };

    expect((await running.send('GET /orders/7', { play: { answer } })).status).toBe(403);
    expect(lastRecord()?.responseType).toBe('ACCESS_DENIED');
  });

  test.each([
    ['allows', {}, '200 200'],
    ['denies', { effect: 'Deny' }, '200 403'],
    ['throws Unauthorized', { fail: 'Unauthorized' }, '401 -'],
    ['fails', { fail: 'anything' }, '500 -'],
  ])('that %s says so by the statuses of its two phases', async (_what, play, statuses) => {
    const Format = '$context.requestId $context.authorizer.status $context.authorize.status';
    const logging = await run({
      operations: methods,
      stage: { AccessLogSetting: { DestinationArn: { 'Fn::GetAtt': ['AccessLog', 'Arn'] }, Format } },
    });
    await logging.send('GET /orders/7', { play });
    const line = logging.gateway.requests().at(-1)?.logLine;
    await logging.close();

    expect(line?.split(' ').slice(1).join(' ')).toBe(statuses);
  });

  test('that throws exactly Unauthorized gives 401', async () => {
    const { status } = await running.send('GET /orders/7', { play: { fail: 'Unauthorized' } });

    expect(status).toBe(401);
    expect(lastRecord()).toMatchObject({ refusedBy: 'authentication', responseType: 'UNAUTHORIZED' });
  });

  test.each([
    ['throws anything else', { fail: 'unauthorized' }],
    ['ends its process', { exit: 1 }],
    ['answers nothing', { answer: null }],
    ['answers no principal', { answer: { policyDocument: {} } }],
    ['answers a nested context', { context: { list: ['a'] } }],
    [
      'answers a policy with a condition',
      {
        answer: {
          principalId: 'x',
          policyDocument: { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*', Condition: {} }] },
        },
      },
    ],
    [
      'answers a policy without statements',
      { answer: { principalId: 'x', policyDocument: { Statement: [] } } },
    ],
  ])('that %s gives 500 and lets nothing through', async (_what, play) => {
    const before = running.backend.received.length;

    const { status } = await running.send('GET /orders/7', { play });

    expect(status).toBe(500);
    expect(lastRecord()).toMatchObject({ refusedBy: 'gateway' });
    expect(running.backend.received).toHaveLength(before);
  });

  test('that crashed answers the next request', async () => {
    await running.send('GET /orders/7', { play: { exit: 1 } });

    expect((await running.send('GET /orders/7')).status).toBe(200);
  });

  test('with a time to live of 0 is asked every time', async () => {
    await running.send('GET /orders/7');
    const first = Number(running.backend.last().header('X-Invocations'));
    await running.send('GET /orders/7');

    expect(Number(running.backend.last().header('X-Invocations'))).toBe(first + 1);
  });
});

describe('an authorizer of another template', () => {
  test('that hangs gives 500 once its function timed out', async () => {
    const running = await run({ functionProperties: { Timeout: 2 } });

    const { status } = await running.send('GET /orders', { play: { hang: true } });

    expect(status).toBe(500);
    expect(running.gateway.requests().at(-1)?.rule).toBe('the function ran out of time');
    expect((await running.send('GET /orders')).status).toBe(200);
    await running.close();
  });

  test('beyond its reserved concurrency is throttled, which gives 500', async () => {
    const running = await run({ functionProperties: { ReservedConcurrentExecutions: 0 } });

    expect((await running.send('GET /orders')).status).toBe(500);
    expect(running.backend.received).toHaveLength(0);
    await running.close();
  });

  test('that API Gateway has no permission to invoke gives 500', async () => {
    const elsewhere = { SourceArn: 'arn:aws:execute-api:us-east-1:000000000000:other/*' };
    const { Type, Properties } = permission('Authorizer') as { Type: string; Properties: object };
    const running = await run({
      resources: { AuthorizerPermission: { Type, Properties: { ...Properties, ...elsewhere } } },
    });

    expect((await running.send('GET /orders')).status).toBe(500);
    expect(running.gateway.logs('Authorizer')).toHaveLength(0);
    await running.close();
  });

  test('of a type we cannot run gives 500 and is named as such', async () => {
    const running = await run({ authorizer: { type: 'cognito_user_pools' } });

    expect((await running.send('GET /orders')).status).toBe(500);
    expect(running.gateway.ignored).toContainEqual(expect.stringContaining('GET /orders answers 500'));
    await running.close();
  });
});

describe('an authorizer with a cache', () => {
  let running: Running;
  let now = Date.parse('2026-11-22T12:00:00Z');

  beforeAll(async () => {
    running = await run(
      {
        operations: methods,
        authorizer: {
          identitySource: 'method.request.header.Authorization',
          authorizerResultTtlInSeconds: 60,
        },
      },
      { clock: () => now },
    );
  });
  afterAll(() => running.close());

  test('is not asked when an identity source is missing, which gives 401', async () => {
    const { status } = await running.send('GET /orders/7');

    expect(status).toBe(401);
    expect(running.gateway.logs('Authorizer')).toHaveLength(0);
  });

  test('is asked once for one identity until its time to live is over', async () => {
    const headers = { Authorization: 'Bearer one' };
    await running.send('GET /orders/7', { headers });
    const first = running.backend.last().header('X-Invocations');
    now += 59_000;
    await running.send('GET /orders/7', { headers });
    expect(running.backend.last().header('X-Invocations')).toBe(first);

    now += 2_000;
    await running.send('GET /orders/7', { headers });
    expect(running.backend.last().header('X-Invocations')).not.toBe(first);
  });

  test('shares an answer between methods, so that a policy for one refuses the other', async () => {
    const headers = { Authorization: 'Bearer two' };

    expect((await running.send('GET /orders/7', { headers })).status).toBe(200);
    expect((await running.send('GET /orders', { headers })).status).toBe(403);
  });
});
