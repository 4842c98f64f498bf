import { visible, visibleJson } from '../lib/visible';

/** Writes a line to standard output. */
export function say(line: string): void {
  console.log(visible(line));
}

/** Writes lines to standard output that are fit for a terminal already, colours and all. */
export function sayLines(lines: string): void {
  console.log(lines);
}

/** Writes JSON to standard output. */
export function sayJson(value: unknown, indentation?: number): void {
  console.log(visibleJson(value, indentation));
}

/** Writes lines to standard error, past whoever reads the output. */
export function tell(lines: string): void {
  for (const line of lines.split('\n')) console.error(visible(line));
}

/** A moment as text; what is no moment stands as it is. */
export function dateOf(seconds: number): string {
  const moment = new Date(seconds * 1000);
  return Number.isNaN(moment.getTime()) ? String(seconds) : moment.toISOString().replace('.000', '');
}
