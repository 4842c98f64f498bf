import { TRANSFORMATIONS } from '../../../lib/local/web-acl/transformations/table';
import { transformationOf } from '../../../lib/local/web-acl/transformations/transform';
import fc from '../../fixtures/property';

/**
 * What the developer guide says of each transformation ("Using text transformations"), and what follows from it; one
 * character is one byte. The copies of the guide that could be read do not describe CMD_LINE_UNIX, CMD_LINE_WIN and
 * JS_DECODE_EXT: these follow two other emulators' readings of it.
 */
const TABLE: readonly [type: string, from: string, to: string][] = [
  ['NONE', ' As It Is ', ' As It Is '],
  ['BASE64_DECODE', 'QUJD', 'ABC'],
  ['BASE64_DECODE', 'QUI=', 'AB'],
  ['BASE64_DECODE', 'no base64!', 'no base64!'],
  ['BASE64_DECODE_EXT', 'Q!U J\nD', 'ABC'],
  ['CMD_LINE', 'C:\\W"in\'d^ows', 'c:windows'],
  ['CMD_LINE', 'cat   /etc (x)', 'cat/etc(x)'],
  ['CMD_LINE', 'a,b;c', 'a b c'],
  ['CMD_LINE', 'LS   -la', 'ls -la'],
  ['CMD_LINE', 'LS\t\r\n-la', 'ls -la'],
  ['CMD_LINE_UNIX', '  c\\a"t\t\n/ETC ', 'cat /etc'],
  ['CMD_LINE_UNIX', 'a,b;c^', 'a,b;c^'],
  ['CMD_LINE_WIN', ' C:\\\\w"ind^ows\v', 'c:\\windows'],
  ['CMD_LINE_WIN', 'pow^\ners^\r\nhell', 'powershell'],
  ['COMPRESS_WHITE_SPACE', 'a\f\t\n\r\v\xa0b   c', 'a b c'],
  ['CSS_DECODE', 'ja\\vascript', 'javascript'],
  ['CSS_DECODE', '\\41 bc', 'Abc'],
  ['CSS_DECODE', 'a\\\nb', 'ab'],
  ['ESCAPE_SEQ_DECODE', '\\a\\b\\f\\n\\r\\t\\v', '\x07\b\f\n\r\t\v'],
  ['ESCAPE_SEQ_DECODE', '\\x41\\101\\\\\\?\\\'\\"', 'AA\\?\'"'],
  ['ESCAPE_SEQ_DECODE', '\\z stays', '\\z stays'],
  ['HEX_DECODE', '414243', 'ABC'],
  ['HEX_DECODE', '4142434', '4142434'],
  ['HTML_ENTITY_DECODE', '&quot;&lt;&gt;&nbsp;', '"<>\xa0'],
  ['HTML_ENTITY_DECODE', '&#x41;&#65;', 'AA'],
  ['HTML_ENTITY_DECODE', '&unknown;', '&unknown;'],
  ['HTML_ENTITY_DECODE', '&QuOt;&NonBreakingSpace;&NewLine;&Tab;', '"\xa0\n\t'],
  ['HTML_ENTITY_DECODE', '&lcub;&lbrace;&verbar;&vert;&VerticalLine;&rcub;&rbrace;', '{{|||}}'],
  ['HTML_ENTITY_DECODE', '&excl;&num;&dollar;&percent;&percnt;&apos;&lpar;&rpar;', "!#$%%'()"],
  ['HTML_ENTITY_DECODE', '&ast;&midast;&plus;&comma;&period;&sol;&colon;&semi;', '**+,./:;'],
  ['HTML_ENTITY_DECODE', '&equals;&quest;&tilde;&DiacriticalTilde;&minus;', '=?~~-'],
  ['HTML_ENTITY_DECODE', '&lsqb;&lbrack;&bsol;&rsqb;&rbrack;&hat;', '[[\\]]^'],
  ['HTML_ENTITY_DECODE', '&lowbar;&underbar;&grave;&DiacriticalGrave;&amp;', '__``&'],
  ['JS_DECODE', '\\u0041', 'A'],
  ['JS_DECODE', '\\uff21', 'A'],
  ['JS_DECODE', '\\u1241', 'A'],
  ['JS_DECODE', '\\x41\\101\\n\\d', 'AA\nd'],
  ['JS_DECODE', '\\uff01\\uff5e\\uff5f', '!~_'],
  ['JS_DECODE_EXT', '\\u0041\\d', 'A\\d'],
  ['JS_DECODE_EXT', 'C:\\new\\\\\\/\\\'\\"', 'C:\\new\\/\'"'],
  ['LOWERCASE', 'ABCxyz\xc4', 'abcxyz\xc4'],
  ['UPPERCASE', 'abcXYZ\xe4', 'ABCXYZ\xe4'],
  ['MD5', 'abc', Buffer.from('900150983cd24fb0d6963f7d28e17f72', 'hex').toString('latin1')],
  [
    'SHA256',
    'abc',
    Buffer.from('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', 'hex').toString('latin1'),
  ],
  ['NORMALIZE_PATH', '/a//b/./c/../d', '/a/b/d'],
  ['NORMALIZE_PATH', '../a', '../a'],
  ['NORMALIZE_PATH', '..', '..'],
  ['NORMALIZE_PATH', '/a/b/', '/a/b/'],
  ['NORMALIZE_PATH', '/../../etc/passwd', '/etc/passwd'],
  ['NORMALIZE_PATH_WIN', '\\a\\.\\b\\..\\c', '/a/c'],
  ['REMOVE_NULLS', 'a\0b', 'ab'],
  ['REPLACE_NULLS', 'a\0b', 'a b'],
  ['REMOVE_WHITESPACE', ' a\tb\nc ', 'abc'],
  ['REPLACE_COMMENTS', 'a/*x*/b', 'a b'],
  ['REPLACE_COMMENTS', 'a/*x*//*y*/b', 'a  b'],
  ['REPLACE_COMMENTS', 'a/*open', 'a '],
  ['REPLACE_COMMENTS', 'a*/b', 'a*/b'],
  ['REMOVE_COMMENTS_CHAR', 'a/*b*/c--d#e<!--f', 'abcdef'],
  ['REMOVE_COMMENTS_CHAR', '<!--a-->', 'a'],
  ['SQL_HEX_DECODE', 'x=0x414243', 'x=ABC'],
  ['TRIM', ' \t a b \n', 'a b'],
  ['TRIM_LEFT', '  a ', 'a '],
  ['TRIM_RIGHT', ' a  ', ' a'],
  ['URL_DECODE', 'a%20b+c%zz', 'a b c%zz'],
  ['URL_DECODE', '%2e%2e%2f', '../'],
  ['URL_DECODE_UNI', '%u0041%uff21%41', 'AAA'],
  ['UTF8_TO_UNICODE', '\xc3\xa9', '%u00e9'],
];

