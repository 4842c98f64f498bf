import { type Running, run } from './running';
import { functionResource, invocationUri, permission, proxied } from './template';

describe('a function behind AWS_PROXY', () => {
  let running: Running;

  beforeAll(async () => {
    running = await run({
      body: { 'x-amazon-apigateway-binary-media-types': ['application/octet-stream'] },
      operations: {
        'POST /echo/{id}': proxied(
          '',
          {},
          {
            type: 'aws_proxy',
            httpMethod: 'POST',
            uri: invocationUri('Echo'),
            requestParameters: { 'integration.request.header.Authorization': "'-'" },
          },
        ),
        'GET /mock': proxied(
          '',
          { security: [] },
          {
            type: 'mock',
            requestTemplates: { 'application/json': '{"statusCode":204}' },
            responses: {
              default: {
                statusCode: '204',
                responseParameters: {
                  'method.response.header.Access-Control-Allow-Origin': "'https://app.example.com'",
                },
              },
            },
          },
        ),
        'GET /velocity': proxied(
          '',
          {},
          { type: 'mock', requestTemplates: { 'application/json': '#set($x = 1){"statusCode":200}' } },
        ),
        'GET /closed': proxied('', {}, { type: 'aws_proxy', uri: invocationUri('Closed') }),
        'GET /stream': proxied(
          '',
          {},
          { type: 'aws', uri: 'arn:aws:apigateway:us-east-1:kinesis:action/PutRecord' },
        ),
      },
      resources: {
        Closed: functionResource('echo.zip'),
        Echo: functionResource('echo.zip'),
        EchoPermission: permission('Echo'),
      },
    });
  });
  afterAll(() => running.close());

  test('gets the request as it came: mappings have no effect', async () => {
    const { text, headers } = await running.send('POST /echo/7?x=1', {
      headers: { Authorization: 'Bearer secret' },
    });

    const event = JSON.parse(text);
    expect(headers.get('x-from')).toBe('function');
    expect(event).toMatchObject({
      resource: '/echo/{id}',
      path: '/echo/7',
      httpMethod: 'POST',
      pathParameters: { id: '7' },
      queryStringParameters: { x: '1' },
      body: null,
      isBase64Encoded: false,
      requestContext: { authorizer: { principalId: 'caller', userId: 'alice' } },
    });
    expect(Object.values(event.headers)).toContain('Bearer secret');
  });

  test('gets and answers binary media types in base64', async () => {
    const headers = { 'Content-Type': 'application/octet-stream' };
    const { text } = await running.send('POST /echo/7', { headers, body: '{}' });

    expect(JSON.parse(text)).toMatchObject({ body: 'e30=', isBase64Encoded: true });
  });

  test('that answers what is no response gives 502', async () => {
    const { status } = await running.send('POST /echo/7', { body: '{"answer":{"body":1}}' });

    expect(status).toBe(502);
    expect(running.gateway.requests().at(-1)?.refusedBy).toBe('backend');
  });

  test('that gave API Gateway no permission is not invoked', async () => {
    expect((await running.send('GET /closed')).status).toBe(500);
    expect(running.gateway.requests().at(-1)?.rule).toBe('API Gateway may not invoke the function');
  });

  test('is one of several integrations; a MOCK answers the status its template names', async () => {
    const { status, headers } = await running.send('GET /mock');

    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe('https://app.example.com');
  });

  test('is not confused with what cannot be run here, which is named and answers 500', async () => {
    expect((await running.send('GET /velocity')).status).toBe(500);
    expect((await running.send('GET /stream')).status).toBe(500);
    expect(running.gateway.ignored).toContainEqual('integration type AWS: GET /stream answers 500');
  });
});

