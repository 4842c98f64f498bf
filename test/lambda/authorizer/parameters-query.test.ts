import { judge, query, rulesOf } from './judged-parameters';

describe('judgeParameters, of a query as events have it,', () => {
  test.each([
    ['a plus that became a space', { type: 'string', const: 'a b' }, ['a b'], undefined],
    ['an encoded plus', { type: 'string', const: 'a+b' }, ['a+b'], undefined],
    ['text that looks encoded, not decoded again', { type: 'string', const: '%41' }, ['%41'], undefined],
    ['a number with a leading zero', { type: 'integer' }, ['007'], 'MALFORMED'],
    ['a hexadecimal number', { type: 'integer' }, ['0x10'], 'MALFORMED'],
    ['a number with spaces', { type: 'integer' }, [' 1'], 'MALFORMED'],
    ['an infinite number', { type: 'number' }, ['1e999'], 'MALFORMED'],
    ['a fraction for an integer', { type: 'integer' }, ['1.5'], 'INVALID'],
    ['an integer too large for its format', { type: 'integer', format: 'int32' }, ['2147483648'], 'INVALID'],
    ['the largest int64', { type: 'integer', format: 'int64' }, ['9223372036854775807'], undefined],
    ['a boolean in other case', { type: 'boolean' }, ['True'], 'MALFORMED'],
    ['an empty value for null', { type: ['integer', 'null'] }, [''], undefined],
    ['tenths', { type: 'number', multipleOf: 0.1 }, ['0.3'], undefined],
    ['half of a large number', { type: 'number', multipleOf: 1 }, ['10000000000.5'], 'INVALID'],
    ['half a cent of a large sum', { type: 'number', multipleOf: 0.01 }, ['5000000.005'], 'INVALID'],
    ['cents of a large sum', { type: 'number', multipleOf: 0.01 }, ['90000000000.07'], undefined],
    ['a multiple of a tiny step', { type: 'number', multipleOf: 1e-7 }, ['3e-7'], undefined],
    ['less than a step', { type: 'number', multipleOf: 5 }, ['1e-300'], 'INVALID'],
    ['characters, not UTF-16 units', { type: 'string', maxLength: 2 }, ['😀😀'], undefined],
    ['too many characters', { type: 'string', maxLength: 2 }, ['😀😀😀'], 'INVALID'],
    ['an empty element', { type: 'array', maxItems: 0 }, [''], 'INVALID'],
  ])('reads %s', (_, schema, p, reason) => {
    expect(judge(rulesOf(query('p', schema)), { query: { p } })?.reason).toBe(reason);
  });

  test('reads an empty delimited value as no element or an empty one', () => {
    const list = (schema: object) => rulesOf(query('p', { type: 'array', ...schema }, { explode: false }));

    expect(judge(list({ maxItems: 0 }), { query: { p: [''] } })).toBeUndefined();
    expect(judge(list({ minItems: 1 }), { query: { p: [''] } })).toBeUndefined();
    expect(judge(list({ minItems: 2 }), { query: { p: [''] } })?.reason).toBe('INVALID');
  });

  test('passes an empty value with allowEmptyValue, but no other wrong one', () => {
    const rules = rulesOf(query('flag', { type: 'boolean' }, { allowEmptyValue: true }));

    expect(judge(rules, { query: { flag: [''] } })).toBeUndefined();
    expect(judge(rules, { query: { flag: ['x'] } })?.reason).toBe('MALFORMED');
  });

  test('refuses an object whose property is repeated', () => {
    const schema = { type: 'object', properties: { R: { type: 'integer' } } };

    expect(judge(rulesOf(query('p', schema)), { query: { R: ['1', '2'] } })?.reason).toBe('REPEATED');
    expect(
      judge(rulesOf(query('p', schema, { explode: false })), { query: { p: ['R,1,R,2'] } })?.reason,
    ).toBe('MALFORMED');
  });

  test('judges properties beside a value of the name of their object', () => {
    const object = {
      type: 'object',
      additionalProperties: false,
      properties: { a: { maximum: 5, type: 'integer' } },
    };
    const rules = rulesOf(query('p', { anyOf: [{ type: 'string', maxLength: 3 }, object] }));

    expect(judge(rules, { query: { p: ['x'] } })).toBeUndefined();
    expect(judge(rules, { query: { a: ['5'] } })).toBeUndefined();
    expect(judge(rules, { query: { p: ['x'], a: ['9'] } })?.reason).toBe('INVALID');
    expect(judge(rules, { query: { p: ['xxxx'], a: ['5'] } })?.reason).toBe('INVALID');
  });

  test('lets an open exploded object have any name but those of other parameters', () => {
    const rules = rulesOf(
      query('p', { type: 'object', additionalProperties: { type: 'integer' } }),
      query('limit', { type: 'string', maxLength: 1 }),
    );

    expect(judge(rules, { query: { any: ['1'], limit: ['x'] } })).toBeUndefined();
    expect(judge(rules, { query: { any: ['x'] } })).toEqual({ in: 'query', name: 'p', reason: 'MALFORMED' });
  });

  test('takes names of headers and cookies for those of an open exploded object', () => {
    const rules = rulesOf(
      query('p', { type: 'object', additionalProperties: { type: 'integer' } }),
      { name: 'any', in: 'header', schema: { type: 'string' } },
      { name: 'any', in: 'cookie', schema: { type: 'string' } },
    );

    expect(judge(rules, { query: { any: ['x'] } })?.reason).toBe('MALFORMED');
  });

  test('tells a deep object from what stands beside it', () => {
    const object = { type: 'object', properties: { a: { type: 'integer' } } };
    const rules = rulesOf(query('p', object, { style: 'deepObject' }), query('limit', { type: 'integer' }));

    expect(judge(rules, { query: { 'p[a]': ['1'], limit: ['2'] } })).toBeUndefined();
    expect(judge(rules, { query: { 'p[a]': ['1', '2'] } })?.reason).toBe('REPEATED');
    expect(judge(rules, { query: { p: ['1'] } })?.reason).toBe('UNKNOWN');
  });

  test('refuses deep names within deep names', () => {
    const rules = rulesOf(query('p', { type: 'object' }, { style: 'deepObject' }));

    expect(judge(rules, { query: { 'p[a][b]': ['1'] } })?.reason).toBe('MALFORMED');
  });
});

