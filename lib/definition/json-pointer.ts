/** The reference tokens of a JSON Pointer (RFC 6901); undefined if it is none. */
export function pointerTokens(pointer: string): string[] | undefined {
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) return undefined;

  return pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** A JSON Pointer one step further down. */
export function pointerBelow(pointer: string, key: string | number): string {
  const special = typeof key === 'string' && (key.includes('~') || key.includes('/'));
  return `${pointer}/${special ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key}`;
}

/** A member of an object or an element of an array; undefined where there is none. Inherited members are none. */
export function member(value: unknown, key: string | number): unknown {
  if (typeof value !== 'object' || value === null) return undefined;

  return Object.hasOwn(value, key) ? (value as Record<string | number, unknown>)[key] : undefined;
}

/** Whether the value has members: an object or an array. */
export function isComposite(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** The value as an object; undefined for arrays and all else. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}
