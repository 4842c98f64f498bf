import { compileSchema, type Options } from './compile-schema';

export const V30: Options = { dialect: '3.0' };

export const CLOSED: Options = { ...V30, closed: true };

/** A schema, and values that its model must take and refuse. */
export interface Row {
  readonly options?: Options;
  readonly schema: object;
  readonly accepted: readonly unknown[];
  readonly refused: readonly unknown[];
  readonly codes?: readonly string[];
}

/** Holds the model of a schema to the values it must take and refuse. */
export function expectMeaning({ options, schema, accepted, refused, codes }: Row): void {
  const compiled = compileSchema(schema, options);

  expect(accepted.filter((value) => !compiled.accepts(value))).toEqual([]);
  expect(refused.filter((value) => compiled.accepts(value))).toEqual([]);
  if (codes) expect(compiled.codes.filter((code) => code !== 'UNBOUNDED')).toEqual(codes);
}
