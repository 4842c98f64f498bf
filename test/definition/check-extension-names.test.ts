import { codesOf, compiled, minimalDocument, problemsOf } from './minimal-document';

const JSON_BODY = { 'application/json': { schema: { type: 'object' } } };
const MARK = { 'x-gateway-redact': true };
const RULES = { 'x-gateway': { roles: ['admin'] } };

/** A document with `operation` and its path, and whatever else changes. */
const documentOf = (operation: object, changes: object = {}, path: object = {}) =>
  minimalDocument({ paths: { '/a': { ...path, post: { ...operation } } }, ...changes });

describe('checkExtensionNames', () => {
  test.each(['x-gatway', 'X-Gateway', 'x_gateway', 'x-gateways', 'x-gateway-roles'])(
    'fails with %s on an operation, a path or the root, where its rules would be nobody’s',
    (name) => {
      const rules = { [name]: { roles: ['admin'] } };

      expect(codesOf(documentOf(rules))).toEqual(['UNKNOWN_EXTENSION_KEY']);
      expect(codesOf(documentOf({}, {}, rules))).toEqual(['UNKNOWN_EXTENSION_KEY']);
      expect(codesOf(documentOf({}, rules))).toEqual(['UNKNOWN_EXTENSION_KEY']);
    },
  );

  const components = (more: object) => ({
    components: { securitySchemes: { jwt: { type: 'http', scheme: 'bearer' } }, ...more },
  });
  const body = (schema: unknown) => ({ requestBody: { content: { 'application/json': { schema } } } });

  const UNREAD: [string, (name: object) => Record<string, unknown>][] = [
    ['paths', (found) => minimalDocument({ paths: { ...found, '/a': { get: {} } } })],
    ['info', (found) => documentOf({}, { info: { title: 'Orders', version: '1', ...found } })],
    [
      'the contact in info',
      (found) => documentOf({}, { info: { title: 'O', version: '1', contact: found } }),
    ],
    ['a server', (found) => documentOf({}, { servers: [{ url: '/' }, { url: '/', ...found }] })],
    ['a server of a path', (found) => documentOf({}, {}, { servers: [{ url: '/', ...found }] })],
    [
      'a variable of a server',
      (found) => documentOf({}, { servers: [{ url: '/', variables: { x: found } }] }),
    ],
    ['a tag', (found) => documentOf({}, { tags: [{ name: 'a', ...found }] })],
    [
      'what documents it elsewhere',
      (found) => documentOf({}, { externalDocs: { url: 'https://a.example', ...found } }),
    ],
    ['components', (found) => documentOf({}, components(found))],
    [
      'a security scheme',
      (found) =>
        documentOf(
          {},
          { components: { securitySchemes: { jwt: { type: 'http', scheme: 'bearer', ...found } } } },
        ),
    ],
    ['a body', (found) => documentOf({ requestBody: { content: JSON_BODY, ...found } })],
    [
      'a shared body',
      (found) => documentOf({}, components({ requestBodies: { a: { content: JSON_BODY, ...found } } })),
    ],
    [
      'a media type',
      (found) => documentOf({ requestBody: { content: { 'application/json': { schema: {}, ...found } } } }),
    ],
    ['responses', (found) => documentOf({ responses: found })],
    ['a response', (found) => documentOf({ responses: { '200': { description: 'OK', ...found } } })],
    ['a header of a response', (found) => documentOf({ responses: { '200': { headers: { A: found } } } })],
    ['a link', (found) => documentOf({ responses: { '200': { links: { a: found } } } })],
    ['a callback', (found) => documentOf({ callbacks: { a: { '{$url}': { post: found } } } })],
    ['a webhook', (found) => documentOf({}, { webhooks: { a: { post: found } } })],
  ];

  test.each(UNREAD)('fails with an extension on %s, where nobody reads it', (_, place) => {
    for (const found of [RULES, MARK, { 'x-gateway-x': 1 }, { x_gateway: {} }]) {
      expect(codesOf(place(found))).toEqual(['UNKNOWN_EXTENSION_KEY']);
    }
  });

  test.each<[string, (found: object) => Record<string, unknown>]>([
    [
      'a parameter',
      (found) => documentOf({ parameters: [{ name: 'a', in: 'query', schema: {}, ...found }] }),
    ],
    ['its schema', (found) => documentOf({ parameters: [{ name: 'a', in: 'query', schema: found }] })],
    [
      'a shared parameter',
      (found) => documentOf({}, components({ parameters: { a: { name: 'a', in: 'query', ...found } } })),
    ],
    ['a property', (found) => documentOf(body({ type: 'object', properties: { a: found } }))],
    [
      'an element of a property',
      (found) => documentOf(body({ properties: { a: { items: { allOf: [found] } } } })),
    ],
    [
      'a schema of a response',
      (found) => documentOf({ responses: { '200': { content: { 'a/b': { schema: found } } } } }),
    ],
    [
      'a shared schema',
      (found) => documentOf({}, components({ schemas: { a: { properties: { b: found } } } })),
    ],
  ])('takes a mark for redaction on %s, and no other name', (_, place) => {
    expect(codesOf(place(MARK))).toEqual([]);
    for (const found of [RULES, { 'x-gateway-redacted': true }, { 'X-Gateway-Redact': true }]) {
      expect(codesOf(place(found))).toEqual(['UNKNOWN_EXTENSION_KEY']);
    }
  });

  test('says what was meant, and what comes of it', () => {
    const parameters = [{ name: 'pin', in: 'query', schema: {}, 'x-gateway-redacted': true }];
    const problems = problemsOf(() =>
      compiled(documentOf({ parameters }, { tags: [{ name: 'a', ...RULES }] })),
    );

    expect(problems).toEqual([
      'UNKNOWN_EXTENSION_KEY "x-gateway-redacted" is not read here (did you mean "x-gateway-redact"?), so what it marks is hidden in no log',
      'UNKNOWN_EXTENSION_KEY "x-gateway" is not read here, so what it demands is demanded of no one',
    ]);
  });

  test('finds it once behind references, in loops too', () => {
    const $ref = '#/components/schemas/a';
    const schemas = { a: { properties: { self: { $ref } }, ...RULES } };

    expect(codesOf(documentOf(body({ $ref }), components({ schemas })))).toEqual(['UNKNOWN_EXTENSION_KEY']);
  });

  test('does not take names that anybody may choose, and data, for extensions', () => {
    const names = {
      'x-gateway': { type: 'string', maxLength: 1 },
      'x-gateway-redact': { type: 'string', maxLength: 1 },
    };
    const schema = {
      type: 'object',
      properties: names,
      example: RULES,
      default: RULES,
      enum: [RULES],
      const: RULES,
    };
    const responses = {
      '200': {
        headers: { 'X-Gateway': {} },
        content: { 'a/b': { schema: {}, example: RULES, examples: { a: { value: RULES } } } },
      },
    };

    expect(codesOf(documentOf({ ...body(schema), responses }))).toEqual([]);
  });

  test('does not take names of shared responses, and of properties that others need, for extensions', () => {
    const responses = { 'X-Gateway-Error': { description: 'Ours' } };
    const schemas = { a: { dependentRequired: { 'x-gateway-id': ['b'] } } };

    expect(codesOf(documentOf({}, components({ responses, schemas })))).toEqual([]);
    const found = { a: { description: 'Ours', ...RULES } };
    expect(codesOf(documentOf({}, components({ responses: found })))).toEqual(['UNKNOWN_EXTENSION_KEY']);
  });

  test('goes along references however many follow each other', () => {
    const next = (index: number) => ({ properties: { a: { $ref: `#/components/schemas/S${index + 1}` } } });
    const chain = Array.from({ length: 6_000 }, (_, index) => [`S${index}`, next(index)]);
    const schemas = Object.fromEntries([...chain, ['S6000', RULES]]);

    expect(codesOf(documentOf({}, components({ schemas })))).toEqual(['UNKNOWN_EXTENSION_KEY']);
  });

  test('lets other extensions be', () => {
    const paths = { 'x-internal': 1, '/a': { 'x-gate': 1, get: { 'x-amazon-apigateway-auth': RULES } } };

    expect(codesOf(minimalDocument({ 'x-google-backend': RULES, paths }))).toEqual([]);
  });
});
