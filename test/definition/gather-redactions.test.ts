import { codesOf, compiled, findingsOf, minimalDocument } from './minimal-document';

const parameter = (name: string, place: string) => ({
  name,
  in: place,
  ...(place === 'path' ? { required: true } : {}),
  schema: { type: 'string', maxLength: 9 },
  'x-gateway-redact': true,
});
const redactOf = (operation: object, method = 'get') =>
  compiled(minimalDocument({ paths: { '/orders/{id}': { [method]: operation } } })).audit.redact;
const body = (schema: unknown) => ({ requestBody: { content: { 'application/json': { schema } } } });

describe('gatherRedactions', () => {
  test('always masks what carries credentials', () => {
    const components = { securitySchemes: { jwt: { type: 'apiKey', in: 'header', name: 'X-Key' } } };

    expect(compiled(minimalDocument({ components })).audit.redact).toEqual({
      headers: ['authorization', 'cookie', 'x-key'],
      queryParameters: [],
      cookies: [],
      query: false,
      path: false,
      body: false,
    });
  });

  test('masks marked parameters where they stand, headers in lower case', () => {
    const parameters = [parameter('X-Pin', 'header'), parameter('pin', 'query'), parameter('pin', 'cookie')];

    expect(redactOf({ parameters })).toEqual({
      headers: ['authorization', 'cookie', 'x-pin'],
      queryParameters: ['pin'],
      cookies: ['pin'],
      query: false,
      path: false,
      body: false,
    });
  });

  const MARKED = { type: 'string', maxLength: 9, 'x-gateway-redact': true };
  const object = (place: string, properties: object, rest: object = {}) => ({
    name: 'p',
    in: place,
    schema: { type: 'object', properties, additionalProperties: false },
    ...rest,
  });

  test('masks marked objects by the names their properties come by', () => {
    const properties = { pin: { type: 'string', maxLength: 9 }, page: { type: 'integer', format: 'int32' } };
    const mark = { 'x-gateway-redact': true };

    expect(redactOf({ parameters: [object('cookie', properties, mark)] }).cookies).toEqual(['page', 'pin']);
    expect(redactOf({ parameters: [object('query', properties, mark)] }).queryParameters).toEqual([
      'page',
      'pin',
    ]);
    const deep = object('query', properties, { ...mark, style: 'deepObject' });
    expect(redactOf({ parameters: [deep] }).queryParameters).toEqual(['p[page]', 'p[pin]']);
  });

  const pin = { pin: { type: 'string', maxLength: 9 } };
  test.each<[string, object, object]>([
    ['an object of brackets that is open', pin, { style: 'deepObject' }],
    ['one that names nothing', {}, { style: 'deepObject' }],
    [
      'one with objects in it',
      { pin: { type: 'object', properties: pin } },
      { style: 'deepObject', closed: true },
    ],
    [
      'one with lists in it',
      { pin: { type: 'array', items: { type: 'string' } } },
      { style: 'deepObject', closed: true },
    ],
    ['an exploded object that is open', pin, {}],
    ['one that names nothing', {}, {}],
  ])(
    'takes all queries out of the log for %s, and says so',
    (_, properties, { closed, ...rest }: { closed?: true }) => {
      const schema = { type: 'object', properties, ...(closed && { additionalProperties: false }) };
      const open = { name: 'p', in: 'query', 'x-gateway-redact': true, schema, ...rest };
      const paths = { '/orders': { get: { parameters: [open] } } };

      expect(compiled(minimalDocument({ paths })).audit.redact.query).toBe(true);
      expect(findingsOf(minimalDocument({ paths }))).toContain('QUERY_REDACTED');
    },
  );

  test.each<[string, object]>([
    ['an open object in a header', { in: 'header', schema: { type: 'object', properties: pin } }],
    [
      'one in a cookie, none of which is in the log',
      { in: 'cookie', schema: { type: 'object', properties: pin } },
    ],
    [
      'one in a value of its own',
      { in: 'query', explode: false, schema: { type: 'object', properties: pin } },
    ],
    [
      'one as JSON',
      { in: 'query', content: { 'application/json': { schema: { type: 'object', properties: pin } } } },
    ],
  ])('leaves queries in the log for %s', (_, rest) => {
    expect(redactOf({ parameters: [{ name: 'p', 'x-gateway-redact': true, ...rest }] }).query).toBe(false);
  });

  test.each(['default', 'example', 'enum', 'const', 'x-pin', 'properties', '$ref', 'items'])(
    'sees a marked property called %s, and takes no property for a mark',
    (name) => {
      const schema = (marked: object) => ({ type: 'object', properties: { [name]: marked } });

      expect(redactOf(body(schema(MARKED)), 'post').body).toBe(true);
      expect(redactOf(body(schema({ type: 'string', maxLength: 9 })), 'post').body).toBe(false);
      const named = { type: 'object', properties: { 'x-gateway-redact': { type: 'string', maxLength: 9 } } };
      expect(redactOf(body(named), 'post').body).toBe(false);
    },
  );

  test('masks the one of two parameters of a name that is marked', () => {
    const properties = { pin: { type: 'string', maxLength: 9 } };
    const parameters = [
      object('query', { page: { type: 'integer', format: 'int32' } }),
      object('cookie', properties, { 'x-gateway-redact': true }),
    ];

    expect(redactOf({ parameters })).toMatchObject({ queryParameters: [], cookies: ['pin'] });
  });

  test('masks a parameter for a mark in its schema', () => {
    const shared = { schema: { $ref: '#/components/schemas/Pin' } };
    const parameters = [
      object('cookie', { pin: MARKED }),
      { name: 'q', in: 'query', ...shared },
      { name: 'X-Q', in: 'header', ...shared },
      { name: 'plain', in: 'query', schema: { type: 'string', example: { 'x-gateway-redact': true } } },
    ];
    const components = {
      securitySchemes: { jwt: { type: 'http', scheme: 'bearer' } },
      schemas: { Pin: MARKED },
    };
    const paths = { '/orders': { get: { parameters } } };

    expect(compiled(minimalDocument({ components, paths })).audit.redact).toMatchObject({
      headers: expect.arrayContaining(['x-q']),
      queryParameters: ['q'],
      cookies: ['pin'],
    });
  });

  test('takes a password for marked, unless it is said not to be', () => {
    const password = { type: 'string', format: 'password', maxLength: 9 };
    const query = (schema: object) => ({ parameters: [{ name: 'pin', in: 'query', schema }] });
    const login = (schema: object) => body({ type: 'object', properties: { word: schema } });

    expect(redactOf(query(password)).queryParameters).toEqual(['pin']);
    expect(redactOf(query({ ...password, 'x-gateway-redact': false })).queryParameters).toEqual([]);
    expect(redactOf(login(password), 'post').body).toBe(true);
    expect(redactOf(login({ ...password, 'x-gateway-redact': false }), 'post').body).toBe(false);
    expect(redactOf(login({ type: 'string', enum: [{ format: 'password' }] }), 'post').body).toBe(false);
  });

  test.each(['password', 'Passwd', 'newPassword', 'clientSecret', 'refresh_token', 'cvc'])(
    'takes a property %j of a body for marked, unless it is said not to be',
    (name) => {
      const login = (schema: object) =>
        redactOf(body({ type: 'object', properties: { [name]: schema, page: { type: 'string' } } }), 'post')
          .body;

      expect(login({ type: 'string' })).toBe(true);
      expect(login({ type: 'string', 'x-gateway-redact': false })).toBe(false);
    },
  );

  test.each(['nextPageToken', 'passwords', 'secretary', 'author'])(
    'takes no property %j for marked',
    (name) => {
      expect(
        redactOf(body({ type: 'object', properties: { [name]: { type: 'string' } } }), 'post').body,
      ).toBe(false);
    },
  );

  test.each<[string, unknown]>([
    ['a property', { type: 'object', properties: { pin: { type: 'string', 'x-gateway-redact': true } } }],
    [
      'a property of an element',
      { type: 'array', items: { properties: { pin: { 'x-gateway-redact': true } } } },
    ],
    ['a part of allOf', { allOf: [{ type: 'object', properties: { pin: { 'x-gateway-redact': true } } }] }],
  ])('masks bodies for %s that is marked', (_, schema) => {
    expect(redactOf(body(schema), 'post').body).toBe(true);
  });

  test('masks a parameter whose name says that it is secret, unless the document says it is not', () => {
    const named = (name: string, place: string, rest: object = {}) => ({
      name,
      in: place,
      schema: { type: 'string', maxLength: 9 },
      ...rest,
    });
    const parameters = [
      named('newPassword', 'query'),
      named('clientSecret', 'cookie'),
      named('X-Old-Passphrase', 'header'),
      named('nextPageToken', 'query'),
      named('resetSecret', 'query', { 'x-gateway-redact': false }),
      named('oldSecret', 'query', { schema: { type: 'string', maxLength: 9, 'x-gateway-redact': false } }),
    ];

    expect(redactOf({ parameters })).toMatchObject({
      headers: ['authorization', 'cookie', 'x-old-passphrase'],
      queryParameters: ['newPassword'],
      cookies: ['clientSecret'],
    });
    // the name of a thing that is a secret, more often than one
    const get = { parameters: [named('secret', 'path', { required: true })] };
    expect(compiled(minimalDocument({ paths: { '/vault/{secret}': { get } } })).audit.redact.path).toBe(
      false,
    );
  });

  test('masks bodies for a mark behind references that go in circles', () => {
    const components = {
      securitySchemes: { jwt: { type: 'http', scheme: 'bearer' } },
      schemas: {
        Node: {
          type: 'object',
          properties: {
            next: { $ref: '#/components/schemas/Node' },
            pin: { $ref: '#/components/schemas/Pin' },
          },
        },
        Pin: { type: 'string', maxLength: 4, 'x-gateway-redact': true },
      },
    };
    const paths = { '/a': { post: body({ $ref: '#/components/schemas/Node' }) } };

    expect(compiled(minimalDocument({ components, paths })).audit.redact.body).toBe(true);
  });

  test('does not take an example for a mark', () => {
    expect(redactOf(body({ type: 'object', example: { 'x-gateway-redact': true } }), 'post').body).toBe(
      false,
    );
  });

  test('takes all paths out of the log for a path parameter, and says so', () => {
    const paths = { '/orders/{id}': { get: { parameters: [parameter('id', 'path')] } } };

    expect(compiled(minimalDocument({ paths })).audit.redact.path).toBe(true);
    expect(findingsOf(minimalDocument({ paths }))).toContain('PATH_REDACTED');
    expect(compiled(minimalDocument()).audit.redact.path).toBe(false);
  });

  test('fails with a mark that is neither true nor false', () => {
    const paths = {
      '/orders/{id}': { get: { parameters: [{ ...parameter('id', 'query'), 'x-gateway-redact': 'yes' }] } },
    };

    expect(codesOf(minimalDocument({ paths }))).toContain('INVALID_EXTENSION');
  });
});
