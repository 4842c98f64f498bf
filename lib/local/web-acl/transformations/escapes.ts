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

const ENTITIES: Readonly<Record<string, string>> = {
  quot: '"',
  nbsp: '\xa0',
  lt: '<',
  gt: '>',
  amp: '&',
};

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
    /&(?:#x([0-9A-Fa-f]{1,8})|#([0-9]{1,10})|(quot|nbsp|lt|gt|amp));?/gi,
    (_, hex?: string, decimal?: string, name = '') => {
      if (hex) return codeOf(hex, 16);

      return decimal ? codeOf(decimal, 10) : (ENTITIES[name.toLowerCase()] ?? '');
    },
  );
}

/** Decodes escapes of CSS 2: up to six hexadecimal digits with one space behind, or any other character. */
export function cssDecode(bytes: string): string {
  return bytes.replace(
    /\\(?:([0-9A-Fa-f]{1,6})[\t\n\f\r ]?|(\n)|([^\n]))/g,
    (_, hex?: string, end?: string, other = '') => {
      if (hex) return fullWidthToAscii(Number.parseInt(hex, 16) & 0xffff);

      return end ? '' : other;
    },
  );
}

/** Decodes escapes of JavaScript; the backslash before anything else is dropped. */
export function jsDecode(bytes: string): string {
  return decodeScript(bytes, (other) => other);
}

/** As `jsDecode`, but what is no escape of JavaScript stays. */
export function jsDecodeExtended(bytes: string): string {
  return decodeScript(bytes, (other) => (/[\\'"/`]/.test(other) ? other : `\\${other}`));
}

function decodeScript(bytes: string, unknown: (character: string) => string): string {
  return bytes.replace(
    /\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|([0-3]?[0-7]{1,2})|([abfnrtv])|([\s\S]))/g,
    (_, unicode?: string, hex?: string, octal?: string, letter?: string, other = '') => {
      if (unicode) return fullWidthToAscii(Number.parseInt(unicode, 16));
      if (hex) return codeOf(hex, 16);
      if (octal) return codeOf(octal, 8);

      return letter ? (CONTROL[letter] ?? letter) : unknown(other);
    },
  );
}
