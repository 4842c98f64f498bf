import { FORMATS } from '../../../lib/definition/schema/formats';
import { portablePattern } from '../../../lib/definition/schema/pattern';
import fc from '../../fixtures/property';

const source = (pattern: string) => portablePattern(pattern)?.source;

describe('portablePattern', () => {
  test.each([
    ['ends where the text ends', 'a$', 'a(?![\\s\\S])'],
    ['lets a dot match what ECMA-262 lets it', '.', '[^\\n\\r\\u2028\\u2029]'],
    ['writes digits out', '^\\d+', '^[0-9]+'],
    ['writes words out within a class', '[\\w.]', '[A-Za-z0-9_.]'],
    [
      'knows the spaces of ECMA-262',
      '[^\\s]',
      '[^\\t-\\r \\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff]',
    ],
    ['opens no class within a class', '[[a]', '[a\\[]'.replace('a\\[', '\\[a')],
    ['intersects no classes', '[a&&b]', '[a&b]'],
    ['takes an empty class for nothing', '[]', '(?!)'],
    ['takes a negated empty class for anything', '[^]', '[\\s\\S]'],
    ['drops an escape that says nothing', '\\-\\_', '-_'],
    ['reads no letter as a command', '\\Q\\A\\h', 'QAh'],
    ['escapes a brace that counts nothing', 'a{,3}', 'a\\{,3\\}'],
    ['writes code points out', '\\x41\\cJ\\0\\v', 'A\\u000a\\u0000\\u000b'],
    ['keeps a code point beyond 16 bits whole', '\\u{1F600}|\\uD83D\\uDE00', '😀|😀'],
  ])('%s', (_, pattern, expected) => {
    expect(source(pattern)).toBe(expected);
  });

  test('answers undefined for what is no regular expression', () => {
    expect(portablePattern('(')).toBeUndefined();
    expect(portablePattern('[b-a]')).toBeUndefined();
  });

  test.each(['\\bword\\b', '(a)\\1', '(?<=a+)b', '\\p{Script=Greek}', '[a\\S]'])(
    'says what of %s may be read differently',
    (pattern) => {
      expect(portablePattern(pattern)?.differences).toHaveLength(1);
    },
  );

  test.each([
    ['^[A-Z]{2}$', true],
    ['^[A-Z]{2,}$', false],
    ['^a*$', false],
    ['[A-Z]{2}', false],
    ['^a$|b', false],
  ])('knows whether %s limits the length of a text', (pattern, bounded) => {
    expect(portablePattern(pattern)?.bounded).toBe(bounded);
  });

  test('matches what the pattern matches, with and without the flag for Unicode', () => {
    const piece = fc.constantFrom(
      ...[
        'a',
        'b',
        '[ab]',
        '[^a]',
        '.',
        '\\d',
        '\\D',
        '\\s',
        '\\S',
        '\\w',
        '\\W',
        '[\\w-]',
        '[\\d\\s]',
        '[a-c]',
        '$',
        '^',
        '|',
        '*',
        '+',
        '?',
      ],
      ...[
        '{2}',
        '{1,}',
        '(',
        '(?:',
        ')',
        '(?=',
        '(?!',
        '\\.',
        '\\-',
        '\\/',
        '[.$]',
        '[-a]',
        '[\\]]',
        '\\n',
        '&',
        '[&&]',
        '{',
        '}',
        ']',
      ],
    );
    const text = fc.array(
      fc.constantFrom('a', 'b', 'c', '1', ' ', '\n', '\u2028', '\u00a0', '-', '.', '[', '&', '$', '{', '}'),
      { maxLength: 5 },
    );

    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 6 }),
        fc.array(text, { minLength: 6, maxLength: 6 }),
        (pieces, texts) => {
          const pattern = pieces.join('');
          const portable = portablePattern(pattern);
          if (portable?.source === undefined) return;
          const flags = isValid(pattern, 'u') ? 'u' : '';
          for (const each of texts.map((characters) => characters.join(''))) {
            const expected = new RegExp(pattern, flags).test(each);
            const found = [
              new RegExp(portable.source, 'u').test(each),
              new RegExp(portable.source).test(each),
            ];
            expect([pattern, portable.source, each, ...found]).toEqual([
              pattern,
              portable.source,
              each,
              expected,
              expected,
            ]);
          }
        },
      ),
      { numRuns: Number(process.env['FUZZ_RUNS'] ?? 1000) },
    );
  });
});

describe('format patterns', () => {
  test('take no time that grows faster than a hostile text', () => {
    const pieces = ['a', '1', '-', '.', 'a.', 'a-', '1:', '::', '%41', '/', '~0', '"', '\\"', '='];
    const texts = pieces.flatMap((piece) =>
      ['', 'http://', '1999-12-31T', 'P', '"', 'a@'].flatMap((start) =>
        ['', '!', '\n'].map((end) => start + piece.repeat(30_000) + end),
      ),
    );

    const begun = performance.now();
    for (const { pattern } of Object.values(FORMATS)) {
      const expression = new RegExp(source(pattern) ?? '', 'u');
      for (const text of texts) expression.test(text);
    }

    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  test('of JSON pointers take valid ones only', () => {
    const [pointer, relative] = ['json-pointer', 'relative-json-pointer'].map(
      (format) => source(FORMATS[format]!.pattern) ?? '',
    );

    expect(['/a~0b', '/a~2b'].map((text) => new RegExp(pointer!, 'u').test(text))).toEqual([true, false]);
    expect(['1/a', '01/a'].map((text) => new RegExp(relative!, 'u').test(text))).toEqual([true, false]);
  });

  test.each([
    ['uuid', 'F81D4FAE-7dec-11d0-a765-00a0c91e6bf6', 'f81d4fae7dec11d0a76500a0c91e6bf6'],
    ['date', '2024-02-29', '2023-02-29'],
    ['date-time', '1998-12-31T23:59:60Z', '1998-12-31T22:59:60Z'],
    ['time', '08:30:06.283185-08:00', '08:30:06'],
    ['email', '"joe bloggs"@example.com', 'joe..bloggs@example.com'],
    ['ipv4', '192.168.0.1', '192.168.0.01'],
    ['ipv6', '::ffff:192.168.0.1', '1:2:3:4:5:6:7'],
    ['hostname', 'a-b.example', 'a-.example'],
    ['uri', 'http://user@example.com:8080/a%20b?c#d', '/relative'],
    ['uri-reference', '/relative?a', '\\\\WINDOWS\\share'],
    ['byte', 'QUI=', 'QUI'],
    ['duration', 'P4DT12H30M5S', 'P1YT'],
  ])('of %s take %s and not %s, nor a line break after it', (format, valid, invalid) => {
    const expression = new RegExp(source(FORMATS[format]!.pattern) ?? '', 'u');

    expect([valid, invalid, `${valid}\n`].map((text) => expression.test(text))).toEqual([true, false, false]);
  });
});

function isValid(pattern: string, flags: string): boolean {
  try {
    new RegExp(pattern, flags);
    return true;
  } catch {
    return false;
  }
}
