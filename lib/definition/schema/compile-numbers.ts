import { formatsOf, isEnumerated } from './compile-values';
import { type Draft4, negation } from './draft4';
import { numberAt } from './read-keyword';
import type { Scope } from './scope';
import type { Kind } from './types';

interface Bound {
  readonly value: number;
  readonly exclusive: boolean;
}

/** Bounds that a format gives a number. */
const FORMATS: Readonly<Record<string, readonly [number, number]>> = {
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int64: [-(2 ** 63), 2 ** 63],
};

const UNCHECKED_FORMATS = new Set(['float', 'double']);

/** Compiles the bounds of numbers. Draft 4 has exclusive bounds, but an import has not (4.10). */
export function compileNumber(scope: Scope, kinds: ReadonlySet<Kind>): void {
  if (!kinds.has('integer') && !kinds.has('fraction')) return;

  const lower = tightest(boundsAt(scope, 'minimum', 'exclusiveMinimum', 1), Math.max);
  const upper = tightest(boundsAt(scope, 'maximum', 'exclusiveMaximum', -1), Math.min);
  const whole = !kinds.has('fraction');
  if (lower) scope.add(...bound('minimum', lower, whole));
  if (upper) scope.add(...bound('maximum', upper, whole));

  for (const node of scope.nodes) {
    const multipleOf = numberAt(scope, node, 'multipleOf');
    if (multipleOf !== undefined && multipleOf > 0) scope.add({ multipleOf });
  }
  if (!(lower && upper) && !isEnumerated(scope))
    scope.findUnbounded(
      ['number', 'integer'],
      'a number without a lower and an upper bound',
      "add 'minimum' and 'maximum', or a format such as int32",
    );
}

function boundsAt(scope: Scope, inclusive: string, exclusive: string, sign: 1 | -1): Bound[] {
  const fromKeywords = scope.nodes.flatMap((node) => {
    const value = numberAt(scope, node, inclusive);
    const strict = node.value[exclusive];
    // draft 4 and 3.0 say by a flag what later drafts say by a number of its own
    const flagged = typeof strict === 'boolean';
    const own = flagged ? undefined : numberAt(scope, node, exclusive);
    return [
      ...(value === undefined ? [] : [{ value, exclusive: strict === true }]),
      ...(own === undefined ? [] : [{ value: own, exclusive: true }]),
    ];
  });
  const fromFormats = formatsOf(scope).flatMap(({ format }) => {
    const range = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
    return range ? [{ value: sign > 0 ? range[0] : range[1], exclusive: false }] : [];
  });
  return [...fromKeywords, ...fromFormats];
}

function tightest(bounds: readonly Bound[], pick: (...values: number[]) => number): Bound | undefined {
  if (bounds.length === 0) return undefined;
  const value = pick(...bounds.map((each) => each.value));
  return { value, exclusive: bounds.some((each) => each.value === value && each.exclusive) };
}

function bound(keyword: 'minimum' | 'maximum', { value, exclusive }: Bound, whole: boolean): Draft4[] {
  if (!exclusive) return [{ [keyword]: value }];
  if (whole && Number.isSafeInteger(Math.floor(value) + 1)) {
    return [{ [keyword]: keyword === 'minimum' ? Math.floor(value) + 1 : Math.ceil(value) - 1 }];
  }
  return [{ [keyword]: value }, negation({ type: 'number', enum: [value] })];
}

/** Whether this module has seen to a format. */
export const isNumberFormat = (format: string): boolean =>
  Object.hasOwn(FORMATS, format) || UNCHECKED_FORMATS.has(format);
