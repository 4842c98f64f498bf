import { compile } from './document';

const query = (name: string, schema: unknown, rest: object = {}) => ({ name, in: 'query', schema, ...rest });
const rule = (schema: unknown, dialect: '3.0' | '3.1' = '3.1', schemas: unknown = {}) =>
  compile([query('p', schema)], { dialect, schemas }).rules[0]?.value;

describe('compileParameters', () => {
  test('lets the operation win over the path item, by name and place', () => {
    const { rules } = compile([query('a', { type: 'integer' })], {
      inherited: [query('a', { type: 'string' }), { name: 'a', in: 'header', schema: { type: 'boolean' } }],
    });

    expect(rules.map(({ in: place, value }) => [place, value])).toEqual([
      ['query', { type: ['integer'] }],
      ['header', { type: ['boolean'] }],
    ]);
  });

  test('takes header names in lower case, and a name in other case as the same', () => {
    const { rules } = compile([{ name: 'X-A', in: 'header', schema: { type: 'string' } }], {
      inherited: [{ name: 'x-a', in: 'header', schema: { type: 'integer' } }],
    });

    expect(rules.map(({ name, value }) => [name, value])).toEqual([['x-a', { type: ['string'] }]]);
  });

  test.each(['Accept', 'content-type', 'AUTHORIZATION'])(
    'ignores a header parameter named %s and says so',
    (name) => {
      const { rules, findings } = compile([
        { name, in: 'header', required: true, schema: { type: 'string' } },
      ]);

      expect(rules).toEqual([]);
      expect(findings).toMatchObject([{ code: 'HEADER_PARAMETER_IGNORED', operation: 'GET /item' }]);
    },
  );

  test('demands path parameters even where the document forgot to', () => {
    const { rules } = compile([{ name: 'id', in: 'path', schema: { type: 'string' } }]);

    expect(rules).toMatchObject([{ required: true }]);
  });

  test.each([
    ['DUPLICATE_PARAMETER', [query('a', {}), query('a', {})]],
    ['INVALID_PARAMETER', [{ in: 'query', schema: {} }]],
    ['INVALID_PARAMETER', [{ name: 'a', in: 'body', schema: {} }]],
    ['PARAMETER_STYLE', [query('a', {}, { style: 'matrix' })]],
    ['PARAMETER_CONTENT', [{ name: 'a', in: 'query', content: {} }]],
    ['INVALID_PARAMETER_SCHEMA', [query('a', { pattern: '(' })]],
    ['INVALID_PARAMETER_SCHEMA', [query('a', { minLength: -1 })]],
    ['INVALID_PARAMETER_SCHEMA', [query('a', { type: 'text' })]],
    ['INVALID_PARAMETER_SCHEMA', [query('a', { multipleOf: 0 })]],
    ['INVALID_PARAMETER_SCHEMA', [query('a', 'string')]],
  ])('fails with %s for %j', (code, parameters) => {
    expect(compile(parameters).problems.map((problem) => problem.code)).toEqual([code]);
  });

  test('names the place of a problem', () => {
    expect(compile([query('a', { items: { pattern: '(' } })]).problems).toMatchObject([
      { at: 'openapi.yaml/item/get/parameters/0/schema/items/pattern' },
    ]);
  });

  test.each([
    ['nullable', { type: 'string', nullable: true }, { type: ['string', 'null'] }],
    ['a boolean bound', { minimum: 1, exclusiveMinimum: true }, { above: 1 }],
    ['a boolean bound that is off', { maximum: 1, exclusiveMaximum: false }, { maximum: 1 }],
    ['a number as bound', { exclusiveMaximum: 1 }, { below: 1 }],
    ['annotations', { description: 'x', example: 1, 'x-go-type': 'T', type: 'string' }, { type: ['string'] }],
  ])('takes %s of OpenAPI 3.0', (_, schema, value) => {
    expect(rule(schema, '3.0')).toEqual(value);
  });

  test('holds both where const stands beside enum', () => {
    expect(rule({ enum: [1, 2], const: 2 })).toEqual({ all: [{ enum: [1, 2] }, { enum: [2] }] });
  });

  test('follows references, with what stands beside them in OpenAPI 3.1 only', () => {
    const schema = { $ref: '#/schemas/Id', maxLength: 3 };
    const schemas = { Id: { type: 'string' } };

    expect(rule(schema, '3.1', schemas)).toEqual({ all: [{ type: ['string'] }, { maxLength: 3 }] });
    expect(rule(schema, '3.0', schemas)).toEqual({ type: ['string'] });
  });

  test('says of JSON without a schema that any passes', () => {
    const { findings } = compile([{ name: 't', in: 'query', content: { 'application/json': {} } }]);

    expect(findings.map(({ code, message }) => `${code} ${message}`)).toEqual([
      "NOT_ENFORCED query parameter 't' has no schema, so any JSON passes",
    ]);
  });

  test('keeps circular references within JSON', () => {
    const schemas = {
      Tree: { type: 'object', properties: { kids: { type: 'array', items: { $ref: '#/schemas/Tree' } } } },
    };
    const content = { 'application/json': { schema: { $ref: '#/schemas/Tree' } } };
    const { rules, findings } = compile([{ name: 't', in: 'query', content }], { schemas });

    const [id] = Object.keys(rules[0]?.definitions ?? {});
    expect(findings).toEqual([]);
    expect(rules[0]?.value).toEqual({ ref: id });
    expect(JSON.stringify(rules[0]?.definitions)).toContain(`{"ref":"${id}"}`);
  });
});

