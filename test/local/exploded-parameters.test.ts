import { createServer, type IncomingMessage, type Server } from 'node:http';
import { BackendResponses } from '../../lib';
import type { LocalGateway } from '../../lib/local';
import { listen } from '../../lib/local/server/listen';
import { documentOf } from '../fixtures/gateway';
import { runGateway } from '../fixtures/run-gateway';

const DOCUMENT = `
openapi: 3.1.0
info: { title: Catalogue, version: 1.0.0 }
x-gateway: { public: for this test }
security: []
paths:
  /items:
    get:
      parameters:
        - { name: paging, in: query, schema: { $ref: '#/components/schemas/Paging' } }
        - { name: view, in: cookie, schema: { $ref: '#/components/schemas/Paging' } }
      responses: { '200': { description: OK } }
components:
  schemas:
    Paging:
      type: object
      properties:
        page: { type: integer, minimum: 1, maximum: 99 }
        size: { type: integer, minimum: 1, maximum: 99 }
      required: [page]
      additionalProperties: false
`;

// the properties of an object, each a query parameter or cookie of its own
describe.each([['PROXIED'], ['MAPPED']] as const)('exploded objects before a %s backend', (responses) => {
  let backend: Server;
  let gateway: LocalGateway;
  let received: IncomingMessage | undefined;

  beforeAll(async () => {
    backend = createServer((request, response) => {
      received = request;
      response.end();
    });
    const url = `http://127.0.0.1:${await listen(backend, 0, 'service')}`;
    gateway = await runGateway(url, {
      definition: documentOf(DOCUMENT),
      authentication: {},
      backend: { responses: BackendResponses[responses] },
    });
  });
  afterAll(async () => {
    await gateway.close();
    backend.close();
  });
  beforeEach(() => {
    received = undefined;
  });

  const get = (query: string, Cookie?: string) =>
    fetch(new URL(`items${query}`, gateway.url), { headers: Cookie ? { Cookie } : {} });

  test('reach the service, and no stray cookie does', async () => {
    const response = await get('?page=2&size=10', '_ga=GA1.2.3; page=3; view=1; size=20');

    expect(response.status).toBe(200);
    expect(received?.headers.cookie).toBe('page=3; size=20');
    expect(new URL(received?.url ?? '', 'http://x').search).toBe('?page=2&size=10');
  });

  test.each([
    ['a cookie out of bounds', '', 'page=100', 'cookie view: INVALID_PARAMETER'],
    ['a cookie twice', '', 'page=1; page=1', 'cookie view: REPEATED_PARAMETER'],
    ['a demanded cookie missing', '', 'size=1', 'cookie view: INVALID_PARAMETER'],
    ['a query out of bounds', '?page=100', undefined, 'query paging: INVALID_PARAMETER'],
    ['a query nobody declares', '?page=1&view=1', undefined, 'query -: UNKNOWN_PARAMETER'],
  ])('keep %s from the service', async (_, query, cookie, detail) => {
    const response = await get(query, cookie);

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'CONTRACT_VIOLATION', detail });
    expect(received).toBeUndefined();
  });
});
