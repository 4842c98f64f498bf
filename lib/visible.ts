/**
 * A line for a terminal: what a terminal would obey (C1 controls too) or turn around stands as its code point. Names
 * in a certificate are whatever its owner wrote.
 */
export function visible(line: string): string {
  return line.replace(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
