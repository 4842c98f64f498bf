import { type Duration, Token } from 'aws-cdk-lib';
import type { Problem } from '../errors';
import { UNMAPPABLE_HEADERS } from '../protocol/header-names';
import { isReservedHeader, RESERVED_HEADERS } from '../protocol/identity-headers';
import type { BackendOptions } from './backend';
import { HEADER_VARIABLES, isHeaderValue } from './header-value';

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/i;
const BASE_PATH = /^(\/[A-Za-z0-9_.~-]+)+$/;
const HEADER_NAME = /^[A-Za-z0-9._$-]+$/;

const MINIMUM_TIMEOUT_MILLIS = 50;
const MAXIMUM_TIMEOUT_MILLIS = 300_000;

/** Headers that cannot be mapped, or that are the gateway's own to set. */
const FORBIDDEN_HEADERS = [...UNMAPPABLE_HEADERS, 'authorization', 'cookie', 'x-request-id'];

/** What is wrong with a backend's options, all of it. `identityHeaders` are the names in use. */
export function checkBackendOptions(
  at: string,
  options: BackendOptions,
  identityHeaders: readonly string[],
): Problem[] {
  const { serverName, basePath, port, timeout, headers = {} } = options;

  return [
    ...check(matches(serverName, HOST_NAME), {
      code: 'BACKEND_SERVER_NAME',
      at,
      message: `'serverName' must be a host name, got ${JSON.stringify(serverName)}`,
      remedy: "give the name in the service's certificate, for example 'orders.internal.example.com'",
    }),
    ...check(basePath === undefined || matches(basePath, BASE_PATH), {
      code: 'BACKEND_BASE_PATH',
      at,
      message: `'basePath' must be a path without a slash at its end, got ${JSON.stringify(basePath)}`,
      remedy: "write for example '/v2', or leave it out",
    }),
    ...check(port === undefined || isPort(port), {
      code: 'BACKEND_PORT',
      at,
      message: `'port' must be from 1 to 65535, got ${port}`,
      remedy: "name the port of the load balancer's listener, or leave it out",
    }),
    ...check(timeout === undefined || isTimeout(timeout), {
      code: 'BACKEND_TIMEOUT',
      at,
      message: `'timeout' must be between 50 milliseconds and 5 minutes, got ${timeout?.toHumanString()}`,
      remedy: 'stay within 29 seconds, which needs no raised quota',
    }),
    ...Object.entries(headers).flatMap(([name, value]) => checkHeader(at, name, value, identityHeaders)),
    ...repeatedNames(Object.keys(headers)).map((name) => ({
      code: 'BACKEND_HEADER_NAME',
      at,
      message: `'headers' names the header ${JSON.stringify(name)} twice, in two casings`,
      remedy: 'keep one of them',
    })),
  ];
}

function checkHeader(at: string, name: string, value: string, identityHeaders: readonly string[]): Problem[] {
  const reserved = isReservedHeader(name, [...identityHeaders, ...RESERVED_HEADERS]);
  return [
    ...check(HEADER_NAME.test(name) && !reserved && !FORBIDDEN_HEADERS.includes(name.toLowerCase()), {
      code: 'BACKEND_HEADER_NAME',
      at,
      message: `'headers' names a header it cannot set, got ${JSON.stringify(name)}`,
      remedy: "choose a name of your own; identity headers and 'Authorization' are set by the gateway",
    }),
    ...check(Token.isUnresolved(value) || isHeaderValue(value), {
      code: 'BACKEND_HEADER_VALUE',
      at,
      message: `the value of header ${JSON.stringify(name)} must be printable ASCII without an apostrophe, or a variable, got ${JSON.stringify(value)}`,
      remedy: `change the value; of variables there are ${HEADER_VARIABLES}`,
    }),
  ];
}

function repeatedNames(names: readonly string[]): string[] {
  const lower = names.map((name) => name.toLowerCase());
  return names.filter((_, index) => lower.indexOf(lower[index] ?? '') < index);
}

function matches(value: string, pattern: RegExp): boolean {
  return Token.isUnresolved(value) || pattern.test(value);
}

function isPort(port: number): boolean {
  return Token.isUnresolved(port) || (Number.isInteger(port) && port >= 1 && port <= 65_535);
}

function isTimeout(timeout: Duration): boolean {
  if (timeout.isUnresolved()) return true;

  const millis = timeout.toMilliseconds({ integral: false });
  return millis >= MINIMUM_TIMEOUT_MILLIS && millis <= MAXIMUM_TIMEOUT_MILLIS;
}

function check(holds: boolean, problem: Problem): Problem[] {
  return holds ? [] : [problem];
}
