import { compile, explainOperation, OpenApiDocument, optionsOfDocument } from '../../lib/definition';
import { minimalDocument, OPTIONS, problemsOf } from './minimal-document';

const DOCUMENT = `openapi: 3.1.0
info: { title: T, version: '1' }
security: [{ jwt: ['orders:read'] }]
x-gateway:
  timeout: 5s
paths:
  /orders/{id}:
    parameters:
      - { name: id, in: path, required: true, schema: { type: string, format: uuid } }
    get:
      operationId: readOrder
      parameters:
        - { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 9 } }
    put:
      x-gateway:
        owner: { parameter: id, claim: sub }
        roles: [clerk]
        rateLimit: { limit: 5, perSeconds: 60, by: caller }
        maxBody: 16KB
      requestBody:
        content:
          application/json:
            schema: { $ref: '#/components/schemas/Order' }
  /orders/{orderId}/status:
    post:
      security: []
      x-gateway: { public: for all, rateLimit: { limit: 5, perSeconds: 1 } }
components:
  schemas:
    Order: { type: object, properties: { note: { type: string } } }
  securitySchemes: { jwt: { type: http, scheme: bearer } }
`;

const document = OpenApiDocument.fromString(DOCUMENT, { path: 'api.yaml' });
const compiled = compile(document, OPTIONS);
const explain = (method: string, path: string) => explainOperation(compiled, document, method, path);
const stage = (method: string, path: string, title: string) =>
  explain(method, path).stages.find((candidate) => candidate.title === title)?.rules;

