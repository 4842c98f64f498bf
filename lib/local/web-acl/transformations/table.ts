import { createHash } from 'node:crypto';
import { base64Decode, base64DecodeForgiving, hexDecode, sqlHexDecode } from './binary';
import { commandLine, commandLineUnix, commandLineWindows } from './command-line';
import { cssDecode, escapeSequenceDecode, htmlEntityDecode, jsDecode, jsDecodeExtended } from './escapes';
import { normalizePath, normalizePathWindows } from './path';
import { compressWhitespace, removeCommentCharacters, replaceComments } from './text';
import type { Transformation } from './transform';
import { urlDecode, urlDecodeUnicode, utf8ToUnicode } from './url';

/** Every text transformation of AWS WAF's API, by its name there. */
export const TRANSFORMATIONS: Readonly<Record<string, Transformation>> = {
  BASE64_DECODE: base64Decode,
  BASE64_DECODE_EXT: base64DecodeForgiving,
  CMD_LINE: commandLine,
  CMD_LINE_UNIX: commandLineUnix,
  CMD_LINE_WIN: commandLineWindows,
  COMPRESS_WHITE_SPACE: compressWhitespace,
  CSS_DECODE: cssDecode,
  ESCAPE_SEQ_DECODE: escapeSequenceDecode,
  HEX_DECODE: hexDecode,
  HTML_ENTITY_DECODE: htmlEntityDecode,
  JS_DECODE: jsDecode,
  JS_DECODE_EXT: jsDecodeExtended,
  LOWERCASE: (bytes) => bytes.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()),
  MD5: (bytes) => createHash('md5').update(bytes, 'latin1').digest().toString('latin1'),
  NONE: (bytes) => bytes,
  NORMALIZE_PATH: normalizePath,
  NORMALIZE_PATH_WIN: normalizePathWindows,
  REMOVE_COMMENTS_CHAR: removeCommentCharacters,
  REMOVE_NULLS: (bytes) => bytes.replaceAll('\0', ''),
  REMOVE_WHITESPACE: (bytes) => bytes.replace(/[\t\n\v\f\r \xa0]/g, ''),
  REPLACE_COMMENTS: replaceComments,
  REPLACE_NULLS: (bytes) => bytes.replaceAll('\0', ' '),
  SHA256: (bytes) => createHash('sha256').update(bytes, 'latin1').digest().toString('latin1'),
  SQL_HEX_DECODE: sqlHexDecode,
  TRIM: (bytes) => trimLeft(trimRight(bytes)),
  TRIM_LEFT: trimLeft,
  TRIM_RIGHT: trimRight,
  UPPERCASE: (bytes) => bytes.replace(/[a-z]+/g, (letters) => letters.toUpperCase()),
  URL_DECODE: urlDecode,
  URL_DECODE_UNI: urlDecodeUnicode,
  UTF8_TO_UNICODE: utf8ToUnicode,
};

const SPACES = '\t\n\v\f\r ';

function trimLeft(bytes: string): string {
  let start = 0;
  while (start < bytes.length && SPACES.includes(bytes.charAt(start))) start += 1;

  return bytes.slice(start);
}

// by hand: a regular expression anchored at the end takes quadratic time on spaces in the middle
function trimRight(bytes: string): string {
  let end = bytes.length;
  while (end > 0 && SPACES.includes(bytes.charAt(end - 1))) end -= 1;

  return bytes.slice(0, end);
}
