import { Memory } from '../../../lambda/authorizer/memory';

function filled(capacity: number, count: number): Memory<number> {
  const memory = new Memory<number>(capacity);
  for (let key = 0; key < count; key += 1) memory.set(String(key), key);
  return memory;
}

describe('Memory', () => {
  test('holds as much as its capacity', () => {
    const memory = filled(8, 8);

    expect(['0', '4', '7'].map((key) => memory.get(key))).toEqual([0, 4, 7]);
  });

  test('forgets the oldest, so that it never holds more', () => {
    const memory = filled(8, 1_000);
    const found = Array.from({ length: 1_000 }, (_, key) => memory.get(String(key)));

    expect(found.slice(0, 992).every((value) => value === undefined)).toBe(true);
    expect(filled(8, 1_000).get('992')).toBe(992);
    expect(filled(8, 1_000).get('999')).toBe(999);
  });

  test('keeps what is asked for', () => {
    const memory = filled(8, 1);
    for (let key = 1; key < 1_000; key += 1) {
      memory.set(String(key), key);
      expect(memory.get('0')).toBe(0);
    }
  });

  test('forgets at once what is deleted, young or old', () => {
    const memory = filled(8, 5);
    memory.delete('0');
    memory.delete('4');

    expect([memory.get('0'), memory.get('4'), memory.get('3')]).toEqual([undefined, undefined, 3]);
  });

  test('forgets everything at once', () => {
    const memory = filled(8, 5);
    memory.clear();

    expect([memory.get('0'), memory.get('4')]).toEqual([undefined, undefined]);
  });
});
