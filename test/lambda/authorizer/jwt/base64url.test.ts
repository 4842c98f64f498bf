import { decodeBase64url } from '../../../../lambda/authorizer/jwt/base64url';
import fc from '../../../fixtures/property';

const CHARACTERS = [...'AQgwBxyz019-_', '+', '/', '=', ' ', '\n', '\0', '?', 'é', '€', 'Ł', 'ｑ'];

describe('decodeBase64url', () => {
  test('takes a text exactly where its bytes are written like this', () => {
    const text = fc
      .array(fc.constantFrom(...CHARACTERS), { maxLength: 12 })
      .map((characters) => characters.join(''));

    fc.assert(
      fc.property(text, (candidate) => {
        const bytes = Buffer.from(candidate, 'base64url');
        const isCanonical = bytes.toString('base64url') === candidate;

        expect(decodeBase64url(candidate)).toEqual(isCanonical ? bytes : undefined);
      }),
      { numRuns: 5_000, seed: 1 },
    );
  });

  test.each(['A', 'AAAAA', 'AB', 'AAB', 'AA==', 'AA ', 'A+AA', 'A/AA', 'ŁAAA', 'AAA\u4e41'])(
    'refuses %j',
    (text) => {
      expect(decodeBase64url(text)).toBeUndefined();
    },
  );

  test.each(['', 'AA', 'AAA', 'AAAA', '_-_-'])('takes %j', (text) => {
    expect(decodeBase64url(text)?.toString('base64url')).toBe(text);
  });
});
