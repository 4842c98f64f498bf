import { inBothCases, MAXIMUM_PATTERN } from '../../lib/edge/path-pattern';
import { HEADER_NAMES, matchesAnyCase } from '../../lib/edge/statement';
import fc from '../fixtures/property';

const EXPRESSIONS = [
  '^x[\\W_](user[\\W_](id|roles)|tenant)$',
  '^\\s*(application/json|text/[^;,\\s]+|application/vnd\\.a\\+json)\\s*(;.*)?$',
  '<\\x00?!\\x00?(d\\x00?o|entity)',
  '(^|["\'.])\\$(where|n?in)($|["\'.])',
  '[a-f\\]x-z_]+k',
];

describe('an expression in both cases', () => {
  test.each(EXPRESSIONS)('finds what %s finds once all is in lower case', (expression) => {
    const pieces = [...expression, 'application/json', 'x_user-id', '<!do', '"$where"', 'x-tenant-id', 'zk'];
    const texts = fc
      .array(fc.tuple(fc.constantFrom(...pieces), fc.boolean()), { maxLength: 6 })
      .map((parts) => parts.map(([text, upper]) => (upper ? text.toUpperCase() : text)).join(''));
    const both = new RegExp(inBothCases(expression));
    const lower = new RegExp(expression);

    fc.assert(fc.property(texts, (text) => both.test(text) === lower.test(text.toLowerCase())));
  });

  test.each([
    ['ab', '[aA][bB]'],
    ['\\x0a\\s[a-z\\s_]', '\\x0a\\s[a-zA-Z\\s_]'],
    ['[^a-f]', '[^a-fA-F]'],
  ])('of %s is %s', (expression, expected) => {
    expect(inBothCases(expression)).toBe(expected);
  });

  test('gives way to a transformation where it has no room', () => {
    const long = `^(${'x'.repeat(MAXIMUM_PATTERN / 4)})$`;

    expect(matchesAnyCase(HEADER_NAMES, long).regexMatchStatement).toMatchObject({
      regexString: long,
      textTransformations: [{ type: 'LOWERCASE' }],
    });
  });
});
