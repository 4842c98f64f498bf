import { compileSchema } from './compile-schema';
import { CLOSED, expectMeaning, type Row, V30 } from './meaning-row';

describe('a schema of OpenAPI', () => {
  test.each<[string, Row]>([
    [
      'takes null by nullable',
      {
        options: V30,
        schema: { type: 'string', maxLength: 2, nullable: true },
        accepted: [null, 'ab'],
        refused: ['abc', 1],
        codes: [],
      },
    ],
    [
      'takes null by nullable beside an enum without it, and says so',
      {
        options: V30,
        schema: { type: 'string', nullable: true, enum: ['a'] },
        accepted: [null, 'a'],
        refused: ['b'],
        codes: ['NOT_ENFORCED'],
      },
    ],
    [
      'takes null by nullable beside allOf, and says so',
      {
        options: V30,
        schema: { nullable: true, allOf: [{ type: 'boolean' }] },
        accepted: [null, true],
        refused: ['b'],
        codes: ['NOT_ENFORCED'],
      },
    ],
    [
      'takes null by nullable in 3.1, and says so',
      {
        schema: { type: 'boolean', nullable: true },
        accepted: [null, true],
        refused: [1],
        codes: ['NOT_ENFORCED'],
      },
    ],
    [
      'takes null as one of its types',
      { schema: { type: ['boolean', 'null'] }, accepted: [null, true], refused: [1], codes: [] },
    ],
    [
      'excludes a bound by a flag',
      {
        options: V30,
        schema: { type: 'number', minimum: 1, exclusiveMinimum: true, maximum: 2 },
        accepted: [1.5, 2],
        refused: [1, 3],
        codes: [],
      },
    ],
    [
      'excludes a bound by a number',
      {
        schema: { type: 'number', exclusiveMinimum: 1, exclusiveMaximum: 2 },
        accepted: [1.5],
        refused: [1, 2],
        codes: [],
      },
    ],
    [
      'excludes a bound of whole numbers',
      {
        schema: { type: 'integer', exclusiveMinimum: 1, exclusiveMaximum: 3 },
        accepted: [2],
        refused: [1, 3, 2.5],
        codes: [],
      },
    ],
    [
      'keeps to 32 bits',
      {
        schema: { type: 'integer', format: 'int32' },
        accepted: [2147483647, -2147483648],
        refused: [2147483648, -2147483649],
        codes: [],
      },
    ],
    [
      'keeps to 64 bits',
      {
        schema: { type: 'integer', format: 'int64' },
        accepted: [2 ** 53, -(2 ** 63)],
        refused: [2 ** 64, -(2 ** 64)],
        codes: [],
      },
    ],
    [
      'keeps what stands beside a reference in 3.1',
      {
        schema: { $ref: '#/$defs/a', maxLength: 2, $defs: { a: { type: 'string' } } },
        accepted: ['ab'],
        refused: ['abc', 1],
        codes: [],
      },
    ],
    [
      'drops what stands beside a reference in 3.0, and says so',
      {
        options: V30,
        schema: { $ref: '#/a', maxLength: 2, a: { type: 'string', maxLength: 3 } },
        accepted: ['abc'],
        refused: ['abcd', 1],
        codes: ['IGNORED_KEYWORD', 'IGNORED_KEYWORD'],
      },
    ],
    [
      'refuses what only responses have',
      {
        options: V30,
        schema: {
          type: 'object',
          properties: { id: { type: 'boolean', readOnly: true }, on: { type: 'boolean' } },
          required: ['id', 'on'],
        },
        accepted: [{ on: true }],
        refused: [{ id: true, on: true }, {}],
        codes: [],
      },
    ],
    [
      'refuses what only responses have by reference, closed too',
      {
        options: CLOSED,
        schema: {
          type: 'object',
          properties: { id: { $ref: '#/Id' }, on: { type: 'boolean' } },
          Id: { type: 'boolean', readOnly: true },
        },
        accepted: [{ on: true }],
        refused: [{ id: true }, { x: 1 }],
        codes: ['IGNORED_KEYWORD', 'CLOSED'],
      },
    ],
    [
      'does not demand what only responses have, wherever it is demanded',
      {
        schema: {
          properties: { id: { readOnly: true } },
          oneOf: [{ required: ['id', 'a'] }, { required: ['id', 'b'] }],
        },
        accepted: [{ a: 1 }, { b: 1 }],
        refused: [{}, { a: 1, b: 1 }, { a: 1, id: 1 }],
        codes: [],
      },
    ],
    [
      'takes what only requests have',
      {
        schema: { properties: { secret: { type: 'boolean', writeOnly: true } } },
        accepted: [{ secret: true }],
        refused: [{ secret: 1 }],
        codes: [],
      },
    ],
    [
      'reads dependencies of older drafts',
      {
        options: V30,
        schema: { dependencies: { a: ['b'], c: { required: ['d'] } } },
        accepted: [
          { a: 1, b: 1 },
          { c: 1, d: 1 },
        ],
        refused: [{ a: 1 }, { c: 1 }],
        codes: [],
      },
    ],
    [
      'keeps to the properties of Object.prototype as to any',
      {
        schema: { required: ['toString'], properties: { constructor: { type: 'number' } } },
        accepted: [{ toString: 1 }],
        refused: [{}, { toString: 1, constructor: 'a' }],
        codes: [],
      },
    ],
    [
      'reports a keyword that is none',
      {
        schema: { type: 'boolean', maxLenght: 3 },
        accepted: [true],
        refused: [1],
        codes: ['IGNORED_KEYWORD'],
      },
    ],
    [
      'refuses everything by false',
      { schema: { properties: { a: false } }, accepted: [{}], refused: [{ a: 1 }], codes: [] },
    ],
  ])('%s', (_, row) => expectMeaning(row));

  test('restricts a property named __proto__, which the judge of these tests never sees', () => {
    const { model } = compileSchema(JSON.parse('{"properties":{"__proto__":{"type":"number"}}}'));

    expect(JSON.stringify(model)).toBe('{"properties":{"__proto__":{"type":"number"}}}');
  });

  test.each<[string, object, string[]]>([
    ['a string', { properties: { a: { type: 'string' } } }, ['/properties/a/type']],
    ['a string by an open pattern', { type: 'string', pattern: '^a+$' }, ['/type']],
    ['a number', { type: 'number', minimum: 1 }, ['/type']],
    ['an array', { type: 'array', items: { type: 'boolean' } }, ['/type']],
    ['a value that nothing describes', { properties: { a: { description: 'any' } } }, ['/properties/a']],
    ['no value let through by name', { properties: { a: true }, additionalProperties: true }, []],
    ['no bounded string', { type: 'string', maxLength: 3 }, []],
    ['no listed string', { type: 'string', enum: ['a'] }, []],
    ['no string of a bounded format', { type: 'string', format: 'uuid' }, []],
    ['no string of a bounded pattern', { type: 'string', pattern: '^[A-Z]{2}$' }, []],
    ['no bounded number', { type: 'integer', format: 'int32' }, []],
    ['no bounded array', { type: 'array', maxItems: 3 }, []],
  ])('is found unbounded where it has %s', (_, schema, pointers) => {
    const { findings } = compileSchema(schema);

    expect(findings.filter(({ code }) => code === 'UNBOUNDED').map(({ pointer }) => pointer)).toEqual(
      pointers,
    );
  });

  test.each<[string, unknown, string]>([
    ['a type', { type: 'text' }, "'type' must be a type of JSON Schema"],
    ['a bound', { type: 'integer', minimum: '3' }, "'minimum' must be a number"],
    ['a length', { type: 'string', maxLength: -1 }, "'maxLength' must be a whole number"],
    ['required names', { properties: {}, required: true }, "'required' must be a list of strings"],
    ['properties', { properties: [] }, "'properties' must be schemas by name"],
    ['a property', { properties: { a: 'string' } }, "'properties' must be schemas by name"],
    ['cases', { oneOf: {} }, "'oneOf' must be a list of schemas"],
    ['a pattern', { type: 'string', pattern: '(' }, "'pattern' is not a regular expression"],
    ['a reference', { $ref: 3 }, "'$ref' must be a string"],
  ])('fails by what is not %s', (_, schema, problem) => {
    expect(compileSchema(schema).problems).toEqual([expect.stringContaining(problem)]);
  });
});
