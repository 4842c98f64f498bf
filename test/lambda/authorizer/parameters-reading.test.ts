import { prepareReader } from '../../../lambda/authorizer/parameters-reading';
import type { ParameterRule } from '../../../lib/protocol/parameter-rules';
import { compile } from '../../definition/parameters/document';

/** The reader of a query parameter, as it is compiled. */
function readerOf(schema: object, rest: object = {}) {
  const { rules, problems } = compile([{ name: 'p', in: 'query', schema, ...rest }]);
  expect(problems).toEqual([]);
  return prepareReader(rules[0] as ParameterRule);
}

const INTEGER_OR_TEXT = { type: ['integer', 'string'] };

describe('a text is read', () => {
  test.each<[string, object, readonly string[], readonly string[], readonly string[]]>([
    ['as a boolean', { type: 'boolean' }, ['true', 'false'], ['', '1', 'null', 'TRUE'], []],
    ['as null', { type: 'null' }, ['', 'null'], ['0', 'NULL', 'x'], []],
    [
      'as a number',
      { type: 'number' },
      ['0', '-1', '1.50', '1e2', '1E-2'],
      ['', '01', '.5', '1.', '+1', '0x1', 'NaN', '1e999'],
      [],
    ],
    [
      'as a number or text, whichever holds',
      { anyOf: [{ type: 'integer', minimum: 5 }, { enum: ['x', '3'] }] },
      ['5', 'x', '3'],
      [],
      ['4', 'y'],
    ],
    [
      'as text where only text holds',
      { type: INTEGER_OR_TEXT.type, not: { type: 'integer' } },
      ['x', '5'],
      [],
      [],
    ],
    ['as several kinds', { type: ['boolean', 'null', 'integer'] }, ['true', 'null', '1'], ['x'], ['1.5']],
  ])('%s', (_, schema, good, malformed, invalid) => {
    const reader = readerOf(schema);

    expect(good.map((text) => reader.text(text))).toEqual(good.map(() => undefined));
    expect(malformed.map((text) => reader.text(text))).toEqual(malformed.map(() => 'MALFORMED'));
    expect(invalid.map((text) => reader.text(text))).toEqual(invalid.map(() => 'INVALID'));
  });
});

describe('elements are read', () => {
  test.each<[string, object, readonly (readonly [readonly string[], string | undefined])[]]>([
    [
      'as what they must be',
      { type: 'array', items: { type: 'integer' }, maxItems: 2 },
      [
        [['1', '2'], undefined],
        [['1', 'x'], 'MALFORMED'],
        [['1', '2', '3'], 'INVALID'],
      ],
    ],
    [
      'by position',
      { type: 'array', prefixItems: [{ type: 'integer' }, { type: 'boolean' }], items: { type: 'string' } },
      [
        [['1', 'true', 'x'], undefined],
        [['x', 'true'], 'MALFORMED'],
        [['1', 'x'], 'MALFORMED'],
      ],
    ],
    [
      'as what their rule takes, of several kinds',
      { type: 'array', items: { anyOf: [{ type: 'integer', minimum: 5 }, { type: 'null' }] } },
      [
        [['5', 'null', ''], undefined],
        [['4'], 'INVALID'],
        [['x'], 'MALFORMED'],
      ],
    ],
    [
      'as text where a number would not do',
      { type: 'array', items: { type: ['integer', 'string'], maximum: 3, maxLength: 2 }, uniqueItems: true },
      [
        [['1', 'ab'], undefined],
        [['9'], undefined],
        [['999'], 'INVALID'],
      ],
    ],
    [
      'as either, where the whole list is not compared',
      { type: 'array', items: INTEGER_OR_TEXT, const: ['1', '2'] },
      [
        [['1', '2'], undefined],
        [['1', '3'], undefined],
      ],
    ],
    [
      'as text too where numbers would be alike',
      { type: 'array', items: INTEGER_OR_TEXT, uniqueItems: true },
      [
        [['1', '1.0'], undefined],
        [['1', '1'], 'INVALID'],
      ],
    ],
    [
      'as one scalar too, if there is one only',
      { anyOf: [{ type: 'boolean' }, { type: 'array', items: { type: 'integer' }, minItems: 2 }] },
      [
        [['true'], undefined],
        [['1', '2'], undefined],
        [['1'], 'INVALID'],
        [['true', 'true'], 'MALFORMED'],
      ],
    ],
  ])('%s', (_, schema, cases) => {
    const reader = readerOf(schema);

    expect(cases.map(([texts]) => reader.elements(texts))).toEqual(cases.map(([, verdict]) => verdict));
  });
});

