import { prepareValue } from '../../../lambda/authorizer/parameters-value';
import type { ValueRule } from '../../../lib/protocol/parameter-rules';

const A: ValueRule = { enum: ['a'] };
const NUMBER: ValueRule = { type: ['number'] };

// what each keyword says of values of its kind, at its bounds; it says nothing of others
const CASES: readonly [string, ValueRule, readonly unknown[], readonly unknown[]][] = [
  ['nothing', {}, [1, 'a', null, [], {}], []],
  ['never', { never: true }, [], [1, 'a', null, [], {}]],
  ['string', { type: ['string'] }, [''], [1, true, null, [], {}]],
  ['integer', { type: ['integer'] }, [1, -1, 0], [1.5, '1', null, true]],
  ['boolean', { type: ['boolean'] }, [true, false], [0, 'true', null]],
  ['null', { type: ['null'] }, [null], [0, '', false, {}, []]],
  ['array', { type: ['array'] }, [[]], [{}, 'a', null]],
  ['object', { type: ['object'] }, [{}], [[], 'a', null]],
  ['three types', { type: ['string', 'null', 'array'] }, ['', null, []], [1, {}, true]],
  ['enum of scalars', { enum: ['1', null, false] }, ['1', null, false], [1, 0, '', 'null', [], {}]],
  [
    'enum with composites',
    { enum: [[1, { a: 1, b: 2 }], 'x'] },
    [[1, { b: 2, a: 1 }], 'x'],
    [[1], [1, { a: 1 }], [1, { a: 1, b: 2, c: 3 }], [{ a: 1, b: 2 }, 1], { 0: 1 }, 'y'],
  ],
  ['minLength', { minLength: 2 }, ['ab', '😀😀', 1, []], ['', 'a', '😀']],
  ['minLength of 0', { minLength: 0 }, ['', 'a'], []],
  ['maxLength', { maxLength: 2 }, ['', 'ab', '😀😀', 123, [1, 2, 3]], ['abc', '😀😀😀']],
  ['minimum', { minimum: 1 }, [1, 2, '0'], [0.99, 0, -1]],
  ['maximum', { maximum: 1 }, [1, 0, '2'], [1.01, 2]],
  ['above', { above: 1 }, [1.01], [1, 0]],
  ['below', { below: 1 }, [0.99], [1, 2]],
  ['multipleOf a fraction', { multipleOf: 0.1 }, [0.3, 1, 0, -0.7], [0.35, 0.01]],
  ['multipleOf a whole', { multipleOf: 3 }, [3, 0, -6], [1, 4.5, 3.1]],
  ['multipleOf beyond numbers', { multipleOf: 0.5 }, [1e20, 0.5], [Number.POSITIVE_INFINITY]],
  ['items', { items: NUMBER }, [[], [1, 2], 'a'], [['a'], [1, 'a']]],
  ['prefixItems', { prefixItems: [A, NUMBER] }, [[], ['a'], ['a', 1], ['a', 1, 'x']], [['b'], ['a', 'a']]],
  ['prefixItems before items', { prefixItems: [A], items: NUMBER }, [['a', 1]], [['a', 'a'], [1]]],
  ['minItems', { minItems: 1 }, [[1], 'a', {}], [[]]],
  ['maxItems', { maxItems: 1 }, [[], [1], 'ab'], [[1, 2]]],
  [
    'uniqueItems',
    { uniqueItems: true },
    [[], [1, '1', true, [1], { a: 1 }]],
    [
      [1, 1],
      [[1], [1]],
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
    ],
  ],
  ['contains', { contains: { value: A, minimum: 1 } }, [['a'], ['b', 'a'], ['a', 'a']], [[], ['b']]],
  [
    'contains within bounds',
    { contains: { value: A, minimum: 2, maximum: 3 } },
    [
      ['a', 'a'],
      ['a', 'b', 'a', 'a'],
    ],
    [['a'], ['a', 'a', 'a', 'a'], []],
  ],
  ['contains none', { contains: { value: A, minimum: 0, maximum: 0 } }, [[], ['b']], [['a']]],
  ['required', { required: ['a', 'b'] }, [{ a: 1, b: 1 }, []], [{}, { a: 1 }, Object.create({ a: 1, b: 1 })]],
  ['minProperties', { minProperties: 1 }, [{ a: 1 }, [], ''], [{}]],
  ['maxProperties', { maxProperties: 1 }, [{}, { a: 1 }, [1, 2]], [{ a: 1, b: 1 }]],
  ['properties', { properties: { a: NUMBER } }, [{}, { a: 1 }, { b: 'x' }, []], [{ a: 'x' }]],
  ['additional', { additional: NUMBER }, [{}, { a: 1 }], [{ a: 'x' }]],
  [
    'properties and additional',
    { properties: { a: NUMBER }, additional: { never: true } },
    [{}, { a: 1 }],
    [{ a: 'x' }, { a: 1, b: 1 }, { constructor: 1 }],
  ],
  ['all', { all: [{ minimum: 1 }, { maximum: 3 }, { multipleOf: 2 }, { above: 0 }] }, [2], [0, 1, 3, 4]],
  ['two of all', { all: [{ minimum: 1 }, { maximum: 3 }] }, [1, 3], [0, 4]],
  ['any of one', { any: [A] }, ['a'], ['b']],
  ['any of two', { any: [A, NUMBER] }, ['a', 1], ['b', true]],
  ['any of three', { any: [A, NUMBER, { type: ['null'] }] }, ['a', 1, null], ['b', true]],
  ['any of none', { any: [] }, [], ['a', 1]],
  ['one', { one: [{ minimum: 1 }, { maximum: 3 }] }, [0, 4], [1, 2, 3, 'both']],
  ['not', { not: A }, ['b', 1], ['a']],
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  ['if and then', { choice: { if: NUMBER, then: { minimum: 5 } } }, [5, 'a'], [4]],
  ['if and else', { choice: { if: NUMBER, else: A } }, [4, 'a'], ['b']],
  ['an unknown reference', { ref: 'gone' }, [], ['a', 1, null]],
];

describe('prepareValue', () => {
  test.each(CASES)('holds %s', (_, rule, good, bad) => {
    const check = prepareValue(rule);

    expect(good.filter((value) => !check(value))).toEqual([]);
    expect(bad.filter((value) => check(value))).toEqual([]);
  });

  test('holds a rule that refers to itself, as deep as the value', () => {
    const check = prepareValue(
      { ref: 'tree' },
      {
        tree: {
          type: ['object'],
          properties: { kid: { ref: 'tree' }, name: A },
          additional: { never: true },
        },
      },
    );

    expect(check({ kid: { kid: { name: 'a' } } })).toBe(true);
    expect(check({ kid: { kid: { name: 'b' } } })).toBe(false);
    expect(check({ kid: { kid: 1 } })).toBe(false);
  });
});
