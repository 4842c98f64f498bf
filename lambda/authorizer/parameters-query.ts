import {
  type ParameterRule,
  type SpreadReading,
  sentNames,
  spreadReading,
} from '../../lib/protocol/parameter-rules';
import type { ParameterRequest } from './parameters';
import type { Member } from './parameters-styles';

type Query = ParameterRequest['query'];

/** Whether a rule's properties are query parameters named `name[property]`. */
export function isDeepObject({ in: place, reading }: ParameterRule): boolean {
  return place === 'query' && reading?.style === 'deepObject';
}

/** Whether the document declares a query parameter, for one operation. */
export function prepareQueryNames(rules: readonly ParameterRule[]): (name: string) => boolean {
  const query = rules.filter((rule) => rule.in === 'query');
  const names = new Set(query.flatMap(sentNames));
  const deep = query.filter(isDeepObject).map(({ name }) => `${name}[`);
  if (query.some((rule) => spreadReading(rule)?.additional)) return () => true;
  if (deep.length === 0) return (name) => names.has(name);
  return (name) => names.has(name) || deep.some((prefix) => name.startsWith(prefix));
}

/** How the properties of an object are found in a request. */
export interface Spread<Source> {
  readonly isThere: (source: Source) => boolean;
  readonly pick: (source: Source) => SpreadMembers;
}

/** Finds the properties of an exploded object in the query. */
export function prepareSpread(
  rule: ParameterRule,
  reading: SpreadReading,
  rules: readonly ParameterRule[],
): Spread<Query> {
  const others = rules.filter((other) => other !== rule && other.in === 'query');
  const taken = new Set(others.flatMap(sentNames));
  const deep = others.filter(isDeepObject).map(({ name }) => `${name}[`);
  const isOurs = (name: string) =>
    Object.hasOwn(reading.properties, name) ||
    (reading.additional !== undefined && !taken.has(name) && !deep.some((prefix) => name.startsWith(prefix)));
  return {
    isThere: (query) => Object.keys(query).some(isOurs),
    pick: (query) => collect(query, (name) => (isOurs(name) ? name : undefined)),
  };
}

/** Finds `name[property]` in the query. */
export function prepareDeep(rule: ParameterRule): Spread<Query> {
  const prefix = `${rule.name}[`;
  const isOurs = (name: string) => name.startsWith(prefix);
  return {
    isThere: (query) => Object.keys(query).some(isOurs),
    pick: (query) =>
      collect(query, (name) => {
        if (!isOurs(name)) return undefined;
        const property = name.slice(prefix.length, -1);
        // `a[b][c]` and `a[b` are no style of OpenAPI's
        return name.endsWith(']') && !/[[\]]/.test(property) ? property : MALFORMED;
      }),
  };
}

/** Texts of an object's properties, or what is wrong with their names. */
export type SpreadMembers = readonly Member[] | 'REPEATED' | 'MALFORMED';

const MALFORMED = Symbol('no name of a property');

function collect(
  query: Query,
  property: (name: string) => string | undefined | typeof MALFORMED,
): SpreadMembers {
  const members: Member[] = [];
  for (const name of Object.keys(query)) {
    const key = property(name);
    if (key === undefined) continue;
    if (key === MALFORMED) return 'MALFORMED';
    const values = query[name] ?? [];
    if (values.length > 1) return 'REPEATED';
    members.push([key, values[0] ?? '']);
  }
  return members;
}
