import { type Running, run } from './running';
import { proxied } from './template';

const problem = (title: string, more = '') =>
  `{"title":"${title}","code":"$context.authorizer.code","id":"$context.requestId"${more}}`;

describe('a gateway response', () => {
  let running: Running;

  beforeAll(async () => {
    running = await run({
      operations: {
        'POST /orders': proxied('/orders', {
          'x-amazon-apigateway-request-validator': 'body',
          requestBody: { content: { $default: { schema: { type: 'object', required: ['sku'] } } } },
        }),
      },
      gatewayResponses: {
        ACCESS_DENIED: {
          statusCode: 403,
          responseTemplates: { 'application/problem+json': problem('Forbidden') },
        },
        MISSING_AUTHENTICATION_TOKEN: { statusCode: 404 },
        UNAUTHORIZED: {
          statusCode: 401,
          responseParameters: {
            'gatewayresponse.header.WWW-Authenticate': '\'Bearer realm="orders"\'',
            'gatewayresponse.header.X-Request': 'context.requestId',
            'gatewayresponse.header.X-Nothing': 'context.authorizer.nothing',
          },
          responseTemplates: { 'application/problem+json': problem('Unauthorized') },
        },
        INVALID_API_KEY: {
          statusCode: 400,
          responseTemplates: {
            'application/problem+json': problem('Bad request'),
            'text/plain': 'bad $context.stage',
          },
        },
        DEFAULT_4XX: { responseTemplates: { 'application/json': '{"four":$context.error.messageString}' } },
        REQUEST_TOO_LARGE: { statusCode: 499, responseTemplates: { 'application/json': '{"mine":true}' } },
      },
    });
  });
  afterAll(() => running.close());

  test('has its own media type, and the context of an authorizer that denied', async () => {
    const { headers, text } = await running.send('GET /orders', {
      play: { effect: 'Deny', context: { code: 'FORBIDDEN' } },
    });

    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(JSON.parse(text)).toEqual({
      title: 'Forbidden',
      code: 'FORBIDDEN',
      id: headers.get('x-amzn-requestid'),
    });
  });

  test('knows no context where the authorizer threw', async () => {
    const { text } = await running.send('GET /orders', { play: { fail: 'Unauthorized' } });

    expect(JSON.parse(text).code).toBe('');
  });

  test('sets headers from static text and from variables, and none without a value', async () => {
    const { headers } = await running.send('GET /orders', { play: { fail: 'Unauthorized' } });

    expect(headers.get('www-authenticate')).toBe('Bearer realm="orders"');
    expect(headers.get('x-request')).toBe(headers.get('x-amzn-requestid'));
    expect(headers.has('x-nothing')).toBe(false);
  });

  test('changes the status of its type, for an unknown path as for an unknown method', async () => {
    expect((await running.send('GET /nowhere')).status).toBe(404);
    expect((await running.send('DELETE /orders')).status).toBe(404);
  });

  test('is chosen by what the caller accepts', async () => {
    const headers = { Accept: 'text/plain' };

    const answered = await running.send('GET /orders', { play: { key: 'never' }, headers });

    expect([answered.status, answered.text]).toEqual([400, 'bad prod']);
  });

  test('of a type without one is the default of its class, with the status of its type', async () => {
    const { status, text } = await running.send('POST /orders', { body: '{}' });

    expect(status).toBe(400);
    expect(JSON.parse(text)).toEqual({ four: 'Invalid request body' });
  });

  test('of a type without one and without a default says what API Gateway says', async () => {
    const { status, text } = await running.send('GET /orders', { play: { fail: 'x' } });

    expect(status).toBe(500);
    expect(JSON.parse(text)).toEqual({ message: 'Internal server error' });
  });

  test('for a body that is too large cannot be changed', async () => {
    const { status, text } = await running.send('POST /orders', {
      body: Buffer.alloc(10 * 1024 * 1024 + 1, 32),
    });

    expect(status).toBe(413);
    expect(text).not.toContain('mine');
  });
});
