/** What a JSON value can be; numbers are told apart by whether they are whole, because `integer` does. */
export type Kind = 'null' | 'boolean' | 'object' | 'array' | 'string' | 'integer' | 'fraction';

export const KINDS: readonly Kind[] = ['null', 'boolean', 'object', 'array', 'string', 'integer', 'fraction'];

const KINDS_OF_TYPE: Readonly<Record<string, readonly Kind[]>> = {
  null: ['null'],
  boolean: ['boolean'],
  object: ['object'],
  array: ['array'],
  string: ['string'],
  integer: ['integer'],
  number: ['integer', 'fraction'],
};

/** Kinds that a `type` keyword admits, or undefined if it is not one. */
export function kindsOf(type: unknown): Kind[] | undefined {
  const names: unknown[] = Array.isArray(type) ? type : [type];
  const kinds = names.map((name) =>
    typeof name === 'string' && Object.hasOwn(KINDS_OF_TYPE, name) ? KINDS_OF_TYPE[name] : undefined,
  );
  return kinds.every((each) => each !== undefined) ? kinds.flat() : undefined;
}

export function kindOf(value: unknown): Kind {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  switch (typeof value) {
    case 'number':
      return Number.isInteger(value) ? 'integer' : 'fraction';
    case 'string':
      return 'string';
    case 'boolean':
      return 'boolean';
    default:
      return 'object';
  }
}

/** Names of draft-4 types that together admit exactly `kinds`, `null` left out. */
export function typesOf(kinds: ReadonlySet<Kind>): string[] {
  const types = KINDS.filter((kind) => kinds.has(kind) && kind !== 'null' && kind !== 'fraction').map(String);
  return kinds.has('fraction') ? [...types.filter((type) => type !== 'integer'), 'number'] : types;
}

/** Whether two JSON values are equal, whatever the order of their members. */
export function equal(one: unknown, other: unknown): boolean {
  return canonical(one) === canonical(other);
}

/** The same text for equal values. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
