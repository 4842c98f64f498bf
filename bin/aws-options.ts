import { type Command, InvalidArgumentError } from 'commander';
import { parseDuration } from '../lib/deny/duration';

/** Options of every command that calls AWS. */
export function withAws(command: Command, endpoint = "in place of AWS's own"): Command {
  return command
    .option('--region <region>', "(default: the environment's)")
    .option('--endpoint <url>', endpoint)
    .option('--json', 'one JSON object');
}

/** Reads a time as an option has it, in seconds. */
export function duration(text: string): number {
  const seconds = parseDuration(text);
  if (seconds === undefined) throw new InvalidArgumentError('write for example 30m, 24h or 7d');
  return seconds;
}

/** Now, in seconds of Unix time. */
export const now = (): number => Math.floor(Date.now() / 1000);
