import { compile } from './document';

const parameter = (schema: unknown, rest: object = {}) => ({ name: 'p', in: 'query', schema, ...rest });
const compiled = (schema: unknown, dialect: '3.0' | '3.1' = '3.1') => {
  const { rules, problems, findings } = compile([parameter(schema)], { dialect });
  return { value: rules[0]?.value, problems, findings };
};

// biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
const IF = { if: { const: 1 }, then: true, else: false };
// biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
const BRANCHES = { then: {}, else: { never: true } };

describe('a keyword of a parameter’s schema', () => {
  test.each<[string, object, object]>([
    [
      'float',
      { type: 'number', format: 'float' },
      { type: ['number'], minimum: -3.4028234663852886e38, maximum: 3.4028234663852886e38 },
    ],
    ['double', { type: 'number', format: 'double' }, { type: ['number'] }],
    ['password', { format: 'password' }, {}],
    ['minimum', { minimum: 0 }, { minimum: 0 }],
    ['maximum', { maximum: -1.5 }, { maximum: -1.5 }],
    ['exclusive minimum', { minimum: 1, exclusiveMinimum: 2 }, { minimum: 1, above: 2 }],
    ['exclusive maximum', { maximum: 2, exclusiveMaximum: 1 }, { maximum: 2, below: 1 }],
    [
      'contains',
      { type: 'array', items: { type: 'string' }, contains: { const: 'a' } },
      { type: ['array'], items: { type: ['string'] }, contains: { value: { enum: ['a'] }, minimum: 1 } },
    ],
    [
      'contains, so many',
      { type: 'array', items: { type: 'string' }, contains: { const: 'a' }, minContains: 0, maxContains: 3 },
      {
        type: ['array'],
        items: { type: ['string'] },
        contains: { value: { enum: ['a'] }, minimum: 0, maximum: 3 },
      },
    ],
    ['uniqueItems', { uniqueItems: true }, { uniqueItems: true }],
    ['uniqueItems, off', { uniqueItems: false }, {}],
    ['additionalProperties, none', { additionalProperties: false }, { additional: { never: true } }],
    ['additionalProperties, any', { additionalProperties: true }, { additional: {} }],
    ['required', { required: ['a'] }, { required: ['a'] }],
    ['bounds of properties', { minProperties: 0, maxProperties: 2 }, { minProperties: 0, maxProperties: 2 }],
    ['oneOf', { oneOf: [{ const: 1 }, false] }, { one: [{ enum: [1] }, { never: true }] }],
    ['if with both', IF, { choice: { if: { enum: [1] }, ...BRANCHES } }],
    ['if alone', { if: { const: 1 } }, { choice: { if: { enum: [1] } } }],
    ['annotations', { title: 'x', $comment: 'x', 'x-y': 1, deprecated: true }, {}],
  ])('%s is held as it says', (_, schema, value) => {
    expect(compiled(schema)).toEqual({ value, problems: [], findings: [] });
  });

  test.each<[string, object, object]>([
    ['exclusiveMinimum: true', { minimum: 1, exclusiveMinimum: true }, { above: 1 }],
    ['exclusiveMaximum: true', { maximum: 1, exclusiveMaximum: true }, { below: 1 }],
    ['exclusiveMinimum: false', { minimum: 1, exclusiveMinimum: false }, { minimum: 1 }],
    ['exclusiveMaximum: false', { maximum: 1, exclusiveMaximum: false }, { maximum: 1 }],
    ['nullable', { type: 'integer', nullable: true }, { type: ['integer', 'null'] }],
    ['nullable: false', { type: 'integer', nullable: false }, { type: ['integer'] }],
  ])('%s of OpenAPI 3.0 is held as it says', (_, schema, value) => {
    expect(compiled(schema, '3.0')).toEqual({ value, problems: [], findings: [] });
  });

  test('nullable means nothing in OpenAPI 3.1', () => {
    expect(compiled({ type: 'integer', nullable: true }).value).toEqual({ type: ['integer'] });
  });

  test.each<[string, object]>([
    ['items as a list', { type: 'array', items: [{ type: 'string' }] }],
    ['additionalProperties beside patternProperties', { patternProperties: {}, additionalProperties: false }],
    ['contains of what is weakened', { contains: { format: 'iban' } }],
    ['a keyword nobody knows', { minimun: 1 }],
    ['an unknown keyword named as a member of every object', { constructor: 1 }],
  ])('%s is not held, and said so', (_, schema) => {
    const { problems, findings } = compiled(schema);

    expect(problems).toEqual([]);
    expect(findings.map(({ code }) => code)).toContain('NOT_ENFORCED');
  });

  test.each<[string, object]>([
    ['an enum that is no list', { enum: 'a' }],
    ['a length that is a fraction', { maxLength: 1.5 }],
    ['a length that is text', { maxLength: '1' }],
    ['a length below 0', { minItems: -1 }],
    ['a bound that is text', { minimum: '1' }],
    ['a step below 0', { multipleOf: -1 }],
    ['a required that is text', { required: 'a' }],
    ['a required of numbers', { required: [1] }],
    ['an anyOf that is no list', { anyOf: {} }],
    ['properties that are a list', { properties: [] }],
    ['properties that are nothing', { properties: null }],
    ['a type nobody knows', { type: ['string', 'text'] }],
    ['a part that is no schema', { items: 'string' }],
  ])('fails for %s', (_, schema) => {
    expect(compiled(schema).problems.map(({ code }) => code)).toEqual(['INVALID_PARAMETER_SCHEMA']);
  });

  test('is not held beyond so many schemas as no request needs', () => {
    // each level doubles
    const levels = Array.from({ length: 12 }, (_, level) => [
      `L${level}`,
      { allOf: [{ $ref: `#/schemas/L${level + 1}` }, { $ref: `#/schemas/L${level + 1}` }] },
    ]);
    const schemas = { ...Object.fromEntries(levels), L12: { type: 'string' } };
    const { findings } = compile([parameter({ $ref: '#/schemas/L0' })], { schemas });

    expect(findings.some(({ message }) => message.includes('unfolds to more than'))).toBe(true);
  });
});

