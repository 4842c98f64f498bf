/** Undoes what hides a command in a command line. */
export function commandLine(bytes: string): string {
  return spaced(bytes.replace(/[\\"'^]/g, '')).replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** As `commandLine`, but the caret is no quote of a Unix shell and letters keep their case. */
export function commandLineUnix(bytes: string): string {
  return spaced(bytes.replace(/[\\"']/g, ''));
}

/** As `commandLine`, but the backslash separates paths on Windows. */
export function commandLineWindows(bytes: string): string {
  return spaced(bytes.replace(/["'^]/g, '')).replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** `,` and `;` are spaces, several spaces are one, and none stands before `/` or `(`. */
function spaced(bytes: string): string {
  return bytes.replace(/[,;\s]+/g, ' ').replace(/ (?=[/(])/g, '');
}
