import { createServer } from 'node:net';
import { LocalGateway } from '../../lib/local';
import { type Running, run } from './running';
import { ASSETS, proxied, template } from './template';

describe('a local gateway', () => {
  let running: Running;

  beforeAll(async () => {
    running = await run({}, { controlPort: 0, keep: 3 });
  });
  afterAll(() => running.close());

  test('records each request’s way through the stages', async () => {
    await running.send('GET /orders', { play: { fail: 'Unauthorized' } });

    const record = running.gateway.requests().at(-1);
    expect(record?.stages.map(({ stage, verdict }) => `${stage} ${verdict}`)).toEqual([
      'gateway passed',
      'firewall passed',
      'routing passed',
      'authentication refused',
    ]);
    expect(record?.stages.every(({ milliseconds }) => milliseconds >= 0)).toBe(true);
    expect(record?.logLine).toBe(`{"id":"${record?.requestId}","status":"401","user":"-"}`);
  });

  test('keeps the newest records only', async () => {
    for (let index = 0; index < 5; index += 1) await running.send(`GET /unknown/${index}`);

    expect(running.gateway.requests().map(({ path }) => path)).toEqual(
      [2, 3, 4].map((index) => `/prod/unknown/${index}`),
    );
  });

  test('counts refusals by stage', async () => {
    const before = running.gateway.metrics();
    await running.send('GET /unknown');

    const { count, clientErrors, refusedBy } = running.gateway.metrics();
    expect([count - before.count, clientErrors - before.clientErrors]).toEqual([1, 1]);
    expect(refusedBy.routing).toBe((before.refusedBy.routing ?? 0) + 1);
  });

  test('tells its requests on the control port, to programs and not to web pages', async () => {
    const { control } = running.gateway.endpoints;

    const answer = await fetch(`${control}/requests`);
    const { request } = await import('node:http');
    const rebound = await new Promise<number | undefined>((done) => {
      request(`${control}/requests`, { headers: { Host: 'evil.example' } }, ({ statusCode }) =>
        done(statusCode),
      ).end();
    });

    expect(await answer.json()).toHaveLength(3);
    expect(rebound).toBe(404);
  });

  test('takes a request id that the caller chose, if it is a UUID', async () => {
    const id = '01234567-89ab-cdef-0123-456789abcdef';

    const chosen = await running.send('GET /unknown', { headers: { 'X-Amzn-RequestId': id } });
    const other = await running.send('GET /unknown', { headers: { 'X-Amzn-RequestId': 'mine"' } });

    expect(chosen.headers.get('x-amzn-requestid')).toBe(id);
    expect(other.headers.get('x-amzn-requestid')).not.toBe('mine"');
  });

  test('refuses headers beyond 10,240 bytes and addresses beyond 10,240 characters', async () => {
    expect((await running.send('GET /orders', { headers: { 'X-Long': 'x'.repeat(10_240) } })).status).toBe(
      431,
    );
    expect((await running.send(`GET /orders?x=${'x'.repeat(9_000)}`)).status).toBe(200);
    expect((await running.send(`GET /orders?x=${'x'.repeat(10_240)}`)).status).toBe(414);
  });

  test('is one of several in a process', async () => {
    const other = await run();

    await other.send('GET /orders');

    expect(other.gateway.requests()).toHaveLength(1);
    expect(other.gateway.url).not.toBe(running.gateway.url);
    await other.close();
  });

  test('fails plainly on a port that is taken', async () => {
    const port = Number(new URL(running.gateway.url).port);

    await expect(
      LocalGateway.start(
        { template: template(), assets: ASSETS },
        { backends: { orders: 'http://127.0.0.1:1' }, port },
      ),
    ).rejects.toThrow(`port ${port} on 127.0.0.1 is not to be had`);
  });

  test('frees its port when it closes', async () => {
    const closing = await run();
    const port = Number(new URL(closing.gateway.url).port);
    await closing.close();

    const server = createServer();
    await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
    await new Promise((done) => server.close(done));
  });

  test('stands in for callers elsewhere where asked to', async () => {
    const other = await run({}, { sourceIpHeader: 'X-Test-Ip' });

    await other.send('GET /orders', { headers: { 'X-Test-Ip': '203.0.113.9' } });

    const [event] = other.gateway.logs('Authorizer').map(({ line }) => JSON.parse(line));
    expect(event.requestContext.identity.sourceIp).toBe('203.0.113.9');
    expect(other.backend.last().header('X-Test-Ip')).toBeUndefined();
    await other.close();
  });
});

