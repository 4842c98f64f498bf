import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { Template } from 'aws-cdk-lib/assertions';
import { BackendResponses } from '../../lib';
import type { LocalGateway } from '../../lib/local';
import { listen } from '../../lib/local/server/listen';
import { documentOf, type FixtureProps, gatewayStack } from '../fixtures/gateway';
import { codesOf } from '../fixtures/problems';
import { runGateway } from '../fixtures/run-gateway';

const DOCUMENT = `
openapi: 3.1.0
info: { title: Catalogue, version: 1.0.0 }
x-gateway: { public: for this test }
security: []
paths:
  /items/{itemId}:
    parameters:
      - { name: itemId, in: path, required: true, schema: { type: string } }
    get:
      parameters:
        - { name: fields, in: query, schema: { type: string } }
        - { name: If-None-Match, in: header, schema: { type: string } }
        - { name: X-User-Id, in: header, schema: { type: string } }
      responses:
        '200': { description: OK, headers: { ETag: { schema: { type: string } } } }
        '304': { description: Not modified }
        '4XX': { description: Refused, headers: { X-Reason: { schema: { type: string } } } }
`;

const MAPPED: FixtureProps = {
  definition: documentOf(DOCUMENT),
  authentication: {},
  backend: { responses: BackendResponses.MAPPED },
};

