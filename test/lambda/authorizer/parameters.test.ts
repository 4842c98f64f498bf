import {
  judgeParameters,
  type ParameterRequest,
  prepareParameters,
} from '../../../lambda/authorizer/parameters';
import type { ParameterRule } from '../../../lib/protocol/parameter-rules';
import { compile } from '../../definition/parameters/document';

const EMPTY: ParameterRequest = { pathParameters: {}, query: {}, headers: {} };

function judge(rules: readonly ParameterRule[], request: Partial<ParameterRequest>) {
  return judgeParameters(prepareParameters(rules), { ...EMPTY, ...request });
}

function rulesOf(...parameters: object[]): ParameterRule[] {
  const { rules, problems } = compile(parameters);
  expect(problems).toEqual([]);
  return rules;
}

const query = (name: string, schema: object, rest: object = {}) => ({ name, in: 'query', schema, ...rest });

describe('judgeParameters', () => {
  const rules = rulesOf(
    query('limit', { type: 'integer', minimum: 1, maximum: 100 }),
    query('q', { type: 'string', minLength: 1 }, { required: true }),
  );

  test('passes a request that keeps the contract', () => {
    expect(judge(rules, { query: { q: ['x'], limit: ['100'] } })).toBeUndefined();
  });

  test.each([
    ['a missing parameter', {}, { in: 'query', name: 'q', reason: 'MISSING' }],
    ['a wrong type', { q: ['x'], limit: ['ten'] }, { in: 'query', name: 'limit', reason: 'MALFORMED' }],
    [
      'a value out of bounds',
      { q: ['x'], limit: ['101'] },
      { in: 'query', name: 'limit', reason: 'INVALID' },
    ],
    ['a repeated single value', { q: ['x', 'y'] }, { in: 'query', name: 'q', reason: 'REPEATED' }],
    [
      'an empty value that the schema does not allow',
      { q: [''] },
      { in: 'query', name: 'q', reason: 'INVALID' },
    ],
    [
      'an unknown query parameter, without its name',
      { q: ['x'], evil: ['1'] },
      { in: 'query', name: '-', reason: 'UNKNOWN' },
    ],
    ['a name in other case', { q: ['x'], Limit: ['1'] }, { in: 'query', name: '-', reason: 'UNKNOWN' }],
  ])('refuses %s', (_, given, violation) => {
    expect(judge(rules, { query: given })).toEqual(violation);
  });

  test('passes unknown headers and cookies', () => {
    const headers = { 'x-other': ['1'], cookie: ['other=1'] };

    expect(judge([], { headers })).toBeUndefined();
  });

  test('refuses any query parameter where none is declared', () => {
    expect(judge([], { query: { a: ['1'] } })?.reason).toBe('UNKNOWN');
  });

  test('never answers with the value or with a name the caller chose', () => {
    const secret = 's3cret';
    const violations = [
      judge(rules, { query: { q: ['x'], limit: [secret] } }),
      judge(rules, { query: { q: ['x'], [secret]: ['1'] } }),
      judge(rulesOf(query('filter', { type: 'object' }, { style: 'deepObject' })), {
        query: { [`filter[${secret}`]: [''] },
      }),
    ];

    expect(violations).not.toContain(undefined);
    expect(JSON.stringify(violations)).not.toContain(secret);
  });

  test('does nothing for an operation that is never called', () => {
    const trap = [
      { name: 'q', in: 'query', value: { pattern: { source: '(', flags: '' } }, reading: { style: 'json' } },
    ];

    expect(() => prepareParameters(trap as ParameterRule[])).not.toThrow();
  });
});

