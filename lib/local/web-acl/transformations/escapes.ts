import { fullWidthToAscii } from './full-width';

const CONTROL: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** The entities the guide lists, in lower case: it takes them in any. */
const ENTITIES: ReadonlyMap<string, string> = new Map(
  [
    ['"', 'quot'],
    ['&', 'amp'],
    ['<', 'lt'],
    ['>', 'gt'],
    ['\xa0', 'nbsp nonbreakingspace'],
    ['\n', 'newline'],
    ['\t', 'tab'],
    ['{', 'lcub lbrace'],
    ['|', 'verbar vert verticalline'],
    ['}', 'rcub rbrace'],
    ['!', 'excl'],
    ['#', 'num'],
    ['$', 'dollar'],
    ['%', 'percent percnt'],
    // the guide prints a backslash, which is `bsol`: an escape that went wrong
    ["'", 'apos'],
    ['(', 'lpar'],
    [')', 'rpar'],
    ['*', 'ast midast'],
    ['+', 'plus'],
    [',', 'comma'],
    ['.', 'period'],
    ['/', 'sol'],
    [':', 'colon'],
    [';', 'semi'],
    ['=', 'equals'],
    ['?', 'quest'],
    ['~', 'tilde diacriticaltilde'],
    ['-', 'minus'],
    ['[', 'lsqb lbrack'],
    ['\\', 'bsol'],
    [']', 'rsqb rbrack'],
    ['^', 'hat'],
    ['_', 'lowbar underbar'],
    ['`', 'grave diacriticalgrave'],
  ].flatMap(([character = '', names = '']) => names.split(' ').map((name) => [name, character] as const)),
);

const codeOf = (digits: string, base: number) => String.fromCharCode(Number.parseInt(digits, base) & 0xff);

/** Decodes escape sequences of ANSI C; what is none stays. */
export function escapeSequenceDecode(bytes: string): string {
  return bytes.replace(
    /\\(?:x([0-9A-Fa-f]{2})|([0-3]?[0-7]{1,2})|([abfnrtv])|([\\?'"]))/g,
    (_, hex?: string, octal?: string, letter?: string, sign = '') => {
      if (hex) return codeOf(hex, 16);
      if (octal) return codeOf(octal, 8);

      return letter ? (CONTROL[letter] ?? letter) : sign;
    },
  );
}

/** Decodes named and numbered entities. */
export function htmlEntityDecode(bytes: string): string {
  if (!bytes.includes('&')) return bytes;

  return bytes.replace(
    /&(?:#x([0-9A-Fa-f]{1,8})|#([0-9]{1,10})|([A-Za-z0-9]+));?/gi,
    (entity, hex?: string, decimal?: string, name = '') => {
      if (hex) return codeOf(hex, 16);

      return decimal ? codeOf(decimal, 10) : (ENTITIES.get(name.toLowerCase()) ?? entity);
    },
  );
}

/** Decodes escapes of CSS 2: up to six hexadecimal digits with one space behind, or any other character. */
export function cssDecode(bytes: string): string {
  return bytes.replace(
    /\\(?:([0-9A-Fa-f]{1,6})[\t\n\v\f\r ]?|(\n|$)|([^\n]))/g,
    (_, hex?: string, end?: string, other = '') => {
      if (hex) return fullWidthToAscii(Number.parseInt(hex, 16) & 0xffff);

      return end === undefined ? other : '';
    },
  );
}

/** Decodes escapes of JavaScript; the backslash before anything else is dropped. */
export function jsDecode(bytes: string): string {
  return decodeScript(bytes, (character) => CONTROL[character] ?? character);
}

/** As `jsDecode`, but of single characters only slashes and quotes lose their backslash: paths of Windows stay. */
export function jsDecodeExtended(bytes: string): string {
  return decodeScript(bytes, (character) => (/[\\/'"]/.test(character) ? character : `\\${character}`));
}

function decodeScript(bytes: string, single: (character: string) => string): string {
  // most bodies have none, which is found out sooner than by the expression
  if (!bytes.includes('\\')) return bytes;

  return bytes.replace(
    /\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|([0-3]?[0-7]{1,2})|([\s\S]))/g,
    (_, unicode?: string, hex?: string, octal?: string, character = '') => {
      if (unicode) return fullWidthToAscii(Number.parseInt(unicode, 16));
      if (hex) return codeOf(hex, 16);

      return octal ? codeOf(octal, 8) : single(character);
    },
  );
}
