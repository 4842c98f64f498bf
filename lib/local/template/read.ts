/** An object of a template, not yet looked into. */
export type Json = Readonly<Record<string, unknown>>;

/** Stands for `AWS::NoValue`: what holds it is left out. */
export const NO_VALUE = Symbol('AWS::NoValue');

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value if it is an object, else an empty one: templates leave out what is not set. */
export function objectOf(value: unknown): Json {
  return isObject(value) ? value : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** CloudFormation takes numbers written as text, too. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

export function flagOf(value: unknown): boolean {
  return value === true || value === 'true';
}

/** An object of texts: other scalars are written out, the rest is left out. */
export function textsOf(value: unknown): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [key, item] of Object.entries(objectOf(value))) {
    if (typeof item === 'string') texts[key] = item;
    else if (typeof item === 'number' || typeof item === 'boolean') texts[key] = String(item);
  }
  return texts;
}
