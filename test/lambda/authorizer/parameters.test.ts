import { prepareParameters } from '../../../lambda/authorizer/parameters';
import type { ParameterRule } from '../../../lib/protocol/parameter-rules';
import { judge, query, rulesOf } from './judged-parameters';

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
    ['an encoded question mark, behind which the rest of the path would be a query', 'a%3Fb', 'MALFORMED'],
    ['a question mark', 'a?', 'MALFORMED'],
    ['a question mark encoded twice', 'a%253F', 'MALFORMED'],
    ['an encoded number sign, behind which the rest of the path would be lost', 'a%23', 'MALFORMED'],
    ['a number sign', 'a#', 'MALFORMED'],
    ['an encoded percent sign', 'a%25', undefined],
    ['an encoded percent sign before what is no encoding', 'a%25z', undefined],
    ['a dot segment', '..', 'MALFORMED'],
    ['an encoded dot segment', '%2e%2E', 'MALFORMED'],
    ['a dot segment with a path parameter', '..;a', 'MALFORMED'],
    ['a dot segment behind a backslash', 'a%5C..', 'MALFORMED'],
    ['an encoded backslash, which may be a slash', 'a%5Cb', 'MALFORMED'],
    ['a backslash', 'a\\b', 'MALFORMED'],
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

  test.each([
    ['x_page', 'REPEATED'],
    ['x.page', 'REPEATED'],
    ['x_pages', undefined],
    ['y_page', undefined],
  ])('refuses another name that services with variables take for the same: %s', (name, reason) => {
    const rules = rulesOf({ name: 'X-Page', in: 'header', schema: { type: 'integer' } });

    expect(judge(rules, { headers: { 'x-page': ['1'], [name]: ['x'] } })?.reason).toBe(reason);
    expect(judge(rules, { headers: { [name]: ['x'] } })?.reason).toBe(reason);
  });

  test('reads cookies of every line, decoded, and refuses one that came twice', () => {
    const rules = rulesOf({ name: 'a', in: 'cookie', schema: { type: 'string', const: 'x y' } });

    expect(judge(rules, { headers: { cookie: ['b=1', 'a=x%20y; c='] } })).toBeUndefined();
    expect(judge(rules, { headers: { cookie: ['a=x%20y; a=x%20y'] } })?.reason).toBe('REPEATED');
  });
});
