/** A schema as a model has it: JSON Schema draft 4, the keywords of `KEYWORDS` only. */
export interface Draft4 {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly items?: Draft4 | readonly Draft4[];
  readonly additionalItems?: Draft4 | false;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: true;
  readonly properties?: Readonly<Record<string, Draft4>>;
  readonly patternProperties?: Readonly<Record<string, Draft4>>;
  readonly additionalProperties?: Draft4 | false;
  readonly required?: readonly string[];
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly allOf?: readonly Draft4[];
  readonly anyOf?: readonly Draft4[];
  readonly oneOf?: readonly Draft4[];
  readonly not?: Draft4;
}

export const ANYTHING: Draft4 = Object.freeze({});
export const NOTHING: Draft4 = Object.freeze({ not: ANYTHING });

export const isAnything = (schema: Draft4): boolean => Object.keys(schema).length === 0;

export const isNothing = (schema: Draft4): boolean => schema.not !== undefined && isAnything(schema.not);

export const same = (one: Draft4, other: Draft4): boolean => JSON.stringify(one) === JSON.stringify(other);

// what these say depends on each other, so two schemas that both have one of them cannot become one
const UNITS: readonly (keyof Draft4)[][] = [
  ['properties', 'patternProperties', 'additionalProperties'],
  ['items', 'additionalItems'],
];

/** Accepts what all of `parts` accept, as one flat schema as far as their keywords do not collide. */
export function all(parts: readonly Draft4[]): Draft4 {
  const flat = unique(parts.flatMap(unfoldAll).filter((part) => !isAnything(part)));
  if (flat.some(isNothing)) return NOTHING;

  let merged: Draft4 = {};
  const rest: Draft4[] = [];
  for (const part of flat) {
    if (part.$ref === undefined && !collide(merged, part)) merged = { ...merged, ...part };
    else rest.push(part);
  }
  if (rest.length === 0) return merged;
  if (rest.length === 1 && rest[0] && isAnything(merged)) return rest[0];
  // a reference silences its siblings in draft 4, so it stands in a list of its own
  return { ...merged, allOf: rest };
}

/** Accepts what any of `parts` accepts. */
export function any(parts: readonly Draft4[]): Draft4 {
  if (parts.some(isAnything)) return ANYTHING;
  const alternatives = unique(
    parts
      .flatMap((part) => (onlyKey(part) === 'anyOf' ? (part.anyOf ?? []) : [part]))
      .filter((part) => !isNothing(part)),
  );
  if (alternatives.length === 0) return NOTHING;
  return alternatives.length === 1 && alternatives[0] ? alternatives[0] : { anyOf: alternatives };
}

/** Accepts what `schema` refuses. */
export function negation(schema: Draft4): Draft4 {
  if (isAnything(schema)) return NOTHING;
  if (isNothing(schema)) return ANYTHING;
  return onlyKey(schema) === 'not' && schema.not ? schema.not : { not: schema };
}

function unfoldAll(part: Draft4): readonly Draft4[] {
  const { allOf, ...rest } = part;
  return allOf ? [rest, ...allOf] : [part];
}

function collide(one: Draft4, other: Draft4): boolean {
  const keys = Object.keys(other) as (keyof Draft4)[];
  if (keys.some((key) => key in one)) return true;
  return UNITS.some((unit) => unit.some((key) => key in one) && unit.some((key) => key in other));
}

function onlyKey(schema: Draft4): string | undefined {
  const keys = Object.keys(schema);
  return keys.length === 1 ? keys[0] : undefined;
}

function unique(schemas: readonly Draft4[]): Draft4[] {
  const seen = new Map(schemas.map((schema) => [JSON.stringify(schema), schema]));
  return [...seen.values()];
}
