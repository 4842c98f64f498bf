const ALPHABET = /^[A-Za-z0-9+/]*$/;

/** Decodes Base64; what is none stays as it is. */
export function base64Decode(bytes: string): string {
  const digits = bytes.replace(/={1,2}$/, '');
  if (digits.length % 4 === 1 || !ALPHABET.test(digits)) return bytes;

  return Buffer.from(digits, 'base64').toString('latin1');
}

/** Decodes Base64, leaving out characters that are no digits of it. */
export function base64DecodeForgiving(bytes: string): string {
  return Buffer.from(bytes.replace(/[^A-Za-z0-9+/]/g, ''), 'base64').toString('latin1');
}

/** Decodes pairs of hexadecimal digits; what is none stays as it is. */
export function hexDecode(bytes: string): string {
  return /^([0-9A-Fa-f]{2})+$/.test(bytes) ? Buffer.from(bytes, 'hex').toString('latin1') : bytes;
}

/** Decodes SQL's hexadecimal literals: `0x414243` is `ABC`. */
export function sqlHexDecode(bytes: string): string {
  return bytes.replace(/0x((?:[0-9A-Fa-f]{2})+)/gi, (_, digits: string) =>
    Buffer.from(digits, 'hex').toString('latin1'),
  );
}
