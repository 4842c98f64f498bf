import type { JsonType, ScalarType, StyledReading, ValueRule } from '../../protocol/parameter-rules';
import { asObject } from '../json-pointer';

type Definitions = Readonly<Record<string, ValueRule>>;
type Types = ReadonlySet<JsonType>;

const ALL: Types = new Set<JsonType>(['string', 'number', 'integer', 'boolean', 'null', 'array', 'object']);
const NONE: Types = new Set();

/** JSON types a value may have to satisfy the rule; too many rather than too few. */
export function typesOf(rule: ValueRule, definitions: Definitions): Types {
  return inspect(rule, definitions, ownTypes);
}

/** What a text of these types may stand for. */
export function scalars(types: Types): ScalarType[] {
  return [
    ...(types.has('string') ? ['string' as const] : []),
    ...(types.has('number') || types.has('integer') ? ['number' as const] : []),
    ...(types.has('boolean') ? ['boolean' as const] : []),
    ...(types.has('null') ? ['null' as const] : []),
  ];
}

/** How the elements of an array are read. */
export function readElements(
  rule: ValueRule,
  definitions: Definitions,
): Pick<StyledReading, 'items' | 'prefixItems'> {
  const prefix = longestPrefix(rule);
  const at = (index: number | undefined) => scalars(elementTypes(rule, definitions, index));
  return {
    items: at(undefined),
    ...(prefix > 0 ? { prefixItems: Array.from({ length: prefix }, (_, index) => at(index)) } : {}),
  };
}

/** How the properties of an object are read. */
export function readProperties(
  rule: ValueRule,
  definitions: Definitions,
): Pick<StyledReading, 'properties' | 'additional'> {
  const names = propertyNames(rule, definitions);
  const additional = propertyTypes(rule, definitions, undefined);
  return {
    properties: Object.fromEntries(
      [...names].map((name) => [name, scalars(propertyTypes(rule, definitions, name))]),
    ),
    ...(additional.size > 0 ? { additional: scalars(additional) } : {}),
  };
}

/** How the properties of an object are read that come only by the names the schema has, as cookies do. */
export function readNamedProperties(
  rule: ValueRule,
  definitions: Definitions,
): Required<Pick<StyledReading, 'properties'>> {
  const names = namesWithin(rule, definitions);
  return {
    properties: Object.fromEntries(
      [...names].map((name) => [name, scalars(propertyTypes(rule, definitions, name))]),
    ),
  };
}

/** Whether a schema says that properties may come which it does not name, and does not just leave it open. */
export function admitsOthers(
  rule: ValueRule,
  definitions: Definitions,
  seen: readonly string[] = [],
): boolean {
  if (rule.additional) return !rule.additional.never;
  if (rule.ref !== undefined) {
    const target = seen.includes(rule.ref) ? undefined : ownProperty(definitions, rule.ref);
    return target !== undefined && admitsOthers(target, definitions, [...seen, rule.ref]);
  }
  const parts = [...(rule.all ?? []), ...(rule.any ?? []), ...(rule.one ?? [])];
  return parts.some((part) => admitsOthers(part, definitions, seen));
}

/** Whether elements or properties can be arrays and objects only, which no style can carry. */
export function nests(rule: ValueRule, definitions: Definitions, reading: StyledReading): boolean {
  const unreadable = (types: Types) => types.size > 0 && scalars(types).length === 0;
  const positions = [undefined, ...(reading.prefixItems ?? []).keys()];
  const names = [...Object.keys(reading.properties ?? {}), ...(reading.additional ? [undefined] : [])];
  return (
    (reading.items !== undefined &&
      positions.some((index) => unreadable(elementTypes(rule, definitions, index)))) ||
    names.some((name) => unreadable(propertyTypes(rule, definitions, name)))
  );
}

function propertyTypes(rule: ValueRule, definitions: Definitions, name: string | undefined): Types {
  return inspect(
    rule,
    definitions,
    (each) => {
      const own = name === undefined ? undefined : ownProperty(each.properties, name);
      const types = own ?? each.additional;
      return types === undefined ? ALL : typesOf(types, definitions);
    },
    'object',
  );
}

