import { preparePattern } from '../../../lambda/authorizer/parameters-pattern';
import { patternProgram } from '../../../lib/definition/parameters/pattern-program';
import fc from '../../fixtures/property';

function program(source: string, flags: '' | 'u' = 'u') {
  const steps = patternProgram(source, flags);
  if (!steps) throw new Error(`no program for ${source}`);
  return preparePattern({ source, flags, program: JSON.parse(JSON.stringify(steps)) });
}

const atom = fc.constantFrom(
  'a',
  'b',
  '[ab]',
  '[^a]',
  '.',
  '\\w',
  '\\s',
  '\\p{L}',
  '\\u{1F600}',
  '^',
  '$',
  '\\b',
  '\\B',
  '(?:)',
);
const pattern = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    atom,
    fc.tuple(tie('node'), tie('node')).map(([a, b]) => a + b),
    fc.tuple(tie('node'), tie('node')).map(([a, b]) => `(?:${a}|${b})`),
    fc
      .tuple(tie('node'), fc.constantFrom('*', '+', '?', '*?', '{2}', '{1,3}', '{2,}', '{0}'))
      .map(([a, quantifier]) => `(${a})${quantifier}`),
  ),
})).node;
const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', 'é', '😀'), maxLength: 8 });

describe('preparePattern, with a program,', () => {
  test('says what RegExp says', () => {
    fc.assert(
      fc.property(pattern, text, (source, given) => {
        // V8 finds \B between the halves of a character
        fc.pre(!(source.includes('\\B') && given.includes('😀')));
        expect(program(source)(given)).toBe(new RegExp(source, 'u').test(given));
      }),
      { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 1_000) },
    );
  });

  test('says what RegExp says of repetitions, alternatives, edges and characters beyond ASCII', () => {
    const patterns = [
      ...[
        '^a{1,3}$',
        '^a{0,1}b$',
        '^x(?:ab)*y$',
        '^x(?:ab)+y$',
        '^x(?:ab){2,}y$',
        '^x(?:ab?){1,2}y$',
        '^(?:|a|b)$',
      ],
      ...[
        '\\bab',
        'ab\\b',
        '\\Bab',
        'ab\\B',
        '^\\b',
        '\\b$',
        'a\\bb',
        'a\\Bb',
        '^.$',
        '^..$',
        '^\\W$',
        '^[^a]$',
      ],
    ];
    const texts = [
      ...[
        '',
        'a',
        'aa',
        'aaa',
        'aaaa',
        'b',
        'ab',
        'aab',
        'xy',
        'xaby',
        'xababy',
        'xabababy',
        'xxy',
        'xay',
        'xaay',
      ],
      ...[
        'x ab',
        'ab x',
        'xab',
        'abx',
        'xabx',
        ' ',
        'é',
        '\u0080',
        '\u007f',
        '😀',
        '😀😀',
        'a😀',
        'ab😀',
        'a b',
      ],
    ];
    const told = patterns.flatMap((source) =>
      texts.flatMap((given) =>
        program(source)(given) === new RegExp(source, 'u').test(given) ? [] : [`${source} of '${given}'`],
      ),
    );

    expect(told).toEqual([]);
  });

  test('says what RegExp says without the Unicode flag', () => {
    expect(program('^..$', '')('😀')).toBe(true);
    expect(program('^[\\w-.]+$', '')('a-.')).toBe(true);
  });

  test('takes time in proportion to the text where RegExp would take for ever', () => {
    const matches = program('^(\\w+\\s?)*$');
    const start = performance.now();

    expect(matches(`${'a'.repeat(10_000)}!`)).toBe(false);
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  test('can be asked again', () => {
    const matches = program('a');

    expect([matches('a'), matches('b'), matches('a')]).toEqual([true, false, true]);
  });
});