describe('the processes of functions', () => {
  test('see the template’s variables, those given, and nothing of ours but the authorities to trust', async () => {
    process.env['SECRET_OF_THIS_MACHINE'] = 'x';
    process.env['NODE_EXTRA_CA_CERTS'] = '/authorities.pem';
    const show = functionResource('', {
      Code: {
        ZipFile: 'exports.handler = async () => ({ statusCode: 200, body: JSON.stringify(process.env) });',
      },
      Environment: { Variables: { STACK: { Ref: 'AWS::StackId' } } },
    });
    const running = await run(
      {
        operations: { 'GET /env': proxied('', {}, { type: 'aws_proxy', uri: invocationUri('Show') }) },
        resources: { Show: show, ShowPermission: permission('Show') },
      },
      { environment: { EXTRA: 'given' } },
    );

    const environment = JSON.parse((await running.send('GET /env')).text);

    expect(environment).toMatchObject({
      STACK: expect.stringMatching(
        /^arn:aws:cloudformation:us-east-1:000000000000:stack\/Local\/[0-9a-f-]{36}$/,
      ),
      EXTRA: 'given',
      NODE_EXTRA_CA_CERTS: '/authorities.pem',
      AWS_REGION: 'us-east-1',
      _HANDLER: 'index.handler',
    });
    expect(environment).not.toHaveProperty('SECRET_OF_THIS_MACHINE');
    delete process.env['SECRET_OF_THIS_MACHINE'];
    delete process.env['NODE_EXTRA_CA_CERTS'];
    await running.close();
  });

  test('follow an injected clock', async () => {
    let now = Date.parse('2031-01-01T00:00:00Z');
    const running = await run({}, { clock: () => now });

    await running.send('GET /orders');
    now += 3_600_000;
    await running.send('GET /orders');

    const [first, second] = running.gateway.requests();
    expect(second!.time.getTime() - first!.time.getTime()).toBe(3_600_000);
    await running.close();
  });

  test('handle one invocation each at a time, so that one that hangs does not hold up the others', async () => {
    const running = await run({ functionProperties: { Timeout: 60 } });
    let hung = true;
    const hanging = running.send('GET /orders', { play: { hang: true } }).finally(() => {
      hung = false;
    });

    const answers = await Promise.all([1, 2, 3, 4].map(() => running.send('GET /orders')));

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(hung).toBe(true);
    const ended = hanging.catch(() => {});
    await running.close();
    await ended;
  });

  test('that end while they load, or have no handler, fail each invocation with 502', async () => {
    const running = await run({
      operations: {
        'GET /ending': proxied('', {}, { type: 'aws_proxy', uri: invocationUri('Ending') }),
        'GET /empty': proxied('', {}, { type: 'aws_proxy', uri: invocationUri('Empty') }),
      },
      resources: {
        Ending: functionResource('', { Code: { ZipFile: 'process.exit(3);' } }),
        EndingPermission: permission('Ending'),
        Empty: functionResource('', { Code: { ZipFile: 'throw new Error("no config");' } }),
        EmptyPermission: permission('Empty'),
      },
    });

    for (const path of ['GET /ending', 'GET /empty', 'GET /ending']) {
      expect((await running.send(path)).status).toBe(502);
    }
    expect(
      running.gateway
        .logs('Empty')
        .map(({ line }) => line)
        .join(),
    ).toContain('no config');
    await running.close();
  });

  test('have what they emit in the embedded format summed', async () => {
    const emit = {
      _aws: { CloudWatchMetrics: [{ Namespace: 'Orders', Dimensions: [], Metrics: [{ Name: 'Refused' }] }] },
      Refused: 2,
    };
    const running = await run({
      operations: { 'GET /emit': proxied('', {}, { type: 'aws_proxy', uri: invocationUri('Emit') }) },
      resources: {
        Emit: functionResource('', {
          Code: {
            ZipFile: `exports.handler = async () => { console.log('${JSON.stringify(emit)}'); return { statusCode: 200 }; };`,
          },
        }),
        EmitPermission: permission('Emit'),
      },
    });

    await running.send('GET /emit');
    await running.send('GET /emit');
    // written to a pipe: the second line may be behind its answer
    while (running.gateway.logs('Emit').length < 2) await new Promise((done) => setImmediate(done));

    expect(running.gateway.metrics().emitted).toEqual({ 'Orders/Refused': 4 });
    await running.close();
  });

  test('are ended with the gateway', async () => {
    const running = await run();
    const pid = functionResource('', {
      Code: { ZipFile: 'exports.handler = async () => ({ statusCode: 200, body: String(process.pid) });' },
    });
    await running.close();
    const other = await run({
      operations: { 'GET /pid': proxied('', {}, { type: 'aws_proxy', uri: invocationUri('Pid') }) },
      resources: { Pid: pid, PidPermission: permission('Pid') },
    });
    const id = Number((await other.send('GET /pid')).text);
    expect(() => process.kill(id, 0)).not.toThrow();

    await other.close();

    await expect(gone(id)).resolves.toBe(true);
  });
});

/** Resolves once no process has this id. */
async function gone(id: number): Promise<boolean> {
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    try {
      process.kill(id, 0);
    } catch {
      return true;
    }
    await new Promise((done) => setImmediate(done));
  }
  return false;
}