describe('judgeParameters, of names that objects inherit,', () => {
  test.each(['__proto__', 'constructor', 'hasOwnProperty', 'toString'])(
    'misses %s where it is not sent',
    (name) => {
      const rules = rulesOf(query(name, { type: 'string' }, { required: true }));

      expect(judge(rules, {})?.reason).toBe('MISSING');
      expect(judge([], { query: JSON.parse(`{"${name}":["1"]}`) })?.reason).toBe('UNKNOWN');
      expect(judge(rules, { query: JSON.parse(`{"${name}":["1"]}`) })).toBeUndefined();
    },
  );

  test('misses them in headers, paths and cookies too', () => {
    for (const place of ['header', 'path', 'cookie']) {
      const rules = rulesOf({ name: 'constructor', in: place, required: true, schema: { type: 'string' } });
      expect(judge(rules, { headers: { cookie: ['a=1'] } })?.reason).toBe('MISSING');
    }
  });

  test('reads a property named __proto__ like others', () => {
    const schema = JSON.parse(
      '{"type":"object","properties":{"__proto__":{"type":"integer","minimum":1}},"additionalProperties":false}',
    );
    const rules = rulesOf(query('p', schema, { style: 'deepObject' }));

    expect(judge(rules, { query: { 'p[__proto__]': ['1'] } })).toBeUndefined();
    expect(judge(rules, { query: { 'p[__proto__]': ['0'] } })?.reason).toBe('INVALID');
    expect(judge(rules, { query: { 'p[__proto__]': ['x'] } })?.reason).toBe('MALFORMED');
    expect(judge(rules, { query: { 'p[constructor]': ['1'] } })?.reason).toBe('INVALID');
  });
});

describe('judgeParameters, of a path,', () => {
  const rules = rulesOf({
    name: 'id',
    in: 'path',
    required: true,
    schema: { type: 'string', pattern: '^[a-z @%41]+$' },
  });

  test.each([
    ['plain', 'abc', undefined],
    ['percent-encoded', 'a%20b%40', undefined],
    ['an encoding that breaks the rule once decoded', 'a%21', 'INVALID'],
    ['an encoding within an encoding that breaks it', 'a%2541', 'INVALID'],
    ['an encoded slash', 'a%2Fb', 'MALFORMED'],
    ['a slash encoded twice', 'a%252Fb', 'MALFORMED'],
    ['an encoded percent sign', 'a%25', undefined],
    ['an encoded percent sign before what is no encoding', 'a%25z', undefined],
    ['a dot segment', '..', 'MALFORMED'],
    ['an encoded dot segment', '%2e%2E', 'MALFORMED'],
    ['a dot segment with a path parameter', '..;a', 'MALFORMED'],
    ['a dot segment behind a backslash', 'a%5C..', 'MALFORMED'],
    ['a control character', 'a%00', 'MALFORMED'],
    ['half an encoding', 'a%2', 'MALFORMED'],
    ['bytes that are not UTF-8', '%ff', 'MALFORMED'],
  ])('judges %s as the backend will see it', (_, id, reason) => {
    expect(judge(rules, { pathParameters: { id } })?.reason).toBe(reason);
  });

  test('is held to its rule as it is decoded once, and not only as it is decoded twice', () => {
    const letters = rulesOf({ name: 'id', in: 'path', schema: { type: 'string', pattern: '^[a-zA]+$' } });

    expect(judge(letters, { pathParameters: { id: 'a%41' } })).toBeUndefined();
    expect(judge(letters, { pathParameters: { id: 'a%2541' } })?.reason).toBe('INVALID');
  });

  test('refuses a dot segment in a variable nobody declared', () => {
    expect(judge([], { pathParameters: { id: '%2e%2e' } })).toEqual({
      in: 'path',
      name: 'id',
      reason: 'MALFORMED',
      unsafe: true,
    });
  });

  test('splits before it decodes, and after: the backend gets it decoded', () => {
    const list = rulesOf({
      name: 'id',
      in: 'path',
      required: true,
      schema: { type: 'array', maxItems: 1, items: { type: 'string' } },
    });

    expect(judge(list, { pathParameters: { id: 'a%20b' } })).toBeUndefined();
    expect(judge(list, { pathParameters: { id: 'a%2Cb' } })?.reason).toBe('INVALID');
    expect(judge(list, { pathParameters: { id: 'a%252Cb' } })?.reason).toBe('INVALID');
    expect(judge(list, { pathParameters: { id: 'a,b' } })?.reason).toBe('INVALID');
  });
});

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

