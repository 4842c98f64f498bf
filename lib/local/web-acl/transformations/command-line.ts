/** Undoes what hides a command in a command line. */
export function commandLine(bytes: string): string {
  return bytes
    .replace(/[\\"'^]/g, '')
    .replace(/[,; \t\r\n]+/g, ' ')
    .replace(/ (?=[/(])/g, '')
    .replace(CAPITALS, lowered);
}

/** The same for a shell of Unix, to which the caret is no quote, nor `,` and `;` spaces. */
export function commandLineUnix(bytes: string): string {
  return spaced(bytes.replace(/[\\"']/g, ''));
}

/** The same for Windows, where the caret continues a line and the backslash separates paths. */
export function commandLineWindows(bytes: string): string {
  return spaced(bytes.replace(/\^(\r?\n)?|["']/g, '').replace(/\\+/g, '\\'));
}

const CAPITALS = /[A-Z]+/g;

const lowered = (letters: string) => letters.toLowerCase();

/** Every kind of space is a space, several are one, and none is outermost. */
function spaced(bytes: string): string {
  return bytes
    .replace(/[ \t\n\v\f\r]+/g, ' ')
    .replace(/^ | $/g, '')
    .replace(CAPITALS, lowered);
}
