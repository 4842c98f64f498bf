/** What a terminal would obey (C1 controls too), break a line at, or turn around. */
const UNSEEN = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/**
 * A line for a terminal: each such character stands as its code point. Names in a certificate, texts of a document and
 * items of a table are whatever somebody wrote.
 */
export function visible(line: string): string {
  return line.replace(UNSEEN, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** JSON that means the same, with each such character escaped as JSON does; line breaks between values stay. */
export function visibleJson(value: unknown, indentation = 0): string {
  return JSON.stringify(value, undefined, indentation).replace(UNSEEN, (character) =>
    character === '\n' ? character : escaped(character),
  );
}

function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