describe('explainOperation', () => {
  test('says what a path variable is not to be read as, by the name the document gives it', () => {
    const text = DOCUMENT.replace('components:', '  /orders/export/status: { get: {} }\ncomponents:');
    const beside = OpenApiDocument.fromString(text, { path: 'api.yaml' });
    const { stages } = explainOperation(compile(beside, OPTIONS), beside, 'POST', '/orders/{orderId}/status');

    expect(stages.find(({ title }) => title === 'parameters')?.rules).toContainEqual({
      rule: 'path orderId: nothing that a service may read as export',
      from: 'default',
    });
    expect(JSON.stringify(stage('GET', '/orders/{id}', 'parameters'))).not.toMatch(/may read as|cookie/);
  });

  test('says by which names an object comes', () => {
    const paging = 'schema: { type: object, properties: { page: { type: integer, format: int32 } }';
    const text = DOCUMENT.replace(
      /- \{ name: limit.*\n/,
      [
        `- { name: view, in: cookie, ${paging} } }`,
        `- { name: paging, in: query, ${paging} } }`,
        `- { name: closed, in: query, ${paging.replace('page', 'at')}, additionalProperties: false } }`,
        `- { name: deep, in: query, style: deepObject, ${paging} } }`,
        `- { name: flat, in: query, explode: false, ${paging} } }`,
      ]
        .join('\n        ')
        .concat('\n'),
    );
    const objects = OpenApiDocument.fromString(text, { path: 'api.yaml' });
    const { stages } = explainOperation(compile(objects, OPTIONS), objects, 'GET', '/orders/{id}');
    const rules = stages.find(({ title }) => title === 'parameters')?.rules.map(({ rule }) => rule) ?? [];

    expect(rules.flatMap((rule) => /^(\w+ \w+.*?) \(optional\)/.exec(rule)?.[1] ?? [])).toEqual([
      'cookie view as page',
      'query paging as page, others nobody declares',
      'query closed as at',
      'query deep as deep[…]',
      'query flat',
    ]);
    expect(rules).toContain('no space or quote by which a cookie reads as two');
  });

  test('names every stage of the pipeline in order', () => {
    expect(explain('get', '/orders/{id}').stages.map(({ number, title }) => `${number} ${title}`)).toEqual([
      '1 TLS',
      '2 addresses',
      '3 rates',
      '4 firewall',
      '5 routing',
      '6 authentication',
      '7 authorization',
      '8 parameters',
      '9 exact limit',
      '10 plan',
      '11 body',
      '12 backend',
      '13 audit',
    ]);
  });

  test.each<[string, string, string, object]>([
    ['PUT', 'authentication', 'jwt (Authorization: Bearer)', { from: 'api.yaml:3:11' }],
    ['PUT', 'authorization', 'by jwt: all of the scopes orders:read', { from: 'api.yaml:3:11' }],
    ['PUT', 'authorization', 'one of the roles clerk', { from: 'api.yaml:17:16' }],
    [
      'PUT',
      'authorization',
      "the path parameter id equals the caller's claim sub",
      { from: 'api.yaml:16:16' },
    ],
    ['PUT', 'parameters', 'no credential but where its scheme has it', { from: 'default' }],
    [
      'PUT',
      'parameters',
      'no header Proxy-Authorization, X-Access-Token, X-Amz-Security-Token, X-Auth-Token',
      { from: 'default' },
    ],
    ['PUT', 'exact limit', '5 requests in 60 s for each caller', { from: 'api.yaml:18:20' }],
    ['PUT', 'firewall', 'a body of at most 16 KB', { from: 'api.yaml:19:18' }],
    ['PUT', 'firewall', 'no API key of this gateway and no token in the body', { from: 'default' }],
    ['PUT', 'body', 'as application/json: field note (optional): string', { from: 'api.yaml:22:11' }],
    ['PUT', 'body', 'as application/json: no other field', { from: 'api.yaml:22:11' }],
    ['PUT', 'backend', 'answers within 5 s', { from: 'api.yaml:5:12' }],
    ['GET', 'parameters', 'query limit (optional): integer, value 1 to 9', { from: 'api.yaml:13:11' }],
    ['GET', 'parameters', 'path id: string, format uuid', { from: 'api.yaml:9:9' }],
    ['GET', 'backend', 'goes to orders', { from: 'default: the only backend' }],
  ])('says of %s at %s: %s', (method, title, rule, rest) => {
    expect(stage(method, '/orders/{id}', title)).toContainEqual({
      rule: expect.stringContaining(rule),
      ...rest,
    });
  });

  test('says why a body may hold credentials, and where that stands', () => {
    const taking = DOCUMENT.replace('maxBody: 16KB', 'credentialsInBody: refreshes tokens');
    const other = OpenApiDocument.fromString(taking, { path: 'api.yaml' });
    const { stages } = explainOperation(compile(other, OPTIONS), other, 'put', '/orders/{id}');

    expect(stages.find(({ title }) => title === 'firewall')?.rules).toContainEqual({
      rule: 'a body that may hold credentials: refreshes tokens',
      from: expect.stringMatching(/^api\.yaml:19:/),
    });
  });

  test('says that a body may hold credentials where the contract is only observed', () => {
    const other = OpenApiDocument.fromString(DOCUMENT.replace('maxBody: 16KB', 'contract: observe'), {
      path: 'api.yaml',
    });
    const { stages } = explainOperation(compile(other, OPTIONS), other, 'put', '/orders/{id}');

    expect(stages.find(({ title }) => title === 'firewall')?.rules).toContainEqual({
      rule: 'a body that may hold credentials: contract: observe',
      from: expect.stringMatching(/^api\.yaml:19:/),
    });
  });

  test('names no header as refused that is let through while observed', () => {
    const declaring = DOCUMENT.replace('maxBody: 16KB', 'contract: observe');
    const other = OpenApiDocument.fromString(declaring, { path: 'api.yaml' });
    const { stages } = explainOperation(compile(other, OPTIONS), other, 'put', '/orders/{id}');

    expect(stages.find(({ title }) => title === 'parameters')?.rules).toContainEqual({
      rule: 'no header Proxy-Authorization, X-Amz-Security-Token',
      from: 'default',
    });
  });

  test('names no header as refused that a scheme uses, nor the rule where none is refused', () => {
    const scheme =
      '{ jwt: { type: http, scheme: bearer }, token: { type: apiKey, in: header, name: X-Auth-Token } }';
    const refused = (...declared: string[]) => {
      const parameters = declared.map(
        (name) => `        - { name: ${name}, in: header, schema: { type: string } }\n`,
      );
      const text = DOCUMENT.replace('{ jwt: { type: http, scheme: bearer } }', scheme)
        .replace("[{ jwt: ['orders:read'] }]", "[{ jwt: ['orders:read'] }, { token: [] }]")
        .replace(/ +- \{ name: limit.*\n/, parameters.join(''));
      const other = OpenApiDocument.fromString(text, { path: 'api.yaml' });
      const options = { ...OPTIONS, authentication: ['jwt', 'token'] };
      const { stages } = explainOperation(compile(other, options), other, 'get', '/orders/{id}');
      const rules = stages.find(({ title }) => title === 'parameters')?.rules ?? [];
      return rules.map(({ rule }) => rule).filter((rule) => rule.startsWith('no header'));
    };

    expect(refused('X-Access-Token')).toEqual(['no header Proxy-Authorization, X-Amz-Security-Token']);
    expect(refused('Proxy-Authorization', 'X-Access-Token', 'X-Amz-Security-Token')).toEqual([]);
  });

  test('knows an operation by the path of the gateway too, and says what that is', () => {
    const { operation, gatewayPath } = explain('POST', '/orders/{id}/status');

    expect({ operation, gatewayPath }).toEqual({
      operation: 'POST /orders/{orderId}/status',
      gatewayPath: '/orders/{id}/status',
    });
  });

  test('says why an operation is public, and what throttles all callers together', () => {
    expect(stage('POST', '/orders/{orderId}/status', 'authentication')).toEqual([
      { rule: 'none: open to anyone (for all)', from: 'api.yaml:27:28' },
    ]);
    expect(stage('POST', '/orders/{orderId}/status', 'rates')).toContainEqual(
      expect.objectContaining({ rule: expect.stringContaining('5 requests a second for all callers') }),
    );
  });

  test('says what is left to the service: unbounded values of the body, whose objects these are', () => {
    const rules = (method: string) => explain(method, '/orders/{id}').service.map(({ rule }) => rule);

    expect(rules('PUT')).toContainEqual(expect.stringContaining('[UNBOUNDED]'));
    expect(rules('PUT')).not.toContainEqual(expect.stringContaining('whether this caller'));
    expect(rules('GET')).toContainEqual("whether this caller may touch this id: no 'owner' is named");
    expect(rules('GET')).not.toContainEqual(expect.stringContaining('[UNBOUNDED]'));
  });

  test('says that no query is logged where only requests know the names of what is secret', () => {
    const schema = { type: 'object', additionalProperties: { type: 'string', maxLength: 9 } };
    const masked = (mark: object) => {
      const parameters = [{ name: 'filter', in: 'query', style: 'deepObject', schema, ...mark }];
      const text = JSON.stringify(minimalDocument({ paths: { '/orders': { get: { parameters } } } }));
      const document = OpenApiDocument.fromString(text, { path: 'openapi.json' });
      const { stages } = explainOperation(compile(document, OPTIONS), document, 'GET', '/orders');
      return stages
        .flatMap(({ rules }) => rules.map(({ rule }) => rule))
        .find((rule) => rule.startsWith('masked'));
    };

    expect(masked({ 'x-gateway-redact': true })).toMatch(/, queries$/);
    expect(masked({})).not.toContain('queries');
  });

  test('tells of a scheme that nobody defines, and not of props that nobody gave', () => {
    const text = JSON.stringify(minimalDocument({ security: [{ jvt: [] }] }));
    const document = OpenApiDocument.fromString(text, { path: 'openapi.json' });

    expect(problemsOf(() => compile(document, optionsOfDocument(document)))).toEqual([
      expect.stringMatching(/^UNKNOWN_SCHEME security scheme "jvt" is not defined/),
    ]);
  });

  test('fails for an operation the document does not have, with a suggestion', () => {
    expect(problemsOf(() => explain('GET', '/order/{id}'))).toEqual([
      'UNKNOWN_OPERATION the document has no operation "GET /order/{id}" (did you mean "GET /orders/{id}"?)',
    ]);
  });
});
