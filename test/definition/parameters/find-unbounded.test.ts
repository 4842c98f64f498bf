import { compile } from './document';

const query = (schema: unknown) => ({ name: 'p', in: 'query', schema });

/** Pointers below the parameter. */
const pointers = (
  schema: unknown,
  rest: { schemas?: unknown; dialect?: '3.0' | '3.1' } = {},
): (string | undefined)[] =>
  compile([query(schema)], rest).unbounded.map(({ pointer }) =>
    pointer.replace('/item/get/parameters/0', ''),
  );

describe('findUnbounded, of parameters,', () => {
  test.each<[string, unknown, string[]]>([
    ['a string', { type: 'string' }, ['/schema/type']],
    ['a string that may be null', { type: ['string', 'null'] }, ['/schema/type']],
    ['a string of a format without a length', { type: 'string', format: 'email' }, ['/schema/type']],
    ['a string of a pattern without an end', { type: 'string', pattern: '^a+$' }, ['/schema/type']],
    ['a number with one bound', { type: 'integer', minimum: 0 }, ['/schema/type']],
    ['a number of no size', { type: 'number', format: 'double' }, ['/schema/type']],
    ['an array', { type: 'array', items: { type: 'boolean' } }, ['/schema/type']],
    ['its elements', { type: 'array', maxItems: 2, items: { type: 'string' } }, ['/schema/items/type']],
    [
      'a position',
      { type: 'array', prefixItems: [{ type: 'string' }], items: false },
      ['/schema/prefixItems/0/type'],
    ],
    ['a property', { type: 'object', properties: { a: { type: 'string' } } }, ['/schema/properties/a/type']],
    ['an alternative', { oneOf: [{ type: 'string' }, { type: 'boolean' }] }, ['/schema/oneOf/0/type']],
    ['a part', { allOf: [{ type: 'string' }, { minLength: 1 }] }, ['/schema/allOf/0/type']],
    ['a branch', { if: { type: 'boolean' }, else: { type: 'string' } }, ['/schema/else/type']],
  ])('finds %s', (_, schema, expected) => {
    expect(pointers(schema)).toEqual(expected);
  });

  test.each<[string, unknown]>([
    ['a length', { type: 'string', maxLength: 5 }],
    ['a list of values', { type: 'string', enum: ['a'] }],
    ['a constant', { type: 'string', const: 'a' }],
    ['a format with a length', { type: 'string', format: 'uuid' }],
    ['a pattern with an end', { type: 'string', pattern: '^[a-z]{3}$' }],
    ['two bounds', { type: 'number', exclusiveMinimum: 0, maximum: 9 }],
    ['a format with bounds', { type: 'integer', format: 'int32' }],
    ['a length from beside', { allOf: [{ type: 'string' }, { maxLength: 5 }] }],
    ['a length from around', { maxLength: 5, anyOf: [{ type: 'string' }, { type: 'boolean' }] }],
    ['a number of elements', { type: 'array', maxItems: 3, items: { type: 'boolean' } }],
  ])('is content with %s', (_, schema) => {
    expect(pointers(schema)).toEqual([]);
  });

  test("is content with 3.0's flag beside two bounds, not with the flag alone", () => {
    const strict = { type: 'number', exclusiveMinimum: true, maximum: 9 };

    expect(pointers({ ...strict, minimum: 0 }, { dialect: '3.0' })).toEqual([]);
    expect(pointers(strict, { dialect: '3.0' })).toEqual(['/schema/type']);
  });

  test('names the parameter and the operation, and says what to add', () => {
    const { unbounded } = compile([query({ type: 'string' })]);

    expect(unbounded).toEqual([
      {
        code: 'UNBOUNDED',
        severity: 'warning',
        at: 'openapi.yaml/item/get/parameters/0/schema/type',
        file: 'openapi.yaml',
        pointer: '/item/get/parameters/0/schema/type',
        operation: 'GET /item',
        message: "query parameter 'p': a string of any length",
        remedy: "add 'maxLength'",
      },
    ]);
  });

  test('names the field of an object', () => {
    const schema = {
      type: 'object',
      properties: { a: { type: 'array', maxItems: 2, items: { type: 'string' } } },
    };

    expect(compile([query(schema)]).unbounded).toMatchObject([
      { message: "query parameter 'p': elements of field 'a': a string of any length" },
    ]);
  });

  test('looks into JSON that a parameter carries', () => {
    const content = { 'application/json': { schema: { type: 'string' } } };

    expect(compile([{ name: 'p', in: 'query', content }]).unbounded).toMatchObject([
      { pointer: '/item/get/parameters/0/content/application~1json/schema/type' },
    ]);
  });

  test('reports a schema that two parameters share once, as of no operation', () => {
    const schemas = { Text: { type: 'string' } };
    const shared = { $ref: '#/schemas/Text' };
    const { unbounded } = compile([query(shared), { name: 'q', in: 'query', schema: shared }], { schemas });

    expect(unbounded).toMatchObject([{ pointer: '/schemas/Text/type', message: 'a string of any length' }]);
    expect(unbounded[0]).not.toHaveProperty('operation');
  });

  test('comes to an end in a schema that contains itself', () => {
    const schemas = { List: { type: 'array', items: { $ref: '#/schemas/List' } } };

    expect(pointers({ $ref: '#/schemas/List' }, { schemas })).toEqual(['/schemas/List/type']);
  });
});
