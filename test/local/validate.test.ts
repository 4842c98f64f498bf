import { type Running, run } from './running';
import { proxied } from './template';

const model = (mediaType: string, name = 'Order') => ({
  'x-amazon-apigateway-request-validator': 'body',
  requestBody: { content: { [mediaType]: { schema: { $ref: `#/components/schemas/${name}` } } } },
});

describe('the request validator', () => {
  let running: Running;
  const json = { 'Content-Type': 'application/json' };

  beforeAll(async () => {
    running = await run({
      schemas: {
        Order: {
          type: 'object',
          required: ['sku'],
          properties: { sku: { type: 'string' }, next: { $ref: '#/components/schemas/Order' } },
        },
        Empty: { type: 'object' },
        Few: { type: 'array', minItems: 2 },
        Dated: { type: 'object', properties: { at: { type: 'string', format: 'date' } } },
      },
      operations: {
        'POST /orders': proxied('/orders', model('application/json')),
        'GET /search': proxied('/search', model('application/json')),
        'POST /default': proxied('/default', model('$default')),
        'POST /empty': proxied('/empty', model('application/json', 'Empty')),
        'POST /few': proxied('/few', model('application/json', 'Few')),
        'POST /dated': proxied('/dated', model('application/json', 'Dated')),
        'POST /unchecked': proxied('/unchecked', { requestBody: model('application/json').requestBody }),
        'GET /needs': proxied('/needs', {
          'x-amazon-apigateway-request-validator': 'all',
          parameters: [
            { name: 'q', in: 'query', required: true, schema: { type: 'integer' } },
            { name: 'X-Need', in: 'header', required: true },
          ],
        }),
      },
    });
  });
  afterAll(() => running.close());

  test.each([
    ['a body within its model', '{"sku":"a"}', 200],
    ['a body that breaks its model', '{"sku":1}', 400],
    ['a body without what is required', '{}', 400],
    ['a broken body within a recursive reference', '{"sku":"a","next":{"sku":2}}', 400],
    ['no JSON', '{', 400],
  ])('answers %s', async (_what, body, expected) => {
    expect((await running.send('POST /orders', { headers: json, body })).status).toBe(expected);
  });

  test('names BAD_REQUEST_BODY and reaches no service', async () => {
    const before = running.backend.received.length;
    await running.send('POST /orders', { headers: json, body: '{}' });

    expect(running.gateway.requests().at(-1)).toMatchObject({
      refusedBy: 'body',
      responseType: 'BAD_REQUEST_BODY',
    });
    expect(running.backend.received).toHaveLength(before);
  });

  test('does not look at a media type without a model', async () => {
    const { status } = await running.send('POST /orders', {
      headers: { 'Content-Type': 'text/plain' },
      body: '{}',
    });

    expect(status).toBe(200);
  });

  test('holds every media type to a model under $default', async () => {
    const send = (body: string) =>
      running.send('POST /default', { headers: { 'Content-Type': 'text/plain' }, body });

    expect((await send('{}')).status).toBe(400);
    expect((await send('{"sku":"a"}')).status).toBe(200);
  });

  test('ignores parameters of the media type', async () => {
    const headers = { 'Content-Type': 'application/json;charset=utf-8' };

    expect((await running.send('POST /orders', { headers, body: '{}' })).status).toBe(400);
  });

  test('takes a request without media type for JSON', async () => {
    const response = await running.send('POST /orders', { body: Buffer.from('{}') });

    expect(response.status).toBe(400);
  });

  test('takes an absent body for an empty object, on GET too', async () => {
    expect((await running.send('POST /orders', { headers: json })).status).toBe(400);
    expect((await running.send('GET /search')).status).toBe(400);
    expect((await running.send('POST /empty', { headers: json })).status).toBe(200);
  });

  test('enforces minItems', async () => {
    expect((await running.send('POST /few', { headers: json, body: '[1]' })).status).toBe(400);
  });

  test('does not enforce formats', async () => {
    expect((await running.send('POST /dated', { headers: json, body: '{"at":"never"}' })).status).toBe(200);
  });

  test('does nothing for a method without one', async () => {
    expect((await running.send('POST /unchecked', { headers: json, body: '{}' })).status).toBe(200);
  });

  test('looks at the presence of parameters and at nothing else', async () => {
    const headers = { 'X-Need': 'x' };

    expect((await running.send('GET /needs?q=text', { headers })).status).toBe(200);
    expect((await running.send('GET /needs?q=', { headers })).status).toBe(400);
    expect((await running.send('GET /needs?q=1')).status).toBe(400);
    expect(running.gateway.requests().at(-1)?.responseType).toBe('BAD_REQUEST_PARAMETERS');
  });
});