describe('a backend whose answers are mapped', () => {
  const { integration, operation } = operationOf(MAPPED);

  test('gets declared headers and queries, and what the gateway says itself', () => {
    expect(integration).toMatchObject({ type: 'http', connectionType: 'VPC_LINK' });
    expect(integration['requestParameters']).toMatchObject({
      'integration.request.path.itemId': 'method.request.path.itemId',
      'integration.request.querystring.fields': 'method.request.multivaluequerystring.fields',
      'integration.request.header.If-None-Match': 'method.request.header.If-None-Match',
      'integration.request.header.X-User-Id': 'context.authorizer.userId',
    });
    expect(integration['requestParameters']).toMatchObject({
      'integration.request.header.Authorization': expect.not.stringContaining('method.request'),
    });
  });

  test('declares to API Gateway what is mapped, and nothing that only the gateway may set', () => {
    const names = operation.parameters.map(({ name }) => name);

    expect(names).toEqual(['itemId', 'fields', 'If-None-Match', 'Content-Type', 'Accept']);
  });

  test('gets the cookies that are declared, and none of the stand-ins that a proxy needs', () => {
    const cookies = DOCUMENT.replace(
      '- { name: fields,',
      '- { name: session, in: cookie, schema: { type: string } }\n        - { name: fields,',
    );
    const mapped = operationOf({ ...MAPPED, definition: documentOf(cookies) });

    expect(mapped.integration['requestParameters']).toMatchObject({
      'integration.request.header.Cookie': 'context.authorizer.cookies',
    });
    expect(mapped.operation.parameters.map(({ name }) => name)).not.toContain('Cookie');
    expect(Object.values(integration['requestParameters'] as object)).not.toContain("'-'");
  });

  const withQuery = (parameter: string) =>
    documentOf(DOCUMENT.replace('{ name: fields, in: query, schema: { type: string } }', parameter));

  test('gets the properties of an exploded object, by their names', () => {
    const definition = withQuery(
      '{ name: paging, in: query, schema: { type: object, properties: { page: { type: integer }, size: { type: integer } } } }',
    );
    const parameters = operationOf({ ...MAPPED, definition }).integration['requestParameters'];

    expect(Object.keys(parameters as object).filter((key) => key.includes('querystring'))).toEqual([
      'integration.request.querystring.page',
      'integration.request.querystring.size',
    ]);
  });

  test('fails for answers that are no text, which only a proxy hands on as they are', () => {
    const definition = documentOf(
      DOCUMENT.replace(
        "'304': {",
        "'206': { description: Part, content: { image/png: {} } }\n        '304': {",
      ),
    );

    expect(codesOf(() => gatewayStack({ ...MAPPED, definition }))).toEqual(['MAPPED_BINARY_ANSWER']);
    expect(codesOf(() => gatewayStack({ ...MAPPED, backend: {}, definition }))).toEqual([]);
  });

  test.each([
    ['a deep object', 'style: deepObject, schema: { type: object, properties: { a: { type: string } } }'],
    ['an object without named properties', 'schema: { type: object }'],
  ])('fails for %s in the query, whose names it cannot list', (_, text) => {
    const definition = withQuery(`{ name: filter, in: query, ${text} }`);

    expect(codesOf(() => gatewayStack({ ...MAPPED, definition }))).toEqual(['MAPPED_PARAMETER_OBJECT']);
    expect(codesOf(() => gatewayStack({ ...MAPPED, backend: {}, definition }))).toEqual([]);
  });

  test('answers with declared statuses and headers, each once', () => {
    const patterns = Object.keys(integration['responses'] as object);
    const matching = (status: string) =>
      patterns.filter((pattern) => pattern !== 'default' && new RegExp(`^(?:${pattern})$`).test(status));

    expect(matching('200')).toEqual(['200']);
    expect(matching('304')).toEqual(['304']);
    expect(matching('404')).toHaveLength(1);
    expect(matching('201')).toEqual([]);
    expect(matching('500')).toEqual([]);
  });

  test('is a proxied one by default', () => {
    expect(operationOf({ ...MAPPED, backend: {} }).integration).toMatchObject({ type: 'http_proxy' });
  });

  test('fails where a name stands in two places', () => {
    const twice = DOCUMENT.replace('name: fields', 'name: itemId');

    expect(codesOf(() => gatewayStack({ ...MAPPED, definition: documentOf(twice) }))).toContain(
      'MAPPED_PARAMETER_NAME',
    );
  });

  describe('run here', () => {
    let backend: Server;
    let gateway: LocalGateway;
    let received: IncomingHttpHeaders;

    beforeAll(async () => {
      backend = createServer((request, response) => {
        received = request.headers;
        const status = Number(new URL(request.url ?? '', 'http://x').searchParams.get('fields') ?? 200);
        response.writeHead(status, {
          'Content-Type': 'text/plain',
          ETag: '"1"',
          'X-Reason': 'no',
          'X-Powered-By': 'PHP',
        });
        response.end('from the service');
      });
      const url = `http://127.0.0.1:${await listen(backend, 0, 'service')}`;
      gateway = await runGateway(url, { ...MAPPED, edge: { observe: true } });
    });
    afterAll(async () => {
      await gateway.close();
      backend.close();
    });

    const get = (query = '', headers: Record<string, string> = {}) =>
      fetch(new URL(`items/1${query}`, gateway.url), { headers });

    test('drops every header the document does not declare, and adds those of hygiene', async () => {
      const response = await get();

      expect(response.status).toBe(200);
      expect(await response.text()).toBe('from the service');
      expect(response.headers.get('etag')).toBe('"1"');
      expect(response.headers.get('content-type')).toBe('text/plain');
      expect(response.headers.get('x-powered-by')).toBeNull();
      expect(response.headers.get('x-reason')).toBeNull();
      expect(response.headers.get('strict-transport-security')).toMatch(/max-age/);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    });

    test('never shows the service what the document does not declare', async () => {
      await get('', { 'If-None-Match': '"1"', Cookie: 'session=1', Authorization: 'Bearer x' });

      expect(received['if-none-match']).toBe('"1"');
      expect(received).not.toHaveProperty('cookie');
      expect(received['authorization']).not.toContain('Bearer x');
      expect(received['x-user-id']).toBe('-');
    });

    test.each([
      ['404', 400, 'from the service'],
      ['201', 502, 'BACKEND_UNAVAILABLE'],
      ['503', 502, 'BACKEND_UNAVAILABLE'],
    ])('turns a %s of the service into %d', async (status, expected, text) => {
      const response = await get(`?fields=${status}`);

      expect(response.status).toBe(expected);
      expect(await response.text()).toContain(text);
    });
  });
});

interface Operation {
  readonly parameters: { readonly name: string }[];
  readonly 'x-amazon-apigateway-integration': Record<string, unknown>;
}

function operationOf(props: FixtureProps): { operation: Operation; integration: Record<string, unknown> } {
  const [api] = Object.values(
    Template.fromStack(gatewayStack(props).stack).findResources('AWS::ApiGateway::RestApi'),
  );
  const operation: Operation = api?.['Properties'].Body.paths['/items/{itemId}'].get;
  return { operation, integration: operation['x-amazon-apigateway-integration'] };
}
