import { compile, enforcedDocument, OpenApiDocument } from '../../lib/definition';
import { minimalDocument, OPTIONS } from './minimal-document';
import { madeReady, testEachReal } from './real-documents';

const enforced = (changes: Record<string, unknown>) => {
  const document = OpenApiDocument.fromString(JSON.stringify(minimalDocument(changes)), { path: 'a.json' });
  return enforcedDocument(compile(document, OPTIONS), document);
};

const ORDER = {
  type: 'object',
  properties: { id: { type: 'string', maxLength: 9, 'x-gateway-redact': true } },
};
const body = (schema: unknown) => ({ required: true, content: { 'application/json': { schema } } });
const components = (schemas: object) => ({
  schemas,
  securitySchemes: { jwt: { type: 'http', scheme: 'bearer' } },
});

describe('enforcedDocument', () => {
  test('writes security out for each operation, and nothing of ours', () => {
    const document = enforced({
      'x-gateway': { timeout: '5s' },
      paths: {
        '/a': { 'x-gateway': { roles: ['r'] }, get: { 'x-gateway': { maxBody: '16KB' } } },
        '/b': { get: { security: [], 'x-gateway': { public: 'why not', roles: null } } },
      },
    });

    expect(document).toMatchObject({
      paths: { '/a': { get: { security: [{ jwt: ['orders:read'] }] } }, '/b': { get: { security: [] } } },
    });
    expect(document).not.toHaveProperty('security');
    expect(JSON.stringify(document)).not.toContain('x-gateway');
  });

  test('closes objects in requests and leaves those in responses open', () => {
    const document = enforced({
      paths: {
        '/a': {
          post: {
            requestBody: body({ $ref: '#/components/schemas/Order' }),
            responses: {
              200: {
                description: '',
                content: { 'application/json': { schema: { $ref: '#/components/schemas/Order' } } },
              },
            },
          },
        },
      },
      components: components({ Order: ORDER, Unused: {} }),
    });

    expect(document).toMatchObject({
      components: {
        schemas: {
          Order: { additionalProperties: false, properties: { id: { maxLength: 9 } } },
          OrderResponse: { type: 'object' },
        },
      },
    });
    expect(document).not.toHaveProperty('components.schemas.OrderResponse.additionalProperties');
    expect(document).not.toHaveProperty('components.schemas.Unused');
  });

  test('keeps schemas that refer to themselves', () => {
    const document = enforced({
      paths: { '/a': { post: { requestBody: body({ $ref: '#/components/schemas/Node' }) } } },
      components: components({
        Node: {
          type: 'object',
          properties: { next: { $ref: '#/components/schemas/Node' }, $ref: { type: 'string', maxLength: 1 } },
        },
      }),
    });

    expect(document).toMatchObject({
      components: {
        schemas: {
          Node: { properties: { next: { $ref: '#/components/schemas/Node' }, $ref: { type: 'string' } } },
        },
      },
    });
  });

  test('adds the refusals an operation can meet, and keeps what the service describes', () => {
    const document = enforced({
      paths: {
        '/a': { get: { responses: { 200: { description: 'ok' }, 403: { description: 'mine' } } } },
        '/b': {
          post: { requestBody: body({ type: 'object' }), security: [], 'x-gateway': { public: 'why not' } },
        },
      },
    }) as { paths: Record<string, Record<string, { responses: Record<string, { description: string }> }>> };

    expect(Object.keys(document.paths['/a']!['get']!.responses)).toEqual([
      '200',
      '400',
      '401',
      '403',
      // a body, where none is declared
      '415',
      '429',
      '500',
      '502',
      '504',
    ]);
    expect(document.paths['/a']!['get']!.responses['403']!.description).toBe('mine');
    expect(document.paths['/a']!['get']!.responses['400']!.description).not.toContain('INVALID_BODY');
    expect(document.paths['/b']!['post']!.responses['400']!.description).toContain('INVALID_BODY');
    // as the web ACL words it, and as API Gateway does
    expect(document.paths['/b']!['post']!.responses['400']).toMatchObject({
      content: { 'application/json': {}, 'application/problem+json': {} },
    });
    expect(Object.keys(document.paths['/b']!['post']!.responses)).toEqual([
      '400',
      '403',
      '413',
      '415',
      '429',
      '500',
      '502',
      '504',
    ]);
  });

  test('says 415 of no body where the contract is only observed', () => {
    const document = enforced({
      'x-gateway': { contract: 'observe' },
      paths: { '/a': { get: {}, post: { requestBody: body({ type: 'object' }) } } },
    }) as { paths: Record<string, Record<string, { responses: object }>> };

    expect(document.paths['/a']!['get']!.responses).not.toHaveProperty('415');
    expect(document.paths['/a']!['post']!.responses).toHaveProperty('415');
  });

  testEachReal('writes $name so that it compiles again', ({ name, scheme }) => {
    const options = { authentication: [scheme], backends: ['service'] };
    const original = OpenApiDocument.fromString(JSON.stringify(madeReady(name)), { path: name });
    const text = JSON.stringify(enforcedDocument(compile(original, options), original));
    const again = OpenApiDocument.fromString(text, { path: name });

    const problems = () => {
      try {
        compile(again, options);
        return [];
      } catch (error) {
        return (error as { problems: { code: string }[] }).problems.map(({ code }) => code);
      }
    };

    // what `x-gateway` said is not the client's business, so only that is missing
    expect(problems().filter((code) => !['OPEN_OPERATION', 'BODY_NOT_INSPECTED'].includes(code))).toEqual([]);
  });
});
