import { asObject, member } from '../json-pointer';

const REFERENCE = '#/components/schemas/';

/** Name of the schema of `null`, which is a model of its own. */
const NULL = /^Null\d*$/;

const DEEPEST = 2;

const COMBINED = {
  allOf: { before: 'all of ', between: ' and ' },
  anyOf: { before: 'any of ', between: ' or ' },
  oneOf: { before: 'exactly one of ', between: ' or ' },
};

type Models = Readonly<Record<string, unknown>>;

/** What API Gateway checks of a body against a model: one line for each field, one for what is not named. */
export function describeModel(model: unknown, models: Models): string[] {
  const schema = target(model, models);
  const properties = asObject(member(schema, 'properties'));
  if (!properties) return [describeSchema(model, models)];

  const required: unknown = member(schema, 'required');
  const fields = Object.entries(properties).map(([name, property]) => {
    const optional = Array.isArray(required) && required.includes(name) ? '' : ' (optional)';
    return `field ${name}${optional}: ${describeSchema(property, models)}`;
  });
  const rest = otherKeywords(schema, models, DEEPEST);
  return [
    ...fields,
    ...(member(schema, 'additionalProperties') === false ? ['no other field'] : []),
    ...(rest === '' ? [] : [rest]),
  ];
}

function describeSchema(given: unknown, models: Models, depth = DEEPEST): string {
  const name = referenceOf(given);
  const schema = target(given, models);
  if (name !== undefined && NULL.test(name)) return 'null';
  const parts = [
    member(schema, 'properties') ? `object${name ? ` as ${name}` : ''}` : member(schema, 'type'),
    ...['enum', 'format', 'pattern'].map((key) => keyword(schema, key)),
    bounds(schema, 'length', 'minLength', 'maxLength'),
    bounds(schema, 'value', 'minimum', 'maximum'),
    elements(member(schema, 'items'), models),
    otherKeywords(schema, models, depth),
  ].filter((part) => typeof part === 'string' && part !== '');
  return parts.join(', ') || (name ? `as ${name}` : 'anything');
}

/** A list of itself is named, not unfolded. */
function elements(items: unknown, models: Models): string | undefined {
  if (items === undefined) return undefined;
  const name = referenceOf(items);
  return `each (${name === undefined ? describeSchema(items, models) : `as ${name}`})`;
}

function otherKeywords(schema: unknown, models: Models, depth: number): string {
  const combined = Object.entries(COMBINED).flatMap(([key, words]) => {
    const parts = member(schema, key);
    return Array.isArray(parts) ? [combine(parts, words, models, depth)] : [];
  });
  const negated = member(schema, 'not');
  const counts = ['multipleOf', 'uniqueItems', 'minProperties', 'maxProperties']
    .filter((key) => member(schema, key) !== undefined)
    .map((key) => (typeof member(schema, key) === 'number' ? `${key} ${member(schema, key)}` : key));
  return [
    ...combined,
    ...(negated === undefined ? [] : [combine([negated], { before: 'not ', between: '' }, models, depth)]),
    ...counts,
  ].join(', ');
}

/** Schemas within schemas are described only so deep that the line stays one to read. */
function combine(
  parts: readonly unknown[],
  { before, between }: { readonly before: string; readonly between: string },
  models: Models,
  depth: number,
): string {
  const described = parts.map((part) => {
    const name = referenceOf(part);
    if (depth === 0) return name === undefined ? 'something else' : `as ${name}`;
    return describeSchema(part, models, depth - 1);
  });
  return before + described.map((text) => `(${text})`).join(between);
}

function keyword(schema: unknown, key: string): string | undefined {
  const value = member(schema, key);
  if (value === undefined) return undefined;
  return Array.isArray(value)
    ? `one of ${value.map((item) => JSON.stringify(item)).join(' ')}`
    : `${key} ${value}`;
}

function bounds(schema: unknown, what: string, lower: string, upper: string): string | undefined {
  const from = member(schema, lower);
  const to = member(schema, upper);
  if (from === undefined && to === undefined) return undefined;
  if (to === undefined) return `${what} at least ${from}`;
  return from === undefined ? `${what} at most ${to}` : `${what} ${from} to ${to}`;
}

function referenceOf(schema: unknown): string | undefined {
  const reference = member(schema, '$ref');
  return typeof reference === 'string' && reference.startsWith(REFERENCE)
    ? reference.slice(REFERENCE.length)
    : undefined;
}

/** One step only: a model that refers to itself is named, not unfolded. */
function target(schema: unknown, models: Models): unknown {
  const name = referenceOf(schema);
  return name === undefined ? schema : member(models, name);
}
