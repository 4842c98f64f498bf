import type { CompiledOperation } from './compiled-operation';
import { FindingSeverity, type Report } from './report';
import type { Cors, Setting } from './setting';
import { shown } from './suggestion';

const ORIGIN = /^(https:\/\/[a-z0-9.-]+|http:\/\/(localhost|127\.0\.0\.1))(:\d{1,5})?$/;
const HEADER_NAME = /^[A-Za-z0-9-]+$/;
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
    for (const compiled of ofPath) checkOperation(compiled, report);
    return [
      {
        path,
        cors: setting.value,
        methods: ofPath.map(({ operation }) => operation.method),
        headers: allowedHeaders(setting.value, ofPath, credentialHeaders),
      },
    ];
  });
}

/** The one origin all paths admit; undefined if there are several, or none. */
export function onlyOrigin(paths: readonly PathCors[]): { origin: string; credentials: boolean } | undefined {
  const origins = [...new Set(paths.flatMap(({ cors }) => cors.origins))];
  const [origin] = origins;
  return origin !== undefined && origins.length === 1
    ? { origin, credentials: paths.every(({ cors }) => cors.credentials) }
    : undefined;
}

function checkCors({ value, place }: Setting<Cors>, report: Report): void {
  if (value.origins.length === 0) {
    report.problem('CORS_ORIGIN', place, "'cors' names no origin", `${REMEDY}, or remove 'cors'`);
  }
  for (const origin of value.origins) {
    if (ORIGIN.test(origin)) continue;
    report.problem(
      'CORS_ORIGIN',
      place,
      origin.includes('*')
        ? `'cors' admits ${shown(origin)}: a wildcard lets any page on the internet speak for your users`
        : `'cors' admits ${shown(origin)}, which is no origin of https`,
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
    remedy: "let the service send 'Access-Control-Allow-Origin' and 'Vary: Origin' for these origins itself",
  });
}

function checkOperation({ operation, settings }: CompiledOperation, report: Report): void {
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
