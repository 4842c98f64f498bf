import type { Problem } from '../../errors';
import { isObject, type Json, listOf, objectOf, textOf } from '../template/read';
import { jsonContents } from './json-body';
import { bytesOf, type Entries, type OversizeField, type RequestView } from './request-view';
import type { Location } from './trace';

/** One value of a field. */
export interface FieldValue {
  readonly bytes: string;
  /** Of the header, cookie or argument it is from. */
  readonly name?: string;
}

/** What a field holds of one request; `decided` where oversize or fallback handling settles the statement. */
export interface Contents {
  readonly values: readonly FieldValue[];
  readonly decided?: boolean;
}

/** Reads a field of a request. A request without it has no values, and its statement does not match. */
type Read = (view: RequestView) => Contents;

/** What was read, and what AWS's log calls the place. */
export type Field = (view: RequestView) => Contents & { readonly location: Location };

const NOTHING: Contents = { values: [] };

/** Fields that WAF offers in front of CloudFront or load balancers only (aws-facts 7.8). */
const ELSEWHERE = ['JA3Fingerprint', 'JA4Fingerprint', 'UriFragment'];

/** The field a `FieldToMatch` names. */
export function fieldOf(fieldToMatch: unknown, at: string, problems: Problem[]): Field {
  const [[kind, settings] = ['', undefined], another] = Object.entries(objectOf(fieldToMatch));
  const read = another ? undefined : FIELDS[kind]?.(objectOf(settings));
  const location = LOCATIONS[kind] ?? 'UNKNOWN';
  if (read) return (view) => ({ ...read(view), location });

  problems.push({
    code: 'WAF_INVALID_PARAMETER',
    at,
    message: ELSEWHERE.includes(kind)
      ? `AWS WAF does not inspect ${kind} in front of API Gateway`
      : `FieldToMatch needs exactly one known field, got ${JSON.stringify(Object.keys(objectOf(fieldToMatch)))}`,
    remedy: 'inspect another part of the request',
  });

  return () => ({ ...NOTHING, location });
}

/** AWS reports a JSON body as UNKNOWN, and so are here places of which no example was found. */
const LOCATIONS: Readonly<Record<string, Location>> = {
  UriPath: 'URI',
  QueryString: 'QUERY_STRING',
  Method: 'METHOD',
  SingleHeader: 'HEADER',
  Headers: 'HEADER',
  Cookies: 'COOKIE',
  SingleQueryArgument: 'SINGLE_QUERY_ARG',
  AllQueryArguments: 'ALL_QUERY_ARGS',
  Body: 'BODY',
};

const FIELDS: Readonly<Record<string, (settings: Json) => Read>> = {
  UriPath: () => (view) => some(bytesOf(view.request.path)),
  QueryString: () => (view) => some(bytesOf(view.request.rawQuery)),
  Method: () => (view) => some(bytesOf(view.request.method)),
  SingleHeader: ({ Name }) => {
    const name = (textOf(Name) ?? '').toLowerCase();
    return (view) => ({ values: view.valuesOf(name).map((bytes) => ({ bytes, name })) });
  },
  SingleQueryArgument: ({ Name }) => {
    const name = (textOf(Name) ?? '').toLowerCase();
    return (view) => ({
      values: view.queryArguments
        .filter(([key]) => key.toLowerCase() === name)
        .map(([key, bytes]) => ({ bytes, name: key })),
    });
  },
  AllQueryArguments: () => (view) => ({
    values: view.queryArguments.map(([name, bytes]) => ({ bytes, name })),
  }),
  HeaderOrder: (settings) => (view) => {
    const { entries, oversize } = view.headers;
    const sized = handled(settings, oversize && view.isOver('REQUEST_HEADERS'));
    return sized ?? { values: [{ bytes: entries.map(([name]) => name).join(':') }] };
  },
  Headers: (settings) =>
    entriesField(
      settings,
      { entriesOf: (view) => view.headers, over: 'REQUEST_HEADERS' },
      'IncludedHeaders',
      'ExcludedHeaders',
    ),
  Cookies: (settings) =>
    entriesField(
      settings,
      { entriesOf: (view) => view.cookies, over: 'REQUEST_COOKIES' },
      'IncludedCookies',
      'ExcludedCookies',
    ),
  Body: (settings) => (view) => {
    const { bytes, oversize } = view.body;
    return handled(settings, oversize && view.isOver('REQUEST_BODY')) ?? some(bytes);
  },
  JsonBody: (settings) => (view) => {
    const { bytes, oversize } = view.body;
    const sized = handled(settings, oversize && view.isOver('REQUEST_JSON_BODY'));
    if (sized || bytes === '') return sized ?? NOTHING;
    return jsonContents(bytes, settings);
  },
};

function some(bytes: string): Contents {
  return bytes === '' ? NOTHING : { values: [{ bytes }] };
}

interface EntriesSource {
  readonly entriesOf: (view: RequestView) => Entries;
  readonly over: OversizeField;
}

function entriesField(
  settings: Json,
  { entriesOf, over }: EntriesSource,
  included: string,
  excluded: string,
): Read {
  const wanted = entryFilter(objectOf(settings['MatchPattern']), included, excluded);
  const scope = textOf(settings['MatchScope']) ?? 'ALL';

  return (view) => {
    const { entries, oversize } = entriesOf(view);
    const sized = handled(settings, oversize && view.isOver(over));
    if (sized) return sized;

    return {
      values: entries
        .filter(([name]) => wanted(name.toLowerCase()))
        .flatMap(([name, value]) => scoped(scope, name, value).map((bytes) => ({ bytes, name }))),
    };
  };
}

function entryFilter(pattern: Json, included: string, excluded: string): (name: string) => boolean {
  const lowered = (key: string) => new Set(listOf(pattern[key]).map((name) => String(name).toLowerCase()));
  if (isObject(pattern['All'])) return () => true;
  if (pattern[included]) {
    const names = lowered(included);
    return (name) => names.has(name);
  }
  const names = lowered(excluded);

  return (name) => !names.has(name);
}

/** The part of a name and a value that a match scope asks for. */
export function scoped(scope: string, name: string, value: string): string[] {
  if (scope === 'KEY') return [name];

  return scope === 'VALUE' ? [value] : [name, value];
}

/** What lies beyond WAF's sight decides, if the settings say so; else only what it sees counts. */
function handled({ OversizeHandling }: Json, oversize: boolean): Contents | undefined {
  if (!oversize) return undefined;
  if (OversizeHandling === 'MATCH') return { values: [], decided: true };

  return OversizeHandling === 'NO_MATCH' ? { values: [], decided: false } : undefined;
}
