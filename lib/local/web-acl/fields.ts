import type { Problem } from '../../errors';
import { isObject, type Json, listOf, objectOf, textOf } from '../template/read';
import { jsonContents } from './json-body';
import { bytesOf, type Entries, type RequestView } from './request-view';

/** What a field holds of one request; `decided` where oversize or fallback handling settles the statement. */
export interface Contents {
  readonly values: readonly string[];
  readonly decided?: boolean;
}

/** Reads a field of a request. A request without it has no values, and its statement does not match. */
export type Field = (view: RequestView) => Contents;

const NOTHING: Contents = { values: [] };

/** Fields that WAF offers in front of CloudFront or load balancers only (aws-facts 7.8). */
const ELSEWHERE = ['JA3Fingerprint', 'JA4Fingerprint', 'UriFragment'];

/** The field a `FieldToMatch` names. */
export function fieldOf(fieldToMatch: unknown, at: string, problems: Problem[]): Field {
  const [[kind, settings] = ['', undefined], another] = Object.entries(objectOf(fieldToMatch));
  const field = another ? undefined : FIELDS[kind]?.(objectOf(settings));
  if (field) return field;

  problems.push({
    code: 'WAF_INVALID_PARAMETER',
    at,
    message: ELSEWHERE.includes(kind)
      ? `AWS WAF does not inspect ${kind} in front of API Gateway`
      : `FieldToMatch needs exactly one known field, got ${JSON.stringify(Object.keys(objectOf(fieldToMatch)))}`,
    remedy: 'inspect another part of the request',
  });

  return () => NOTHING;
}

const FIELDS: Readonly<Record<string, (settings: Json) => Field>> = {
  UriPath: () => (view) => some(bytesOf(view.request.path)),
  QueryString: () => (view) => some(bytesOf(view.request.rawQuery)),
  Method: () => (view) => some(bytesOf(view.request.method)),
  SingleHeader: ({ Name }) => {
    const name = (textOf(Name) ?? '').toLowerCase();
    return (view) => ({ values: view.valuesOf(name) });
  },
  SingleQueryArgument: ({ Name }) => {
    const name = (textOf(Name) ?? '').toLowerCase();
    return (view) => ({
      values: view.queryArguments.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value),
    });
  },
  AllQueryArguments: () => (view) => ({ values: view.queryArguments.map(([, value]) => value) }),
  HeaderOrder: (settings) => (view) => {
    const { entries, oversize } = view.headers;
    return handled(settings, oversize, () => [entries.map(([name]) => name).join(':')]);
  },
  Headers: (settings) => entriesField(settings, (view) => view.headers, 'IncludedHeaders', 'ExcludedHeaders'),
  Cookies: (settings) => entriesField(settings, (view) => view.cookies, 'IncludedCookies', 'ExcludedCookies'),
  Body: (settings) => (view) => {
    const { bytes, oversize } = view.body;
    return handled(settings, oversize, () => (bytes === '' ? [] : [bytes]));
  },
  JsonBody: (settings) => (view) => {
    const { bytes, oversize } = view.body;
    const sized = handled(settings, oversize, () => (bytes === '' ? [] : [bytes]));
    if (sized.decided !== undefined || sized.values.length === 0) return sized;
    return jsonContents(bytes, settings);
  },
};

function some(value: string): Contents {
  return value === '' ? NOTHING : { values: [value] };
}

function entriesField(
  settings: Json,
  entriesOf: (view: RequestView) => Entries,
  included: string,
  excluded: string,
): Field {
  const wanted = entryFilter(objectOf(settings['MatchPattern']), included, excluded);
  const scope = textOf(settings['MatchScope']) ?? 'ALL';

  return (view) => {
    const { entries, oversize } = entriesOf(view);
    return handled(settings, oversize, () =>
      entries
        .filter(([name]) => wanted(name.toLowerCase()))
        .flatMap(([name, value]) => scoped(scope, name, value)),
    );
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
function handled({ OversizeHandling }: Json, oversize: boolean, values: () => string[]): Contents {
  if (oversize && OversizeHandling === 'MATCH') return { values: [], decided: true };
  if (oversize && OversizeHandling === 'NO_MATCH') return { values: [], decided: false };

  return { values: values() };
}