describe('compileParameters, of what cannot be held,', () => {
  const schemas = { Loop: { allOf: [{ $ref: '#/schemas/Loop' }] } };

  test.each<[string, unknown, unknown]>([
    ['a keyword it does not know', { patternProperties: {}, type: 'string' }, { type: ['string'] }],
    ['a format it does not know', { format: 'iban', type: 'string' }, { type: ['string'] }],
    ['a schema that is nothing but itself', { $ref: '#/schemas/Loop' }, { all: [{}] }],
    ['not, if part of it would be lost', { not: { format: 'iban' } }, {}],
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    ['if, if part of it would be lost', { if: { format: 'iban' }, then: false }, {}],
  ])('weakens %s and says so', (_, schema, value) => {
    const { rules, findings } = compile([query('p', schema)], { schemas });

    expect(rules[0]?.value).toEqual(value);
    expect(findings.map(({ code }) => code)).toContain('NOT_ENFORCED');
    expect(findings[0]?.message).toContain("query parameter 'p'");
  });

  test('takes oneOf for anyOf if part of it would be lost', () => {
    const { rules } = compile([query('p', { oneOf: [{ format: 'iban' }, { type: 'string' }] })]);

    expect(rules[0]?.value).toEqual({ any: [{}, { type: ['string'] }] });
  });

  test.each([
    ['arrays of arrays', { type: 'array', items: { type: 'array' } }, {}, undefined],
    [
      'deep objects with arrays',
      { type: 'object', properties: { a: { type: 'array' } }, additionalProperties: false },
      { style: 'deepObject' },
      { style: 'deepObject', properties: { a: [] }, unread: true },
    ],
    [
      'deep objects with arrays of any name',
      { type: 'object', additionalProperties: { type: 'array' } },
      { style: 'deepObject' },
      { style: 'deepObject', properties: {}, additional: [], unread: true },
    ],
    [
      'exploded objects with arrays',
      { type: 'object', properties: { a: { type: 'array' } }, additionalProperties: false },
      {},
      { properties: { a: [] }, unread: true },
    ],
  ])('checks no value of %s, for which there is no style', (_, schema, rest, reading) => {
    const { rules, findings } = compile([query('p', schema, rest)]);

    expect(rules[0]?.value).toEqual({});
    expect(rules[0]?.reading).toEqual(reading);
    expect(findings).toMatchObject([{ code: 'NOT_ENFORCED', severity: 'warning' }]);
  });

  test.each([
    ['another media type than JSON', { in: 'query', content: { 'application/xml': {} } }],
    ['a parameter without a schema', { in: 'query' }],
  ])('checks presence only of %s', (_, parameter) => {
    const { rules, findings } = compile([{ name: 'p', required: true, ...parameter }]);

    expect(rules).toEqual([{ name: 'p', in: parameter.in, required: true, value: {} }]);
    expect(findings).toMatchObject([{ code: 'NOT_ENFORCED' }]);
  });
});

describe('compileParameters, of patterns,', () => {
  test('takes what is valid without Unicode only', () => {
    expect(rule({ pattern: '^[\\w-.]+$' })).toEqual({ pattern: { source: '^[\\w-.]+$', flags: '' } });
    expect(rule({ pattern: '^\\p{L}$' })).toEqual({ pattern: { source: '^\\p{L}$', flags: 'u' } });
  });

  test.each(['(a+)+$', '^(a|a)*$', '^(\\w+\\s?)*$', '(.*)*x'])(
    'runs %s as a program, since it backtracks',
    (pattern) => {
      expect(rule({ pattern })?.pattern?.program?.at(-1)).toEqual(['match']);
    },
  );

  test.each(['^(?=.*a)(.*)*x', '^(a+)+\\1$', '^(a{0,300}b?){0,300}$'])(
    'fails for %s, which backtracks without bound and is no program',
    (pattern) => {
      expect(compile([query('p', { pattern })]).problems).toMatchObject([{ code: 'UNSAFE_PATTERN' }]);
    },
  );
});
