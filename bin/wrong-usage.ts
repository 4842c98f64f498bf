import { CommanderError } from 'commander';
import { tell } from './output';

/** Says what is wrong with how a command was called; it then ends with 2. */
export function wrongUsage(message: string): CommanderError {
  tell(`error: ${message}`);
  return new CommanderError(2, 'usage', message);
}

/** Uses a file that somebody named. */
export function usable<T>(file: string, verb: 'read' | 'written', use: (file: string) => T): T {
  try {
    return use(file);
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    throw wrongUsage(`${file} cannot be ${verb} (${code})`);
  }
}