describe('what a text may stand for', () => {
  const readingOf = (schema: unknown, rest: object = {}, schemas: unknown = {}) =>
    compile([parameter(schema, rest)], { schemas }).rules[0]?.reading;
  const TREE = {
    Tree: { type: 'object', properties: { n: { type: 'integer' }, t: { $ref: '#/schemas/Tree' } } },
    Either: { anyOf: [{ type: 'boolean' }, { $ref: '#/schemas/Either' }] },
  };

  test.each<[string, unknown, object]>([
    ['of numbers', { type: 'number' }, { scalar: ['number'] }],
    ['of integers', { type: 'integer' }, { scalar: ['number'] }],
    ['of values listed', { enum: ['a', 1, null, true] }, { scalar: ['string', 'number', 'boolean', 'null'] }],
    [
      'of numbers that must be integers',
      { allOf: [{ type: 'number' }, { type: 'integer' }] },
      { scalar: ['number'] },
    ],
    ['of one of two', { anyOf: [{ type: 'string' }, { type: 'null' }] }, { scalar: ['string', 'null'] }],
    ['of nothing', false, {}],
    ['of lists', { type: 'array', items: { type: 'integer' } }, { items: ['number'] }],
    [
      'of lists by position',
      { type: 'array', prefixItems: [{ type: 'integer' }], items: { type: 'null' } },
      { items: ['null'], prefixItems: [['number']] },
    ],
    [
      'of lists or objects, each by its own',
      {
        oneOf: [
          { type: 'array', items: { type: 'integer' } },
          { type: 'object', properties: { a: { type: 'boolean' } }, additionalProperties: { type: 'null' } },
        ],
      },
      { items: ['number'], properties: { a: ['boolean'] }, additional: ['null'] },
    ],
    ['of listed lists', { enum: [[1], ['a']] }, { items: ['string', 'number', 'boolean', 'null'] }],
    [
      'of objects without others',
      { type: 'object', properties: { a: { type: 'null' } }, additionalProperties: false },
      { properties: { a: ['null'] } },
    ],
  ])('%s', (_, schema, reading) => {
    expect(readingOf(schema)).toEqual(reading);
  });

  test('follows references that go in circles', () => {
    expect(readingOf({ $ref: '#/schemas/Tree' }, {}, TREE)).toMatchObject({
      properties: { n: ['number'], t: [] },
      unread: true,
    });
    expect(readingOf({ $ref: '#/schemas/Either' }, {}, TREE)).toMatchObject({
      scalar: ['string', 'number', 'boolean', 'null'],
    });
  });
});

