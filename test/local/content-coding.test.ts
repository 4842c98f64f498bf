import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { Authentication } from '../../lib';
import type { LocalGateway } from '../../lib/local';
import { documentOf } from '../fixtures/gateway';
import { runGateway } from '../fixtures/run-gateway';
import { startBackend, type TestBackend } from './backend';
import { type Running, run } from './running';
import { proxied } from './template';

const GOOD = '{"sku":"a"}';
const PACKED = { gzip: gzipSync, deflate: deflateSync };

describe('a compressed body', () => {
  let running: Running;

  beforeAll(async () => {
    running = await run({
      schemas: { Order: { type: 'object', required: ['sku'] } },
      operations: {
        'POST /orders': proxied('/orders', {
          'x-amazon-apigateway-request-validator': 'body',
          requestBody: {
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Order' } } },
          },
        }),
      },
    });
  });
  afterAll(() => running.close());

  const send = (coding: string, body: Buffer) =>
    running.send('POST /orders', {
      headers: { 'Content-Type': 'application/json', 'Content-Encoding': coding },
      body,
    });

  test.each([
    ['gzip', gzipSync],
    ['GZIP', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['identity', Buffer.from],
  ])('is unpacked for model and service: %s', async (coding, pack) => {
    expect((await send(coding, pack(Buffer.from('{}')))).status).toBe(400);
    expect((await send(coding, pack(Buffer.from(GOOD)))).status).toBe(200);
    expect(running.backend.last().body).toBe(GOOD);
    expect(running.backend.last().header('Content-Encoding')).toBeUndefined();
  });

  test.each([
    ['of a coding that API Gateway does not know', 'br', brotliCompressSync(GOOD)],
    ['of two codings', 'gzip, gzip', gzipSync(gzipSync(GOOD))],
    ['that is not what it says', 'gzip', Buffer.from(GOOD)],
    ['that is broken off', 'gzip', gzipSync(GOOD).subarray(0, 15)],
  ])('%s is refused', async (_, coding, body) => {
    const { length } = running.backend.received;

    expect((await send(coding, body)).status).toBe(415);
    expect(running.gateway.requests().at(-1)).toMatchObject({ responseType: 'UNSUPPORTED_MEDIA_TYPE' });
    expect(running.backend.received).toHaveLength(length);
  });

  test('that unpacks to more than 10 MB is refused', async () => {
    const small = gzipSync(Buffer.alloc(10 * 1024 * 1024 + 1, ' '));

    expect(small.length).toBeLessThan(16_384);
    expect((await send('gzip', small)).status).toBe(413);
  });
});

describe('a compressed body, before the web ACL,', () => {
  let backend: TestBackend;
  let gateway: LocalGateway;

  beforeAll(async () => {
    backend = await startBackend();
    gateway = await runGateway(backend.url, {
      definition: documentOf(PUBLIC),
      authentication: {
        customer: Authentication.jwt({ issuer: 'https://id.example.com', audiences: ['a'] }),
      },
    });
  });
  afterAll(async () => {
    // where the gateway could not start the backend would keep the run waiting
    await gateway?.close();
    await backend.close();
  });

  const post = async (body: Buffer, headers: Record<string, string> = {}) => {
    const response = await fetch(`${gateway.url}orders`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: new Uint8Array(body),
    });
    return [response.status, gateway.requests().at(-1)?.rule];
  };
  const bodyOf = (item: unknown) => Buffer.from(JSON.stringify({ item }));

  test.each([
    ['harmless', bodyOf('a'), [200, undefined]],
    ['too large', bodyOf('x'.repeat(100_000)), [413, 'body-size-64']],
    ['an injection', bodyOf({ $ne: 1 }), [403, 'nosql-operators']],
  ])('is refused, whatever is in it: %s', async (_, body, plain) => {
    const { length } = backend.received;

    for (const [coding, pack] of Object.entries(PACKED)) {
      expect(await post(pack(body), { 'content-encoding': coding })).toEqual([415, 'content-encoding']);
    }
    expect(backend.received).toHaveLength(length);
    expect(await post(body)).toEqual(plain);
  });

  test('that calls itself plain is not, and looked at as such', async () => {
    for (const coding of ['identity', 'Identity']) {
      expect(await post(bodyOf('a'), { 'content-encoding': coding })).toEqual([200, undefined]);
      expect(await post(bodyOf({ $ne: 1 }), { 'content-encoding': coding })).toEqual([
        403,
        'nosql-operators',
      ]);
    }
    for (const coding of ['identity, gzip', 'gzip, identity', 'br', 'zstd', 'compress', 'x-gzip', 'utf-8']) {
      expect(await post(gzipSync(GOOD), { 'content-encoding': coding })).toEqual([415, 'content-encoding']);
    }
  });
});

const PUBLIC = `
openapi: 3.1.0
info: { title: Orders, version: 1.0.0 }
x-gateway: { backend: orders }
components: { securitySchemes: { customer: { type: http, scheme: bearer } } }
paths:
  /orders:
    post:
      security: []
      x-gateway: { public: bodies are what is tested }
      requestBody: { required: true, content: { application/json: { schema: { type: object } } } }
      responses: { '200': { description: OK } }
`;
