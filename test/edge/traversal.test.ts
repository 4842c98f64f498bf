import fc from '../fixtures/property';
import { aclOf, requestOf } from '../local/web-acl/acl';
import { built } from './full-web-acl';

const DECODED_TWICE = '(^|[/\\\\=])\\.\\.([/\\\\&;]|$)';

/** A character as it is, or encoded once, or twice: the sign of the percent, or what stands behind it. */
const spellings = (character: string): string[] => {
  const code = character.charCodeAt(0).toString(16);
  const digits = [...code].map((digit) => `%3${digit}`);
  const once = [`%${code}`, `%${code.toUpperCase()}`];
  return [character, ...once, `%25${code}`, `%25${code.toUpperCase()}`, `%${digits[0]}${code[1]}`];
};

const piece = fc.constantFrom(...[...'../\\=&;%a2e'].flatMap(spellings));
const dot = fc.constantFrom(...spellings('.'));
const text = fc
  .array(
    fc.oneof(
      piece,
      fc.tuple(dot, dot).map((dots) => dots.join('')),
    ),
    { maxLength: 6 },
  )
  .map((pieces) => pieces.join(''));

describe('two dots for a segment', () => {
  const [rule] = built({}).rules.filter(({ Name }) => Name === 'traversal');
  const ours = aclOf([rule ?? {}]);

  test.each([
    ['a path', { UriPath: {} }, (value: string) => requestOf({ path: `/${value}` })],
    ['a query', { QueryString: {} }, (value: string) => requestOf({ rawQuery: value })],
  ])('are refused in %s wherever decoding it twice shows them', (_, FieldToMatch, requestWith) => {
    const decodedTwice = aclOf([
      {
        Statement: {
          RegexMatchStatement: {
            FieldToMatch,
            RegexString: DECODED_TWICE,
            TextTransformations: [0, 1].map((Priority) => ({ Priority, Type: 'URL_DECODE' })),
          },
        },
      },
    ]);
    let refused = 0;

    fc.assert(
      fc.property(text, (value) => {
        const request = requestWith(value);
        if (decodedTwice.evaluate(request).action !== 'block') return true;
        refused += 1;
        return ours.evaluate(request).action === 'block';
      }),
      { numRuns: 5_000 },
    );
    expect(refused).toBeGreaterThan(300);
  });

  test.each(['a..b', '..a', 'v1...2', '%2e', 'a=.', '%252e.a', '2%2F..x'])('are not in %s', (value) => {
    expect(ours.evaluate(requestOf({ path: `/${value}`, rawQuery: value })).action).toBe('allow');
  });
});