describe('judgeParameters, of headers and cookies,', () => {
  test('passes without a header or cookie that need not be there', () => {
    const rules = rulesOf(
      { name: 'X-Page', in: 'header', schema: { type: 'integer' } },
      { name: 'page', in: 'cookie', schema: { type: 'integer' } },
    );

    expect(judge(rules, { headers: {} })).toBeUndefined();
    expect(judge(rules, { headers: { 'x-page': [] } })).toBeUndefined();
  });

  test('refuses a single-valued header that came twice', () => {
    const rules = rulesOf({ name: 'X-Page', in: 'header', schema: { type: 'integer' } });

    expect(judge(rules, { headers: { 'x-page': ['1'] } })).toBeUndefined();
    expect(judge(rules, { headers: { 'x-page': ['1', '2'] } })).toEqual({
      in: 'header',
      name: 'x-page',
      reason: 'REPEATED',
    });
  });

  test('reads cookies of every line, decoded, and refuses one that came twice', () => {
    const rules = rulesOf({ name: 'a', in: 'cookie', schema: { type: 'string', const: 'x y' } });

    expect(judge(rules, { headers: { cookie: ['b=1', 'a=x%20y; c='] } })).toBeUndefined();
    expect(judge(rules, { headers: { cookie: ['a=x%20y; a=x%20y'] } })?.reason).toBe('REPEATED');
  });
});

describe('judgeParameters, of exploded objects in cookies,', () => {
  const properties = { page: { type: 'integer', minimum: 1 }, dir: { enum: ['up', 'down'] } };
  const object = (rest: object = {}, name = 'p') => ({
    name,
    in: 'cookie',
    schema: { type: 'object', properties, ...rest },
  });
  const sent = (rules: readonly ParameterRule[], ...cookie: string[]) =>
    judge(rules, { headers: { cookie } });

  test.each<[string, string | undefined]>([
    ['page=1; dir=up', undefined],
    ['page=1', undefined],
    ['dir=%75p', undefined],
    ['_ga=GA1.2.3; p=7', undefined],
    // no cookie: it has no sign
    ['page0', undefined],
    ['dirX; =up', undefined],
    ['', undefined],
    ['page=0', 'INVALID'],
    ['page=', 'MALFORMED'],
    ['page=%', 'MALFORMED'],
    ['dir=left', 'INVALID'],
    ['page=1; page=1', 'REPEATED'],
    ['page=1; dir=up; dir=up', 'REPEATED'],
  ])('judges %j: %s', (cookie, reason) => {
    expect(sent(rulesOf(object()), cookie)?.reason).toBe(reason);
    expect(sent(rulesOf(object({ additionalProperties: false })), cookie)?.reason).toBe(reason);
    // an undeclared cookie is no property, since the service does not get it
    expect(sent(rulesOf(object({ additionalProperties: { type: 'boolean' } })), cookie)?.reason).toBe(reason);
  });

  test('names the parameter, never a property or a value', () => {
    expect(sent(rulesOf(object()), 'page=0')).toEqual({ in: 'cookie', name: 'p', reason: 'INVALID' });
  });

  test('demands properties once one of them is there, and one where the parameter is required', () => {
    const rules = rulesOf(object({ required: ['page'] }));
    const required = rulesOf({ ...object(), required: true });

    expect(sent(rules, 'other=1')).toBeUndefined();
    expect(sent(rules, 'dir=up')?.reason).toBe('INVALID');
    expect(sent(required, 'other=1')?.reason).toBe('MISSING');
    expect(judge(required, {})?.reason).toBe('MISSING');
    expect(sent(required, 'dir=up')).toBeUndefined();
  });

  test('counts properties that reach the service only', () => {
    const rules = rulesOf(object({ minProperties: 2 }));

    expect(sent(rules, 'page=1; other=2')?.reason).toBe('INVALID');
    expect(sent(rules, 'page=1; dir=up')).toBeUndefined();
  });

  test('holds a cookie of two parameters to both', () => {
    const rules = rulesOf(object(), { name: 'page', in: 'cookie', schema: { type: 'integer', maximum: 5 } });

    expect(sent(rules, 'page=5')).toBeUndefined();
    expect(sent(rules, 'page=6')).toMatchObject({ name: 'page' });
    expect(sent(rules, 'page=0')).toMatchObject({ name: 'p' });
  });

  test('reads it by its own name too where it may be a scalar or a list', () => {
    const value = [{ type: 'object', properties, additionalProperties: false }, { type: 'null' }];
    const list = [value[0], { type: 'array', items: { type: 'integer' }, maxItems: 2 }];
    const nullable = rulesOf({ name: 'p', in: 'cookie', required: true, schema: { oneOf: value } });
    const listable = rulesOf({ name: 'p', in: 'cookie', schema: { oneOf: list } });

    expect(sent(nullable, 'p=')).toBeUndefined();
    expect(sent(nullable, 'p=1')?.reason).toBe('INVALID');
    expect(sent(nullable, 'p=; page=0')?.reason).toBe('INVALID');
    const demanding = { ...value[0], required: ['page'] };
    const strict = rulesOf({ name: 'p', in: 'cookie', schema: { oneOf: [demanding, { type: 'null' }] } });
    expect(sent(strict, 'p=')).toBeUndefined();
    expect(sent(strict, 'p=; dir=up')?.reason).toBe('INVALID');
    expect(sent(nullable, 'page=1')).toBeUndefined();
    expect(sent(nullable, 'other=1')?.reason).toBe('MISSING');
    expect(sent(listable, 'p=1; p=2')).toBeUndefined();
    expect(sent(listable, 'p=1; p=2; p=3')?.reason).toBe('INVALID');
  });

  test('takes properties named as members of every object for what they are', () => {
    const names = { ['__proto__']: { type: 'integer' }, constructor: { type: 'integer' } };
    const rules = rulesOf({
      name: 'p',
      in: 'cookie',
      schema: JSON.parse(JSON.stringify({ type: 'object' })),
    });
    const named = rulesOf({ name: 'p', in: 'cookie', schema: { type: 'object', properties: names } });

    expect(sent(rules, 'constructor=x; __proto__=y')).toBeUndefined();
    expect(sent(named, 'constructor=1')).toBeUndefined();
    expect(sent(named, 'constructor=x')?.reason).toBe('MALFORMED');
  });
});

