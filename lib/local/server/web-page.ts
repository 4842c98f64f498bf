import type { IncomingMessage } from 'node:http';

/**
 * Whether a request comes from a web page rather than from a program: with another page's origin, or with the name of
 * a page that was pointed at this machine.
 */
export function isFromPage({ headers }: IncomingMessage): boolean {
  return headers.origin !== undefined || !/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(headers.host ?? '');
}
