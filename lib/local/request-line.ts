import type { RequestRecord } from './logs/request-record';

/** Puts colour on text; see picocolors. */
export interface Palette {
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly red: (text: string) => string;
  readonly dim: (text: string) => string;
}

/** One request on one line of a terminal: green what was served, yellow what was refused, red what failed. */
export function requestLine(record: RequestRecord, colors: Palette): string {
  const { time, method, path, status, refusedBy, rule, milliseconds } = record;
  const color = status >= 500 ? colors.red : refusedBy ? colors.yellow : colors.green;
  const decision = refusedBy ? `${refusedBy}${rule ? ` (${rule})` : ''}` : 'backend';
  return [
    colors.dim(time.toTimeString().slice(0, 8)),
    color(String(status)),
    `${method} ${printable(path)}`,
    color(decision),
    colors.dim(`${Math.round(milliseconds)} ms`),
  ].join('  ');
}

/** Callers choose the path: it must not steer the terminal. */
function printable(path: string): string {
  return path.replace(/[^\x20-\x7e]/g, '?');
}