function elementTypes(rule: ValueRule, definitions: Definitions, index: number | undefined): Types {
  return inspect(
    rule,
    definitions,
    (each) => {
      const prefixed = index === undefined ? undefined : each.prefixItems?.[index];
      const element = prefixed ?? each.items;
      return element === undefined ? ALL : typesOf(element, definitions);
    },
    'array',
  );
}

function ownTypes(rule: ValueRule): Types {
  const stated: Types = rule.type ? new Set(rule.type) : ALL;
  const widened = stated.has('number') ? new Set([...stated, 'integer' as const]) : stated;
  return rule.enum ? intersect(widened, new Set(rule.enum.flatMap(typesOfValue))) : widened;
}

/**
 * What `look` sees in a rule and in what is combined with it: all of `all`, any of `any` and `one`.
 * Alternatives that differ in kind (a string or an array) must not blur each other: where elements or properties
 * are looked at, those that cannot be of the `kind` that has them count for nothing.
 */
function inspect(
  rule: ValueRule,
  definitions: Definitions,
  look: (rule: ValueRule) => Types,
  kind?: 'array' | 'object',
  seen: readonly string[] = [],
): Types {
  if (rule.never) return NONE;
  if (rule.ref !== undefined) {
    const target = ownProperty(definitions, rule.ref);
    if (target === undefined || seen.includes(rule.ref)) return ALL;
    return inspect(target, definitions, look, kind, [...seen, rule.ref]);
  }
  const each = (part: ValueRule) => inspect(part, definitions, look, kind, seen);
  const counts = (part: ValueRule) => kind === undefined || typesOf(part, definitions).has(kind);
  const union = (parts: readonly ValueRule[]) =>
    new Set(parts.filter(counts).flatMap((part) => [...each(part)]));
  return [
    ...(rule.all ?? []).map(each),
    ...(rule.any ? [union(rule.any)] : []),
    ...(rule.one ? [union(rule.one)] : []),
  ].reduce(intersect, look(rule));
}

function propertyNames(rule: ValueRule, definitions: Definitions, seen: readonly string[] = []): Set<string> {
  if (rule.ref !== undefined) {
    const target = ownProperty(definitions, rule.ref);
    if (target === undefined || seen.includes(rule.ref)) return new Set();
    return propertyNames(target, definitions, [...seen, rule.ref]);
  }
  const parts = [...(rule.all ?? []), ...(rule.any ?? []), ...(rule.one ?? [])];
  return new Set([
    ...Object.keys(rule.properties ?? {}),
    ...parts.flatMap((part) => [...propertyNames(part, definitions, seen)]),
  ]);
}

/** Every name of a property that a schema has anywhere, also where it only demands or excludes it. */
function namesWithin(rule: ValueRule, definitions: Definitions, seen: readonly string[] = []): Set<string> {
  const target =
    rule.ref === undefined || seen.includes(rule.ref) ? undefined : ownProperty(definitions, rule.ref);
  const within = target && rule.ref ? namesWithin(target, definitions, [...seen, rule.ref]) : [];
  const parts = [
    ...(rule.all ?? []),
    ...(rule.any ?? []),
    ...(rule.one ?? []),
    ...(rule.not ? [rule.not] : []),
    ...Object.values(rule.choice ?? {}),
  ];
  return new Set([
    ...within,
    ...Object.keys(rule.properties ?? {}),
    ...(rule.required ?? []),
    ...(rule.enum ?? []).flatMap((value) => Object.keys(asObject(value) ?? {})),
    ...parts.flatMap((part) => [...namesWithin(part, definitions, seen)]),
  ]);
}

function longestPrefix(rule: ValueRule): number {
  const parts = [...(rule.all ?? []), ...(rule.any ?? []), ...(rule.one ?? [])];
  return Math.max(rule.prefixItems?.length ?? 0, ...parts.map(longestPrefix));
}

function typesOfValue(value: unknown): JsonType[] {
  if (value === null) return ['null'];
  if (Array.isArray(value)) return ['array'];
  if (typeof value === 'number') return ['number', 'integer'];
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'object') {
    return [typeof value as JsonType];
  }
  return [];
}

function intersect(a: Types, b: Types): Types {
  return new Set([...a].filter((type) => b.has(type)));
}

function ownProperty<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}
