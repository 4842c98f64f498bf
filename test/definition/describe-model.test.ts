import { describeModel } from '../../lib/definition/explain/describe-model';

const models = {
  Nested: { type: 'array', items: { $ref: '#/components/schemas/Nested' } },
  Order: {
    type: 'object',
    required: ['sku'],
    additionalProperties: false,
    properties: {
      sku: { type: 'string', pattern: '^[A-Z]+$', minLength: 1, maxLength: 9 },
      count: { type: 'integer', minimum: 1, maximum: 10, multipleOf: 2 },
      kind: { enum: ['a', 'b'] },
      next: { $ref: '#/components/schemas/Order' },
      tags: { type: 'array', items: { type: 'string', maxLength: 5 } },
      free: {},
    },
  },
};

describe('describeModel', () => {
  test('names every field with what is checked of it, and that there are no others', () => {
    expect(describeModel({ $ref: '#/components/schemas/Order' }, models)).toEqual([
      'field sku: string, pattern ^[A-Z]+$, length 1 to 9',
      'field count (optional): integer, value 1 to 10, multipleOf 2',
      'field kind (optional): one of "a" "b"',
      'field next (optional): object as Order',
      'field tags (optional): array, each (string, length at most 5)',
      'field free (optional): anything',
      'no other field',
    ]);
  });

  test.each<[string, unknown, string[]]>([
    ['a list', { type: 'array', items: { type: 'integer' } }, ['array, each (integer)']],
    [
      'a choice',
      { oneOf: [{ type: 'string' }, { type: 'integer', maximum: 9 }] },
      ['exactly one of (string) or (integer, value at most 9)'],
    ],
    [
      'a number above another',
      { type: 'number', minimum: 0, not: { type: 'number', enum: [0] } },
      ['number, value at least 0, not (number, one of 0)'],
    ],
    [
      'null',
      { anyOf: [{ type: 'string' }, { $ref: '#/components/schemas/Null' }] },
      ['any of (string) or (null)'],
    ],
    [
      'what is deep only so far',
      { not: { not: { not: { not: { type: 'string' } } } } },
      ['not (not (not (something else)))'],
    ],
    ['nothing', {}, ['anything']],
    ['a list of itself', { $ref: '#/components/schemas/Nested' }, ['array, each (as Nested)']],
    ['a model that is not there', { $ref: '#/components/schemas/No' }, ['as No']],
  ])('describes %s', (_, model, expected) => {
    expect(describeModel(model, models)).toEqual(expected);
  });
});
