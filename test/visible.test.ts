import { GatewayConfigurationError } from '../lib/errors';
import { visible, visibleJson } from '../lib/visible';

/** What a terminal obeys, breaks a line at, or turns around. */
const HOSTILE = 'a\u001b[31m\u009b2J\r\n\u202eb\u2028\u{e0001}';

describe('what is shown of texts that others wrote', () => {
  test('is each such character by its code point, and every other as it is', () => {
    expect(visible(HOSTILE)).toBe('a\\u{1b}[31m\\u{9b}2J\\u{d}\\u{a}\\u{202e}b\\u{2028}\\u{e0001}');
    expect(visible('Café, 東京 👍')).toBe('Café, 東京 👍');
    expect(visible(visible(HOSTILE))).toBe(visible(HOSTILE));
  });

  test.each([0, 2])('means the same as JSON, indented by %s', (indentation) => {
    const value = { [HOSTILE]: [HOSTILE, 1], plain: 'Café' };
    const text = visibleJson(value, indentation);

    expect(JSON.parse(text)).toEqual(value);
    expect(text).not.toMatch(/[\p{Cf}\u2028]|(?!\n)\p{Cc}/u);
    expect(text.split('\n')).toHaveLength(JSON.stringify(value, undefined, indentation).split('\n').length);
  });

  test('is a problem on a line of its own, whatever stands in it', () => {
    const problem = { code: 'CODE', at: `${HOSTILE}1`, message: `${HOSTILE}2`, remedy: `${HOSTILE}3` };
    const { message, stack, problems } = new GatewayConfigurationError([problem, problem]);

    for (const text of [message, stack ?? '']) expect(text).not.toMatch(/[\p{Cf}\u2028]|(?!\n)\p{Cc}/u);
    expect(message.split('\n')).toHaveLength(2);
    expect(problems[0]).toEqual(problem);
  });
});