describe('members are read', () => {
  const schema = {
    type: 'object',
    properties: {
      n: { type: 'integer' },
      any: { anyOf: [{ type: 'integer', minimum: 5 }, { enum: ['x', '3'] }] },
    },
    additionalProperties: { type: 'boolean' },
  };

  test.each<[readonly (readonly [string, string])[], string | undefined]>([
    [[['n', '1']], undefined],
    [[['n', 'x']], 'MALFORMED'],
    [[['any', '5']], undefined],
    [[['any', '3']], undefined],
    [[['any', '4']], 'INVALID'],
    [[['other', 'true']], undefined],
    [[['other', '1']], 'MALFORMED'],
    [
      [
        ['n', '1'],
        ['n', '1'],
      ],
      'MALFORMED',
    ],
    [[], undefined],
  ])('%j: %s', (members, verdict) => {
    expect(readerOf(schema, { style: 'deepObject' }).members(members)).toBe(verdict);
  });
});

describe('JSON is read', () => {
  const reader = () => {
    const content = { 'application/json': { schema: {} } };
    return prepareReader(compile([{ name: 'p', in: 'query', content }]).rules[0] as ParameterRule);
  };
  const nested = (depth: number, open = '[', close = ']') => open.repeat(depth) + close.repeat(depth);

  test('to a depth of a hundred, of lists and objects alike', () => {
    expect(reader().text(nested(100))).toBeUndefined();
    expect(reader().text(nested(101))).toBe('MALFORMED');
    expect(reader().text(`${nested(51, '{"a":[', ']}')}`)).toBe('MALFORMED');
    expect(reader().text(`[${Array.from({ length: 200 }, () => '[]').join()}]`)).toBeUndefined();
    expect(reader().text(`[${Array.from({ length: 200 }, () => '{}').join()}]`)).toBeUndefined();
  });

  test.each([
    ['{"a":1,"b":{"c":[{"d":2}]}}', undefined],
    ['"a:b:c"', undefined],
    ['{"a":"x:\\":y"}', undefined],
    ['{"a":1,"a":1}', 'MALFORMED'],
    ['[{"a":{"b":1,"b":2}}]', 'MALFORMED'],
    ['{', 'MALFORMED'],
    ['', 'MALFORMED'],
  ])('%s: %s', (text, verdict) => {
    expect(reader().text(text)).toBe(verdict);
  });

  test('as one text only', () => {
    expect(reader().elements(['1'])).toBe('MALFORMED');
    expect(reader().members([['a', '1']])).toBe('MALFORMED');
  });
});

describe('a path segment is read', () => {
  const list = { type: 'array', items: { type: 'string' }, maxItems: 2 };
  const object = {
    type: 'object',
    properties: { R: { type: 'integer' }, G: { type: 'integer' } },
    additionalProperties: false,
  };

  test.each<[string, boolean, object, string, string | undefined]>([
    ['label', false, { type: 'string', maxLength: 2 }, '.ab', undefined],
    ['label', false, { type: 'string', maxLength: 2 }, 'ab', 'MALFORMED'],
    ['label', true, list, '.a.b', undefined],
    ['label', true, list, '.a.b.c', 'INVALID'],
    ['label', true, list, 'a.b', 'MALFORMED'],
    ['label', true, list, '.', undefined],
    ['label', true, object, '.R=1.G=2', undefined],
    ['label', true, object, '.R,1', 'INVALID'],
    ['label', false, object, '.R,1,G', 'MALFORMED'],
    ['matrix', false, { type: 'string', maxLength: 2 }, ';p=ab', undefined],
    ['matrix', false, { type: 'string', maxLength: 2 }, ';p', undefined],
    ['matrix', false, { type: 'string', maxLength: 2 }, ';q=a', 'MALFORMED'],
    ['matrix', false, { type: 'string', maxLength: 2 }, 'p=a', 'MALFORMED'],
    ['matrix', false, { type: 'string', minLength: 1 }, ';p', 'INVALID'],
    ['matrix', false, list, ';p=a,b', undefined],
    ['matrix', true, list, ';p=a;p=b', undefined],
    ['matrix', true, list, ';p=a;q=b', 'MALFORMED'],
    ['matrix', true, list, 'p=a;p=b', 'MALFORMED'],
    ['matrix', true, list, ';p=a;p=b;p=c', 'INVALID'],
    ['matrix', true, object, ';R=1;G=2', undefined],
    ['matrix', true, object, 'R=1;G=2', 'MALFORMED'],
    ['matrix', true, object, ';R', 'MALFORMED'],
    ['simple', false, object, 'R,1,G,2', undefined],
    ['simple', false, object, 'R,1,G', 'MALFORMED'],
    ['simple', true, object, 'R=1,G=2', undefined],
    ['simple', true, object, 'R=1,R=2', 'MALFORMED'],
    ['simple', true, object, 'R=1=2', 'MALFORMED'],
    ['simple', false, object, '', undefined],
  ])('in style %s, explode %s, of %j: %s', (style, explode, schema, text, verdict) => {
    const { rules } = compile([{ name: 'p', in: 'path', style, explode, schema }]);

    expect(prepareReader(rules[0] as ParameterRule).text(text)).toBe(verdict);
  });
});
