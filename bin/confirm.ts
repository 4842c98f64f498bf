import { createInterface } from 'node:readline/promises';
import { visible } from '../lib/visible';
import { tell } from './output';

/** Asks before something is destroyed; no where nobody is there to ask. */
export async function isConfirmed(
  question: string,
  input: Pick<NodeJS.ReadStream, 'isTTY'> & NodeJS.ReadableStream = process.stdin,
  output: NodeJS.WritableStream = process.stderr,
): Promise<boolean> {
  if (!input.isTTY) {
    tell('error: nobody is there to confirm; give --yes');
    return false;
  }
  const terminal = createInterface({ input, output });
  try {
    return /^y(es)?$/i.test((await terminal.question(visible(question))).trim());
  } catch (error) {
    // Ctrl-C and Ctrl-D are answers too
    if (Object(error).name === 'AbortError') return false;
    throw error;
  } finally {
    terminal.close();
  }
}
