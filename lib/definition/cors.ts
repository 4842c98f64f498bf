import { isDeepStrictEqual } from 'node:util';
import type { CompiledOperation } from './compiled-operation';
import { FindingSeverity, type Report } from './report';
import type { Cors, Setting } from './setting';
import { shown } from './suggestion';

const ORIGIN = /^(https:\/\/[a-z0-9-]+(\.[a-z0-9-]+)*|http:\/\/(localhost|127\.0\.0\.1))(:\d{1,5})?$/;
const HEADER_NAME = /^[A-Za-z0-9_.-]+$/;
const REMEDY =
  "list each origin as the browser sends it, such as 'https://app.example.com', in lower case and without a path";

/** Cross-origin rules of one path of the gateway: its preflight is answered by the gateway itself. */
export interface PathCors {
  /** As imported. */
  readonly path: string;
  readonly cors: Cors;
  readonly methods: readonly string[];
  /** Headers a page may send. */
  readonly headers: readonly string[];
}

/**
 * Gathers the cross-origin rules of each path, and reports rules that would open more than they say.
 *
 * An origin is admitted by its full name only: nothing the caller sends is ever sent back.
 */
export function gatherCors(
  operations: readonly CompiledOperation[],
  credentialHeaders: readonly string[],
  report: Report,
): PathCors[] {
  const byPath = new Map<string, CompiledOperation[]>();
  for (const compiled of operations) {
    byPath.set(compiled.gatewayPath.path, [...(byPath.get(compiled.gatewayPath.path) ?? []), compiled]);
  }
  const checked = new Set<unknown>();
  return [...byPath].flatMap(([path, ofPath]) => {
    const setting = ofPath.find(({ settings }) => settings.cors)?.settings.cors;
    if (!setting) return [];

    if (!checked.has(setting)) checkCors(setting, report);
    checked.add(setting);
    for (const compiled of ofPath) checkOperation(compiled, setting, report);
    // an operation that took the rule back is not to be called by pages
    const open = ofPath.filter(({ settings }) => settings.cors);
    return [
      {
        path,
        cors: setting.value,
        methods: open.map(({ operation }) => operation.method),
        headers: allowedHeaders(setting.value, open, credentialHeaders),
      },
    ];
  });
}

/**
 * Headers of the gateway's own refusals: of the one origin all paths admit, none if there are several. Which one asked
 * is not known there, and nothing is reflected.
 */
export function refusalHeaders(paths: readonly PathCors[]): Readonly<Record<string, string>> {
  const origins = [...new Set(paths.flatMap(({ cors }) => cors.origins))];
  const [origin] = origins;
  if (origin === undefined || origins.length > 1) return {};

  const exposed = ['Retry-After', ...paths.flatMap(({ cors }) => cors.exposeHeaders)];
  return {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Expose-Headers': uniqueNames(exposed).join(','),
    Vary: 'Origin',
    ...(paths.every(({ cors }) => cors.credentials) ? { 'Access-Control-Allow-Credentials': 'true' } : {}),
  };
}

/** Header names are the same in any case. */
function uniqueNames(names: readonly string[]): string[] {
  return [...new Map(names.map((name) => [name.toLowerCase(), name])).values()];
}

function checkCors({ value, place }: Setting<Cors>, report: Report): void {
  if (value.origins.length === 0) {
    report.problem('CORS_ORIGIN', place, "'cors' names no origin", `${REMEDY}, or remove 'cors'`);
  }
  for (const origin of value.origins) {
    if (isOrigin(origin)) continue;
    report.problem(
      'CORS_ORIGIN',
      place,
      origin.includes('*')
        ? `'cors' admits ${shown(origin)}: a wildcard lets any page on the internet speak for your users`
        : `'cors' admits ${shown(origin)}, which is no origin of https${correction(origin)}`,
      REMEDY,
    );
  }
  for (const header of [...value.headers, ...value.exposeHeaders]) {
    if (HEADER_NAME.test(header)) continue;
    report.problem(
      'CORS_HEADER',
      place,
      `'cors' has the header ${shown(header)}`,
      'name each header in letters, digits and hyphens: a wildcard is not taken',
    );
  }
  report.finding(place, {
    code: 'CORS_BACKEND',
    severity: FindingSeverity.INFO,
    message:
      'the gateway answers preflights and marks its own refusals; the answers of the service pass through unchanged',
    remedy: `let the service send ${serviceHeaders(value)} for these origins itself`,
  });
}

function serviceHeaders({ credentials, exposeHeaders }: Cors): string {
  return [
    "'Access-Control-Allow-Origin'",
    ...(credentials ? ["'Access-Control-Allow-Credentials: true'"] : []),
    ...(exposeHeaders.length > 0 ? [`'Access-Control-Expose-Headers: ${exposeHeaders.join(', ')}'`] : []),
    "'Vary: Origin'",
  ].join(', ');
}

/** As browsers write it: without the default port, for one. Anything else would never match. */
function isOrigin(text: string): boolean {
  return ORIGIN.test(text) && originOf(text) === text;
}

/** What a browser would send, if that can be told. */
function correction(text: string): string {
  const origin = originOf(text);
  return origin !== undefined && origin !== text && isOrigin(origin)
    ? ` (did you mean ${shown(origin)}?)`
    : '';
}

function originOf(text: string): string | undefined {
  try {
    return new URL(text).origin;
  } catch {
    return undefined;
  }
}

function checkOperation(
  { operation, settings }: CompiledOperation,
  { value }: Setting<Cors>,
  report: Report,
): void {
  // sibling paths that differ in the name of a variable only share one preflight
  if (
    settings.cors &&
    settings.cors.level !== 'operation' &&
    !isDeepStrictEqual(settings.cors.value, value)
  ) {
    report.problem(
      'CORS_LEVEL',
      settings.cors.place,
      `${operation.name} has 'cors' other than another operation of the same path in the gateway, but they share one preflight`,
      "write the same 'cors' at both paths, or at the root",
    );
  }
  if (settings.cors?.level === 'operation') {
    report.problem(
      'CORS_LEVEL',
      settings.cors.place,
      `${operation.name} has 'cors' of its own, but a preflight asks for the whole path`,
      "write 'cors' beside the operations of the path, or at the root",
    );
  }
  if (operation.method === 'OPTIONS') {
    report.problem(
      'CORS_OPTIONS',
      operation.node,
      `${operation.name} is declared, but with 'cors' the gateway answers OPTIONS itself`,
      "remove the operation, or take 'cors' back for this path by 'cors: null'",
    );
  }
}

function allowedHeaders(
  cors: Cors,
  operations: readonly CompiledOperation[],
  credentialHeaders: readonly string[],
): string[] {
  const declared = operations.flatMap(({ parameters }) =>
    parameters.filter((rule) => rule.in === 'header').map(({ name }) => name),
  );
  const names = ['authorization', 'content-type', ...credentialHeaders, ...declared, ...cors.headers];
  return [...new Set(names.map((name) => name.toLowerCase()))]
    .filter((name) => HEADER_NAME.test(name))
    .sort();
}
