import { isIP } from 'node:net';
import { GatewayConfigurationError, type Problem } from '../errors';

/** What a new key is to be. */
export interface KeyOrder {
  /** Whose it is. */
  readonly tenant: string;
  readonly tier?: string;
  readonly scopes?: readonly string[];
  readonly roles?: readonly string[];
  /** Networks it works from; anywhere if absent. */
  readonly cidrs?: readonly string[];
  readonly limit?: { readonly limit: number; readonly perSeconds: number };
  /** Seconds until it expires; null: never. @default 90 days */
  readonly expiresInSeconds?: number | null;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,127}$/;
// RFC 6749, section 3.3
const SCOPE = /^[\x21\x23-\x5B\x5D-\x7E]{1,256}$/;

/** Throws with everything that is wrong with an order. */
export function checkOrder(order: KeyOrder): void {
  const problems = [
    ...names('tenant', [order.tenant], NAME),
    ...names('tier', order.tier === undefined ? [] : [order.tier], NAME),
    ...names('scope', order.scopes ?? [], SCOPE),
    ...names('role', order.roles ?? [], SCOPE),
    ...networks(order.cidrs),
    ...limit(order.limit),
    ...expiry(order.expiresInSeconds),
  ];
  if (problems.length > 0) throw new GatewayConfigurationError(problems);
}

/** Throws with every name that is none; `at` says in which command. */
export function checkNames(at: string, given: Readonly<Record<string, string>>): void {
  const problems = Object.entries(given).flatMap(([what, name]) => names(what, [name], NAME));
  if (problems.length > 0) throw new GatewayConfigurationError(problems.map((each) => ({ ...each, at })));
}

function names(what: string, values: readonly string[], pattern: RegExp): Problem[] {
  return values
    .filter((value) => !pattern.test(value))
    .map((value) =>
      problem(
        `${what} is not a name, got ${JSON.stringify(value)}`,
        pattern === SCOPE
          ? 'use no blank, quote or backslash, and ASCII only'
          : "use letters, digits and '.-_@'",
      ),
    );
}

function networks(cidrs: readonly string[] | undefined): Problem[] {
  if (cidrs?.length === 0)
    return [problem('there is no network it would work from', 'give one, or leave --cidr out')];

  return (cidrs ?? [])
    .filter((cidr) => !isNetwork(cidr))
    .map((cidr) =>
      problem(
        `network is not one to keep a key within, got ${JSON.stringify(cidr)}`,
        "write for example '203.0.113.0/24', or leave --cidr out for any",
      ),
    );
}

/**
 * As the authorizer reads it. A parser of names takes `010.0.0.1` for octal and `1.2` for `1.0.0.2`; a zone, and IPv4
 * within IPv6, are of no caller.
 */
function isNetwork(cidr: string): boolean {
  const [, address = '', bits] = /^([0-9a-f.:]+)\/(\d{1,3})$/i.exec(cidr) ?? [];
  const family = isIP(address);
  const isMapped = family === 6 && address.includes('.');
  // all of the internet is no restriction, and hardly meant as one
  return family !== 0 && !isMapped && Number(bits) > 0 && Number(bits) <= (family === 4 ? 32 : 128);
}

function limit(given: KeyOrder['limit']): Problem[] {
  const counts = given ? [given.limit, given.perSeconds] : [];
  return counts.every((count) => Number.isSafeInteger(count) && count >= 1)
    ? []
    : [
        problem(
          `limit is not one, got ${JSON.stringify(given)}`,
          "write for example '100/60s': 100 requests per 60 s",
        ),
      ];
}

function expiry(seconds: KeyOrder['expiresInSeconds']): Problem[] {
  return seconds === undefined || seconds === null || (Number.isSafeInteger(seconds) && seconds > 0)
    ? []
    : [problem(`a key cannot expire after ${seconds} s`, "write for example '90d', or 'never'")];
}

function problem(message: string, remedy: string): Problem {
  return { code: 'INVALID_KEY_ORDER', at: 'keys create', message, remedy };
}