describe('judgeParameters, of JSON,', () => {
  const rules = rulesOf({
    name: 'filter',
    in: 'query',
    content: {
      'application/json': {
        schema: { type: 'object', required: ['a'], properties: { a: { type: 'integer' } } },
      },
    },
  });

  test.each([
    ['{"a":1}', undefined],
    ['{"a":"1"}', 'INVALID'],
    ['{"a":1', 'MALFORMED'],
    ['{"__proto__":{"a":1}}', 'INVALID'],
    ['{"a":"x","a":1}', 'MALFORMED'],
    ['{"a":1,"\\u0061":2}', 'MALFORMED'],
    ['{"a":1,"b":{"c":[{"d":":"},{"d":"\\":"}]}}', undefined],
    [`${'['.repeat(5_000)}${']'.repeat(5_000)}`, 'MALFORMED'],
  ])('judges %.20s', (text, reason) => {
    expect(judge(rules, { query: { filter: [text] } })?.reason).toBe(reason);
  });
});

describe('judgeParameters, of floating-point formats,', () => {
  test.each([
    ['float', '3.4e38', undefined],
    ['float', '-3.5e38', 'INVALID'],
    ['double', '3.5e38', undefined],
    ['double', '1e309', 'MALFORMED'],
  ])('holds %s to its range: %s', (format, text, reason) => {
    const rules = rulesOf({ name: 'p', in: 'query', schema: { type: 'number', format } });

    expect(judge(rules, { query: { p: [text] } })?.reason).toBe(reason);
  });
});
