/** A full-width letter is its ASCII one; of any other code only the low byte counts. */
export function fullWidthToAscii(code: number): string {
  const isFullWidth = code >= 0xff01 && code <= 0xff5e;

  return String.fromCharCode(isFullWidth ? (code & 0xff) + 0x20 : code & 0xff);
}
