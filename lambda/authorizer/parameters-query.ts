import { type ParameterRule, type StyledReading, styleOf } from '../../lib/protocol/parameter-rules';
import type { ParameterRequest } from './parameters';
import type { Member } from './parameters-styles';

type Query = ParameterRequest['query'];

/** Where the properties of an object are query parameters of their own. */
export type SpreadReading = StyledReading & { readonly properties: NonNullable<StyledReading['properties']> };

/** The reading of a rule whose properties are query parameters of their own names. */
export function explodedObject({ in: place, reading }: ParameterRule): SpreadReading | undefined {
  if (place !== 'query' || !reading || reading.style === 'json') return undefined;
  const { style, explode } = styleOf(place, reading);
  const { properties } = reading;
  return style === 'form' && explode && properties ? { ...reading, properties } : undefined;
}

/** Whether a rule's properties are query parameters named `name[property]`. */
export function isDeepObject({ in: place, reading }: ParameterRule): boolean {
  return place === 'query' && reading?.style === 'deepObject';
}

/** Whether the document declares a query parameter, for one operation. */
export function prepareQueryNames(rules: readonly ParameterRule[]): (name: string) => boolean {
  const query = rules.filter((rule) => rule.in === 'query');
  const names = declaredNames(query);
  const deep = query.filter(isDeepObject).map(({ name }) => `${name}[`);
  if (query.some((rule) => explodedObject(rule)?.additional)) return () => true;
  if (deep.length === 0) return (name) => names.has(name);
  return (name) => names.has(name) || deep.some((prefix) => name.startsWith(prefix));
}

/** Picks the properties of an exploded object out of the query. */
export function prepareSpread(
  rule: ParameterRule,
  reading: SpreadReading,
  rules: readonly ParameterRule[],
): (query: Query) => SpreadMembers {
  const others = rules.filter((other) => other !== rule && other.in === 'query');
  const taken = declaredNames(others);
  const deep = others.filter(isDeepObject).map(({ name }) => `${name}[`);
  const isOurs = (name: string) =>
    Object.hasOwn(reading.properties, name) ||
    (reading.additional !== undefined && !taken.has(name) && !deep.some((prefix) => name.startsWith(prefix)));
  return (query) => collect(query, (name) => (isOurs(name) ? name : undefined));
}

/** Picks `name[property]` out of the query. */
export function prepareDeep(rule: ParameterRule): (query: Query) => SpreadMembers {
  const prefix = `${rule.name}[`;
  return (query) =>
    collect(query, (name) => {
      if (!name.startsWith(prefix)) return undefined;
      const property = name.slice(prefix.length, -1);
      // `a[b][c]` and `a[b` are no style of OpenAPI's
      return name.endsWith(']') && !/[[\]]/.test(property) ? property : MALFORMED;
    });
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

function declaredNames(rules: readonly ParameterRule[]): ReadonlySet<string> {
  return new Set(
    rules.flatMap((rule) => {
      const reading = explodedObject(rule);
      if (isDeepObject(rule)) return [];
      const alone = reading && !reading.scalar && !reading.items;
      return [...(alone ? [] : [rule.name]), ...Object.keys(reading?.properties ?? {})];
    }),
  );
}