describe('the services of a local gateway', () => {
  const start = (backends: Record<string, string>) =>
    LocalGateway.start({ template: template(), assets: ASSETS }, { backends });

  test('fail to start when one has no address, and name it', async () => {
    await expect(start({})).rejects.toThrow(
      /backend 'orders' \(https:\/\/orders\.internal\.example\.com\) has no address here/,
    );
  });

  test('fail to start when one is unknown or its address is none', async () => {
    await expect(start({ orders: '127.0.0.1:3000', other: 'http://127.0.0.1:1' })).rejects.toMatchObject({
      problems: [{ code: 'UNKNOWN_BACKEND' }, { code: 'BAD_BACKEND_URL' }],
    });
  });

  test('have the host of the integration for a name where the template names none', async () => {
    const foreign = template({
      operations: { 'GET /other': proxied('', {}, { uri: 'https://public.example.com/x' }) },
    });

    await expect(
      LocalGateway.start(
        { template: foreign, assets: ASSETS },
        { backends: { orders: 'http://127.0.0.1:1' } },
      ),
    ).rejects.toThrow("backend 'public.example.com'");
  });
});

describe('a VPC link of a local gateway', () => {
  const linked = (integration: object) => ({
    operations: {
      'GET /orders': proxied(
        '/orders',
        {},
        { connectionType: 'VPC_LINK', connectionId: { Ref: 'Link' }, ...integration },
      ),
    },
    resources: {
      Link: { Type: 'AWS::ApiGatewayV2::VpcLink', Properties: {} },
      Balancer: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: {} },
    },
  });

  test('leads to the load balancer of the template, which the record names', async () => {
    const running = await run(linked({ integrationTarget: { Ref: 'Balancer' } }));

    await running.send('GET /orders');

    expect(running.gateway.requests()[0]?.stages.at(-1)?.rule).toBe('orders through Balancer');
    await running.close();
  });

  test('fails to start without one, as it would fail to deploy', async () => {
    await expect(
      LocalGateway.start(
        { template: template(linked({})), assets: ASSETS },
        { backends: { orders: 'http://127.0.0.1:1' } },
      ),
    ).rejects.toThrow('NO_INTEGRATION_TARGET');
  });
});

describe('the log lines of a local gateway', () => {
  test('are masked by the data-protection policy of their group, and nowhere else', async () => {
    const policy = {
      Name: 'mask',
      Version: '2021-06-01',
      Configuration: { CustomDataIdentifier: [{ Name: 'Key', Regex: 'sk_live_[0-9A-Za-z]+' }] },
      Statement: [
        {
          DataIdentifier: [
            'Key',
            'arn:aws:dataprotection::aws:data-identifier/EmailAddress',
            'arn:aws:dataprotection::aws:data-identifier/CreditCardNumber',
            'arn:aws:dataprotection::aws:data-identifier/IpAddress',
          ],
          Operation: { Deidentify: { MaskConfig: {} } },
        },
      ],
    };
    const running = await run({
      stage: {
        AccessLogSetting: {
          DestinationArn: { 'Fn::GetAtt': ['AccessLog', 'Arn'] },
          Format: '$context.requestId $context.path $context.identity.userAgent $context.notThere',
        },
      },
      resources: { AccessLog: { Type: 'AWS::Logs::LogGroup', Properties: { DataProtectionPolicy: policy } } },
    });

    await running.send('GET /orders/sk_live_0123abc', {
      headers: { 'User-Agent': 'sk_live_9 ada@example.com card 5555555555554444, id 5555555555554444444' },
    });

    const [record] = running.gateway.requests();
    expect(record?.logLine).toBe(
      `${record?.requestId} /prod/orders/*************** ********* *************** card ****************, id 5555555555554444444 -`,
    );
    expect(record?.path).toBe('/prod/orders/***************');
    expect(running.gateway.logs().map(({ line }) => line)).toEqual([record?.logLine]);
    expect(running.gateway.ignored).toContainEqual(expect.stringContaining('IpAddress'));
    await running.close();
  });
});
