type Screen = Pick<NodeJS.WriteStream, 'isTTY' | 'write'>;

/** All of a list that comes in pages; a terminal sees how many there are so far. */
export async function collected<T>(
  pages: AsyncIterable<readonly T[]>,
  what: string,
  screen: Screen = process.stderr,
): Promise<T[]> {
  const found: T[] = [];
  for await (const page of pages) {
    found.push(...page);
    showProgress(`${found.length} ${what}`, screen);
  }
  endProgress(screen);
  return found;
}

/** A line that the next one is written over. Nothing where standard error is no terminal. */
export function showProgress(line: string, screen: Screen = process.stderr): void {
  if (screen.isTTY) screen.write(`\r${line}`);
}

/** Takes that line away. */
export function endProgress(screen: Screen = process.stderr): void {
  if (screen.isTTY) screen.write('\r\u001b[K');
}
