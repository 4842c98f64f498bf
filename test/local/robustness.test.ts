import { createServer as createPlainServer } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { LocalGateway } from '../../lib/local';
import { createThrowawayAuthority } from '../../lib/local/throwaway-authority';
import { type Running, run } from './running';
import { ASSETS, proxied, template } from './template';

describe('a local gateway in odd weather', () => {
  let running: Running;

  beforeAll(async () => {
    const checked = (schema: object) => ({
      'x-amazon-apigateway-request-validator': 'body',
      requestBody: { content: { 'application/json': { schema }, $default: { schema } } },
    });
    running = await run({
      operations: {
        'POST /strict': proxied('/strict', checked({ type: 'object', required: ['sku'] })),
        'POST /broken': proxied('/broken', checked({ $ref: '#/components/schemas/Nothing' })),
      },
    });
  });
  afterAll(() => running?.close());

  test.each(['constructor', '__proto__', 'toString'])(
    'holds a body of type %s to the model',
    async (type) => {
      const { status } = await running.send('POST /strict', {
        headers: { 'Content-Type': type },
        body: '{}',
      });

      expect(status).toBe(400);
    },
  );

  test('tells the authorizer of every parameter, whatever its name, each by its own case', async () => {
    await running.send('GET /orders?__proto__=1&constructor=2&limit=3&Limit=4');

    const lines = running.gateway.logs('Authorizer').map(({ line }) => line);
    expect(lines.at(-1)).toContain(
      '"queryStringParameters":{"__proto__":"1","constructor":"2","limit":"3","Limit":"4"}',
    );
  });

  test('answers 500 for a model that cannot be used, and lets nothing through', async () => {
    const before = running.backend.received.length;

    expect((await running.send('POST /broken', { body: '{}' })).status).toBe(500);
    expect(running.gateway.requests().at(-1)).toMatchObject({
      refusedBy: 'body',
      rule: expect.stringContaining('Nothing'),
    });
    expect(running.backend.received).toHaveLength(before);
  });

  test('sends what it says, whatever a header makes of the method', async () => {
    const { status, text } = await running.send('GET /orders', {
      headers: { 'X-HTTP-Method-Override': 'HEAD' },
    });

    expect(status).toBe(403);
    expect(text).toContain('Missing Authentication Token');
  });

  test('outlives a client that goes away in the middle of its body', async () => {
    const { request } = await import('node:http');
    await new Promise<void>((done) => {
      const leaving = request(`${running.gateway.url}strict`, {
        method: 'POST',
        headers: { 'Content-Length': '100' },
      });
      leaving.on('error', () => done());
      leaving.write('{');
      leaving.on('socket', (socket) => socket.on('connect', () => leaving.destroy(new Error('gone'))));
    });

    expect((await running.send('GET /orders')).status).toBe(200);
  });
});

describe('a large API', () => {
  test('of 700 operations in a template of a megabyte is up in two seconds', async () => {
    const operations = Object.fromEntries(
      Array.from({ length: 700 }, (_, index) => [
        `POST /things${index}/{id}`,
        proxied(
          `/things${index}/{id}`,
          {
            'x-amazon-apigateway-request-validator': 'body',
            requestBody: {
              content: { $default: { schema: { $ref: `#/components/schemas/Thing${index}` } } },
            },
          },
          { requestParameters: { 'integration.request.path.id': 'method.request.path.id' } },
        ),
      ]),
    );
    const schemas = Object.fromEntries(
      Array.from({ length: 700 }, (_, index) => [
        `Thing${index}`,
        {
          type: 'object',
          required: ['sku'],
          properties: Object.fromEntries(
            Array.from({ length: 16 }, (_, property) => [
              `property${property}`,
              { type: 'string', maxLength: 64, pattern: '^[a-z]*$' },
            ]),
          ),
        },
      ]),
    );
    const large = template({ operations, schemas });
    expect(JSON.stringify(large).length).toBeGreaterThan(1_000_000);

    const began = process.cpuUsage();
    const running = await run({ operations, schemas });
    const { user, system } = process.cpuUsage(began);

    // processor time: what else the machine does is not our doing
    expect((user + system) / 1_000).toBeLessThan(2_000);
    expect((await running.send('POST /things699/1', { body: '{}' })).status).toBe(400);
    expect((await running.send('POST /things699/1', { body: '{"sku":1}' })).status).toBe(200);
    await running.close();
  });
});

describe('a private service that closes connections', () => {
  test('while they are idle costs no request, and gets none twice that must not be', async () => {
    const used = new WeakSet<object>();
    const answered: string[] = [];
    const server = createPlainServer((request, response) => {
      // as if it had closed the connection just when the request was under way
      if (used.has(request.socket)) {
        request.socket.resetAndDestroy();
        return;
      }
      used.add(request.socket);
      answered.push(request.method ?? '');
      response.end('{}');
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const running = await run(
      { operations: { 'POST /orders': proxied('/orders') } },
      { backends: { orders: url } },
    );

    const statuses: number[] = [];
    for (const method of ['GET', 'GET', 'POST', 'POST', 'GET']) {
      statuses.push((await running.send(`${method} /orders`)).status);
    }

    expect(statuses).toEqual([200, 200, 200, 200, 200]);
    expect(answered).toEqual(['GET', 'GET', 'POST', 'POST', 'GET']);
    await running.close();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
});

describe('a private service over TLS', () => {
  test('is called by the name in the template, with the gateway’s client certificate', async () => {
    const [services, clients] = await Promise.all([1, 2].map(() => createThrowawayAuthority()));
    const seen: unknown[] = [];
    const server = createServer(
      { ...(await services!.issue()), ca: clients!.certificate, requestCert: true, rejectUnauthorized: true },
      (_request, response) => response.end('{}'),
    );
    server.on('secureConnection', (socket) =>
      seen.push(socket.servername, socket.getPeerCertificate().subject),
    );
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const start = (backendTls?: object) =>
      LocalGateway.start(
        {
          template: template({
            operations: { 'GET /orders': proxied('', {}, { uri: 'https://localhost/orders' }) },
            stage: { ClientCertificateId: 'shown' },
          }),
          assets: ASSETS,
        },
        { backends: { localhost: url }, backendTls },
      );

    const trusted = await start({ ca: services!.certificate, ...(await clients!.issue('client')) });
    const untrusted = await start();
    const statuses = [await fetch(`${trusted.url}orders`), await fetch(`${untrusted.url}orders`)].map(
      ({ status }) => status,
    );

    expect(statuses).toEqual([200, 504]);
    expect(seen.slice(0, 2)).toEqual(['localhost', expect.objectContaining({ CN: 'localhost' })]);
    await Promise.all([trusted.close(), untrusted.close()]);
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
});