describe('judgeParameters, of objects with lists in them,', () => {
  const properties = { page: { type: 'integer' }, sort: { type: 'array', items: { type: 'string' } } };
  const schema = { type: 'object', properties, additionalProperties: false };
  const parameter = (place: string, rest: object = {}) => ({
    name: 'p',
    in: place,
    required: true,
    schema,
    ...rest,
  });

  test.each([
    [{ page: ['1'], sort: ['a'] }, undefined],
    [{ sort: ['a', 'b'] }, undefined],
    [{}, 'MISSING'],
    [{ page: ['1'], other: ['1'] }, 'UNKNOWN'],
  ])('looks at names only in a query: %j', (sent, reason) => {
    expect(judge(rulesOf(parameter('query')), { query: sent })?.reason).toBe(reason);
  });

  test.each([
    [{ 'p[sort]': ['a', 'b'] }, undefined],
    [{ 'p[sort][]': ['a'] }, undefined],
    [{}, 'MISSING'],
    [{ 'p[page]': ['1'], 'q[page]': ['1'] }, 'UNKNOWN'],
  ])('looks at names only of a deep object: %j', (sent, reason) => {
    const rules = rulesOf(parameter('query', { style: 'deepObject' }));

    expect(judge(rules, { query: sent })?.reason).toBe(reason);
  });

  test('looks at names only in cookies', () => {
    const rules = rulesOf(parameter('cookie'));

    expect(judge(rules, { headers: { cookie: ['sort=a; sort=b'] } })).toBeUndefined();
    expect(judge(rules, { headers: { cookie: ['p=a'] } })?.reason).toBe('MISSING');
  });

  test('looks at the name of a list of lists only', () => {
    const lists = { type: 'array', items: { type: 'array' } };
    const rules = rulesOf(query('p', lists, { required: true }));

    expect(judge(rules, { query: { p: ['a', 'b'] } })).toBeUndefined();
    expect(judge(rules, {})?.reason).toBe('MISSING');
  });

  test('takes an object that may be something else by its own name, too', () => {
    const rules = rulesOf(query('p', { oneOf: [schema, { type: 'null' }] }, { required: true }));

    expect(judge(rules, { query: { p: ['x'] } })).toBeUndefined();
    expect(judge(rules, { query: { sort: ['a', 'b'] } })).toBeUndefined();
  });
});
