import type { ParameterRule } from '../../../lib/protocol/parameter-rules';
import { judge, query, rulesOf } from './judged-parameters';

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
