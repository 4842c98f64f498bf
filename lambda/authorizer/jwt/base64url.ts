const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * Bytes of canonical unpadded base64url, undefined for any other text (RFC 4648 sections 3.3 and 3.5, RFC 7515
 * section 2).
 *
 * Node's decoder leaves out what it does not know, takes both alphabets and any trailing bits, and of a character
 * beyond Latin-1 the lower byte: `Ł` for `A`. A text that lost nothing has exactly the length of its bytes; the rest
 * is looked at here. (Encoding the bytes again and comparing says the same, and costs more than all else that is
 * done to a token but the signature.)
 */
export function decodeBase64url(text: string): Buffer | undefined {
  const rest = text.length % 4;
  if (rest === 1 || text.includes('+') || text.includes('/') || !isAscii(text)) return undefined;

  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== (text.length * 3) >> 2) return undefined;
  return rest === 0 || !hasStrayBits(text, rest) ? bytes : undefined;
}

// in UTF-8 ASCII alone takes one byte a character
const isAscii = (text: string) => Buffer.byteLength(text) === text.length;

// two characters carry 12 bits for one byte, three 18 for two
function hasStrayBits(text: string, rest: number): boolean {
  const last = ALPHABET.indexOf(text.charAt(text.length - 1));
  return (last & (rest === 2 ? 0b1111 : 0b11)) !== 0;
}
