import { createInterface } from 'node:readline/promises';

/** Asks before something is destroyed; no where nobody is there to ask. */
export async function isConfirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    console.error('error: nobody is there to confirm; give --yes');
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(question);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}
