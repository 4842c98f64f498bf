import { fullWidthToAscii } from './full-width';

/** Most bodies are not, which is found out sooner than by an expression. */
const mayBeEncoded = (bytes: string) => bytes.includes('%') || bytes.includes('+');

/** Decodes `%41`; `+` is a space. What is no code stays. */
export function urlDecode(bytes: string): string {
  if (!mayBeEncoded(bytes)) return bytes;

  return bytes
    .replaceAll('+', ' ')
    .replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** As `urlDecode`, with `%u0041` too. */
export function urlDecodeUnicode(bytes: string): string {
  if (!mayBeEncoded(bytes)) return bytes;

  return bytes
    .replaceAll('+', ' ')
    .replace(/%u([0-9A-Fa-f]{4})|%([0-9A-Fa-f]{2})/gi, (_, unicode?: string, byte = '') =>
      unicode
        ? fullWidthToAscii(Number.parseInt(unicode, 16))
        : String.fromCharCode(Number.parseInt(byte, 16)),
    );
}

/** Writes what UTF-8 says in more than one byte as `%uHHHH`; what is no UTF-8 stays. */
export function utf8ToUnicode(bytes: string): string {
  return bytes.replace(
    /[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}/g,
    (sequence) => {
      const text = Buffer.from(sequence, 'latin1').toString('utf8');
      if (text.includes('\ufffd') && sequence !== '\xef\xbf\xbd') return sequence;

      const point = text.codePointAt(0) ?? 0;
      return `%u${point.toString(16).padStart(4, '0')}`;
    },
  );
}
