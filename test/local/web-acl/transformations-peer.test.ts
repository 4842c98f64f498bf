import { TRANSFORMATIONS } from '../../../lib/local/web-acl/transformations/table';
import { whereInstalled } from '../../fixtures/installed';
import fc from '../../fixtures/property';
import { HAS_MOD_SECURITY, modSecurity } from './mod-security';

const withModSecurity = whereInstalled(HAS_MOD_SECURITY, 'libmodsecurity3');

/** Pieces that mean something to some transformation, broken ones among them. */
const PIECES = [
  ...'aBf0179 \t\n\r\v\f\xa0\\"\'^/(,;%+&#=\0\xff'.split(''),
  ...['  ', '\\\\', '\\u0041', '\\uff21', '\\u12', '\\x41', '\\x4', '\\101', '\\8', '\\n', '\\q', '\\41 '],
  ...['%41', '%4', '%u0041', '%uff21', '%u12', '&lt;', '&amp', '&#65;', '&#x41;', '&#', '&bogus;', '&QUOT;'],
  ...['/*', '*/', '--', '<!--', '-->', '../', './', '//'],
];

const joined = (pieces: readonly string[]) =>
  fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join(''));
const anything = fc.oneof(
  joined(PIECES),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
);
const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 }).map((given) => Buffer.from(given));

/** Where AWS's guide says other than ModSecurity does, or ModSecurity is known to err, inputs without that. */
const without = (...left: readonly string[]) => joined(PIECES.filter((piece) => !left.includes(piece)));
const VALID: Readonly<Record<string, fc.Arbitrary<string>>> = {
  // ModSecurity drops what is no Base64, hexadecimal or UTF-8; what AWS does is not known
  BASE64_DECODE: bytes.map((given) => given.toString('base64')),
  BASE64_DECODE_EXT: fc
    .tuple(bytes, fc.constantFrom('!', ' ', '\n', '-', '"'))
    .map(([given, junk]) => given.toString('base64').replace(/(...)/g, `$1${junk}`)),
  HEX_DECODE: bytes.map((given) => given.toString('hex')),
  // it ends at a null byte
  SQL_HEX_DECODE: bytes.map((given) => `0x${given.toString('hex').replaceAll('00', '01')}`),
  CSS_DECODE: anything.filter((given) => !`${given}${TRANSFORMATIONS['CSS_DECODE']?.(given)}`.includes('\0')),
  // it takes either byte of UTF-8's non-breaking space for one
  REMOVE_WHITESPACE: anything.map((given) => given.replaceAll('\xc2', '')),
  UTF8_TO_UNICODE: fc
    .string({ unit: fc.constantFrom('a', 'é', '€', 'ß', '中', ' '), minLength: 1 })
    .map((text) => Buffer.from(text, 'utf8').toString('latin1')),
  // AWS names the non-breaking space
  COMPRESS_WHITE_SPACE: without('\xa0', '\xff'),
  // AWS lets invalid sequences remain
  ESCAPE_SEQ_DECODE: without('\\', '\\u0041', '\\uff21', '\\u12', '\\x4', '\\8', '\\q', '\\41 '),
  // ModSecurity takes a segment that ends with two dots for a reference back
  NORMALIZE_PATH: fc
    .tuple(
      fc.constantFrom('', '/'),
      fc.array(fc.constantFrom('a', 'b.c', '..', '.', ''), { maxLength: 8 }),
      fc.constantFrom('end', 'end/'),
    )
    .map(([root, segments, end]) => `${root}${[...segments, end].join('/')}`)
    // at the start of a relative path, ModSecurity takes back what is no beginning any more
    .filter((path) => path.startsWith('/') || !path.includes('..')),
};

const PEERS: Readonly<Record<string, string>> = {
  BASE64_DECODE: 'base64Decode',
  BASE64_DECODE_EXT: 'base64DecodeExt',
  CMD_LINE: 'cmdLine',
  COMPRESS_WHITE_SPACE: 'compressWhitespace',
  CSS_DECODE: 'cssDecode',
  ESCAPE_SEQ_DECODE: 'escapeSeqDecode',
  HEX_DECODE: 'hexDecode',
  HTML_ENTITY_DECODE: 'htmlEntityDecode',
  JS_DECODE: 'jsDecode',
  LOWERCASE: 'lowercase',
  MD5: 'md5',
  NORMALIZE_PATH: 'normalisePath',
  REMOVE_COMMENTS_CHAR: 'removeCommentsChar',
  REMOVE_NULLS: 'removeNulls',
  REMOVE_WHITESPACE: 'removeWhitespace',
  REPLACE_COMMENTS: 'replaceComments',
  REPLACE_NULLS: 'replaceNulls',
  SQL_HEX_DECODE: 'sqlHexDecode',
  TRIM: 'trim',
  TRIM_LEFT: 'trimLeft',
  TRIM_RIGHT: 'trimRight',
  UPPERCASE: 'uppercase',
  URL_DECODE: 'urlDecode',
  URL_DECODE_UNI: 'urlDecodeUni',
  UTF8_TO_UNICODE: 'utf8toUnicode',
};

describe('text transformation', () => {
  withModSecurity.each(Object.entries(PEERS))('%s agrees with %s of ModSecurity', (type, peer) => {
    const theirs = modSecurity(peer);
    fc.assert(
      fc.property(VALID[type] ?? anything, (given) => {
        fc.pre(given !== '');
        expect(TRANSFORMATIONS[type]?.(given)).toBe(theirs(given));
      }),
      { numRuns: 500 },
    );
  });

  test('NORMALIZE_PATH_WIN is NORMALIZE_PATH of slashes', () => {
    fc.assert(
      fc.property(joined(['a', '..', '.', '\\', '/', '\\\\']), (given) => {
        expect(TRANSFORMATIONS['NORMALIZE_PATH_WIN']?.(given)).toBe(
          TRANSFORMATIONS['NORMALIZE_PATH']?.(given.replaceAll('\\', '/')),
        );
      }),
    );
  });
});
