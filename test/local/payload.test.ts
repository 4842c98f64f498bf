import { createServer, type Server } from 'node:http';
import { Template } from 'aws-cdk-lib/assertions';
import { LocalGateway } from '../../lib/local';
import { listen } from '../../lib/local/server/listen';
import { documentOf, gatewayStack } from '../fixtures/gateway';
import { runGateway } from '../fixtures/run-gateway';
import { ASSETS, proxied, template } from './template';

/** The beginning of a PNG, which is no UTF-8. */
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0xff]);
const READ_AS_TEXT = Buffer.from(PNG.toString('utf8'));
const OCTETS = 'application/octet-stream';

describe('a payload', () => {
  let server: Server;
  let service: string;
  let got: { body: Buffer; acceptEncoding: string | undefined };
  let answer: { type: string; body: Buffer };
  const gateways: LocalGateway[] = [];

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      got = { body: Buffer.concat(chunks), acceptEncoding: request.headers['accept-encoding'] as string };
      response.writeHead(200, { 'Content-Type': answer.type });
      response.end(answer.body);
    });
    service = `http://127.0.0.1:${await listen(server, 0, 'service')}`;
  });
  beforeEach(() => {
    answer = { type: 'application/json', body: Buffer.from('{}') };
  });
  afterAll(async () => {
    await Promise.all(gateways.map((gateway) => gateway.close()));
    await new Promise((done) => server.close(done));
  });

  const started = (gateway: LocalGateway) => {
    gateways.push(gateway);
    return async (path: string, headers: Record<string, string>, body?: Buffer) => {
      const response = await fetch(`${gateway.url}${path}`, {
        method: body ? 'POST' : 'GET',
        headers,
        ...(body && { body: new Uint8Array(body) }),
      });
      return { status: response.status, body: Buffer.from(await response.arrayBuffer()) };
    };
  };
  const withTypes = async (binaryMediaTypes: string[]) =>
    started(
      await LocalGateway.start(
        {
          template: template({
            operations: {
              'ANY /a': proxied('/a'),
              'GET /streamed': proxied('/a', {}, { responseTransferMode: 'STREAM' }),
            } as never,
            body: { 'x-amazon-apigateway-binary-media-types': binaryMediaTypes },
          }),
          assets: ASSETS,
        },
        { backends: { orders: service } },
      ),
    );

  test.each([
    ['text where the API names no binary media type', [], 'image/png', READ_AS_TEXT],
    ['text where it names others', [OCTETS], 'image/png', READ_AS_TEXT],
    ['as it is where it names this one', ['image/png'], 'Image/PNG; q=1', PNG],
    ['as it is where it names a range', ['image/*'], 'image/png', PNG],
    ['as it is where it names all', ['*/*'], 'image/png', PNG],
  ])('of a request is %s', async (_, types, type, expected) => {
    const send = await withTypes(types);

    expect((await send('a', { 'Content-Type': type }, PNG)).status).toBe(200);
    expect(got.body).toEqual(expected);
  });

  test.each([
    ['is text where the API names no binary media type', [], 'image/png', READ_AS_TEXT],
    ['is as it is where it is accepted first', ['image/png'], 'image/png;q=1, */*', PNG],
    [
      'is written in Base64 where it is not accepted first',
      ['image/png'],
      '*/*, image/png',
      Buffer.from(PNG.toString('base64')),
    ],
    ['is as it is where all are binary', ['*/*'], 'text/html', PNG],
  ])('of an answer %s', async (_, types, accept, expected) => {
    answer = { type: 'image/png', body: PNG };
    const send = await withTypes(types);

    expect((await send('a', { Accept: accept })).body).toEqual(expected);
  });

  test('of an answer that is text is read from Base64 where a binary media type is accepted first', async () => {
    answer = { type: 'text/plain', body: Buffer.from(PNG.toString('base64')) };
    const send = await withTypes(['image/png']);

    expect((await send('a', { Accept: 'image/png' })).body).toEqual(PNG);
    expect((await send('a', { Accept: 'text/plain' })).body).toEqual(answer.body);
  });

  test('of an answer that is streamed comes as it is', async () => {
    answer = { type: 'image/png', body: PNG };
    const send = await withTypes([]);

    expect((await send('streamed', { Accept: '*/*' })).body).toEqual(PNG);
  });

  test('passes a gateway of this library as the document names it', async () => {
    const send = started(await runGateway(service, { definition: documentOf(DOCUMENT), authentication: {} }));
    const accepts = { Accept: '*/*', 'Accept-Encoding': 'gzip, br' };

    expect((await send('pictures', { ...accepts, 'Content-Type': 'image/png' }, PNG)).status).toBe(200);
    expect(got).toEqual({ body: PNG, acceptEncoding: 'identity' });
    answer = { type: 'image/png', body: PNG };
    expect((await send('pictures', accepts)).body).toEqual(PNG);
    expect(got.acceptEncoding).toBe('gzip, br');
  });

  test('is named to API Gateway where it is no text, and only there', () => {
    const { stack } = gatewayStack({ definition: documentOf(DOCUMENT), authentication: {} });
    const [api] = Object.values(Template.fromStack(stack).findResources('AWS::ApiGateway::RestApi'));
    const { paths, ...body } = api!['Properties'].Body;
    const modeOf = (method: string) => {
      const { responseTransferMode, timeoutInMillis } =
        paths['/pictures'][method]['x-amazon-apigateway-integration'];
      return [responseTransferMode, timeoutInMillis];
    };

    expect(body['x-amazon-apigateway-binary-media-types']).toEqual(['image/png', 'multipart/form-data']);
    expect(modeOf('get')).toEqual(['STREAM', 29_000]);
    expect(['post', 'put'].map(modeOf)).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });
});

const DOCUMENT = `
openapi: 3.1.0
info: { title: Pictures, version: 1.0.0 }
x-gateway: { public: payloads are what is tested }
security: []
paths:
  /pictures:
    get:
      responses:
        '200': { description: OK, content: { image/png: {} } }
        '404': { description: None, content: { application/problem+json: {} } }
    post:
      x-gateway: { uninspected: pictures are no JSON }
      requestBody: { content: { image/png: {}, multipart/form-data: {}, text/csv: {}, application/xml: {} } }
      responses: { '201': { description: OK, content: { application/json: {}, text/html: {} } } }
    put:
      requestBody: { content: { application/json: { schema: { type: object } } } }
      responses: { '200': { description: OK, content: { '*/*': {} } } }
`;
