import {
  countKeys,
  duplicateKeys,
  type JsonPosition,
  jsonPosition,
} from '../../lib/definition/json-positions';

const offsets = (text: string, ...keys: string[]) => {
  let position = jsonPosition(text);
  for (const key of keys) position = position.members.get(key)!;
  return text.slice(position.offset);
};

describe('jsonPosition', () => {
  test.each<[string, string, string[], string]>([
    ['the whole', ' {}', [], '{}'],
    ['a member', '{ "a" : 1, "b": 2 }', ['b'], '2 }'],
    ['an element', '[ 1 ,\n "x" ]', ['1'], '"x" ]'],
    ['a nested value', '{"a":[{"b":null}]}', ['a', '0', 'b'], 'null}]}'],
    ['what follows a string with quotes and brackets', '{"a":"}\\"]","b":true}', ['b'], 'true}'],
    ['what follows a string that ends in a backslash', '{"a":"\\\\","b":-1.5e3}', ['b'], '-1.5e3}'],
    ['a member whose key is written with escapes', '{"\\u0061/b":0}', ['a/b'], '0}'],
    ['what follows empty containers', '{"a":{},"b":[],"c":1}', ['c'], '1}'],
  ])('finds %s', (_, text, keys, expected) => {
    expect(offsets(text, ...keys)).toBe(expected);
  });

  test('agrees with the parser on a text of every kind of value', () => {
    const value = { a: [1, -2.5, 'x"y\\', null, true, false, {}, [], [[1]]], 'é\n': { b: '' } };

    expect(shapeOf(jsonPosition(JSON.stringify(value, null, 3)))).toEqual(keysOf(value));
  });
});

describe('duplicateKeys', () => {
  test('names keys that appear twice, however they are written', () => {
    expect(duplicateKeys('{"a":1,"\\u0061":2,"b":{"a":"\\"a\\":"}}')).toEqual([{ key: 'a', offset: 7 }]);
  });
});

describe('countKeys', () => {
  test('counts keys as often as they are written, and no other strings', () => {
    expect(countKeys('{"a":["x",":"], "b" : {"a":"\\":"}, "a":1}')).toBe(4);
  });
});

function shapeOf({ members }: JsonPosition): unknown {
  return Object.fromEntries([...members].map(([key, child]) => [key, shapeOf(child)]));
}

function keysOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, child]) => [key, keysOf(child)]))
    : {};
}