describe('what looks at elements from above them', () => {
  const list = { type: 'array', items: { type: ['integer', 'string'] } };
  const plain = { type: ['array'], items: { type: ['integer', 'string'] } };

  test.each<[string, object]>([
    ['enum of lists', { enum: [[1]] }],
    ['anyOf over elements', { anyOf: [{ items: { const: 1 } }, { maxItems: 1 }] }],
    ['oneOf over elements', { oneOf: [{ prefixItems: [{ const: 1 }] }] }],
    ['not over elements', { not: { items: { const: 1 } } }],
    ['not over a not over elements', { not: { not: { items: { const: 1 } } } }],
    ['contains', { contains: { const: 1 } }],
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    ['if over elements', { if: { items: { const: 1 } }, then: { maxItems: 1 } }],
    ['not over listed lists', { not: { enum: [['a']] } }],
    ['not over properties', { not: { properties: {} } }],
    ['not over other properties', { not: { additionalProperties: false } }],
    ['not over contains', { not: { contains: { const: 1 } } }],
  ])('is dropped where text does not tell them apart, and said so: %s', (_, schema) => {
    const { value, findings } = compiled({ ...list, ...schema });

    expect(value).toEqual(plain);
    expect(findings.map(({ message }) => message)).toEqual([expect.stringContaining('does not tell apart')]);
  });

  test('is dropped over properties too, of names nobody listed', () => {
    const schema = {
      type: 'object',
      additionalProperties: { type: ['integer', 'string'] },
      anyOf: [{ additionalProperties: { const: 1 } }, { maxProperties: 1 }],
    };
    const { value, findings } = compiled(schema);

    expect(value).toEqual({ type: ['object'], additional: { type: ['integer', 'string'] } });
    expect(findings).toHaveLength(1);
  });

  test('is dropped within allOf too, and the rest of it stays', () => {
    const { value, findings } = compiled({
      ...list,
      allOf: [{ not: { items: { const: 1 } }, maxItems: 2 }, { minItems: 1 }],
    });

    expect(value).toEqual({ ...plain, all: [{ maxItems: 2 }, { minItems: 1 }] });
    expect(findings).toHaveLength(1);
  });

  test.each<[string, object, object]>([
    [
      'length alone',
      { anyOf: [{ maxItems: 1 }, { minItems: 3 }] },
      { any: [{ maxItems: 1 }, { minItems: 3 }] },
    ],
    ['oneOf over length', { oneOf: [{ maxItems: 1 }] }, { one: [{ maxItems: 1 }] }],
    ['not over length', { not: { maxItems: 1 } }, { not: { maxItems: 1 } }],
    ['if over length', { if: { maxItems: 1 } }, { choice: { if: { maxItems: 1 } } }],
    ['enum of scalars', { enum: [null] }, { enum: [null] }],
    ['allOf over length', { allOf: [{ maxItems: 1 }] }, { all: [{ maxItems: 1 }] }],
  ])('stays where it does not look at them: %s', (_, schema, held) => {
    const { value, findings } = compiled({ ...list, type: ['array', 'null'], ...schema });

    expect(value).toMatchObject(held);
    expect(findings).toEqual([]);
  });
});