describe('text transformation', () => {
  test.each(TABLE)('%s makes of %j', (type, from, to) => {
    expect(TRANSFORMATIONS[type]?.(from)).toBe(to);
  });

  test('is tested for every type of the API', () => {
    const tested = new Set(TABLE.map(([type]) => type));

    expect(Object.keys(TRANSFORMATIONS).filter((type) => !tested.has(type))).toEqual([]);
  });

  test('happens in the order given', () => {
    expect(transformationOf(['URL_DECODE', 'LOWERCASE'])?.('%41')).toBe('a');
    expect(transformationOf(['URL_DECODE', 'URL_DECODE'])?.('%252e')).toBe('.');
  });

  test('is unknown by any other name', () => {
    expect(transformationOf(['ROT13'])).toBeUndefined();
  });

  test.each(Object.keys(TRANSFORMATIONS))('%s takes any bytes and gives bytes', (type) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (given) => {
        const result = TRANSFORMATIONS[type]?.(Buffer.from(given).toString('latin1')) ?? '';
        expect(result).toMatch(/^[\0-\xff]*$/);
      }),
      { numRuns: 200 },
    );
  });

  test.each(Object.keys(TRANSFORMATIONS))('%s is not stalled by a large body', (type) => {
    for (const unit of [' ', '/', '\\', '%', '&', '../', '/*', 'a ', '\\u', '=']) {
      const large = unit.repeat(Math.ceil(65_536 / unit.length));
      const started = process.hrtime.bigint();
      TRANSFORMATIONS[type]?.(large);

      expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(3_000);
    }
  });
});
