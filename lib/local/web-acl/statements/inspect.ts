import { type Json, listOf, numberOf, objectOf, textOf } from '../../template/read';
import { type Compilation, invalid, type Matcher } from '../evaluation';
import { fieldOf } from '../fields';
import type { MatchDetail } from '../trace';
import { type Transformation, transformationOf } from '../transformations/transform';

/** True if some value of the statement's field, transformed, passes the test. */
export function inspect(
  statement: Json,
  compilation: Compilation,
  test: (bytes: string) => boolean,
): Matcher {
  const field = fieldOf(statement['FieldToMatch'], compilation.at, compilation.problems);
  const transform = transformation(statement['TextTransformations'], compilation);
  if (!transform) return () => false;

  return ({ view }) => {
    const { values, decided } = field(view);
    if (decided !== undefined) return decided;

    return values.some(({ bytes }) => test(transform(bytes)));
  };
}

/** What kind of attack a statement looks for. */
export interface Condition {
  readonly type: MatchDetail['conditionType'];
  readonly sensitivity?: string;
  /** What was matched, undefined where there is no attack. */
  readonly detect: (bytes: string) => readonly string[] | undefined;
}

/** As `inspect`, and the log tells what was found where. AWS stops at the first finding too. */
export function inspectInjection(
  statement: Json,
  compilation: Compilation,
  { type, sensitivity, detect }: Condition,
): Matcher {
  const field = fieldOf(statement['FieldToMatch'], compilation.at, compilation.problems);
  const transform = transformation(statement['TextTransformations'], compilation);
  if (!transform) return () => false;

  return ({ view, trace }) => {
    const { values, decided, location } = field(view);
    if (decided !== undefined) return decided;
    for (const { bytes, name } of values) {
      const matchedData = detect(transform(bytes));
      if (!matchedData) continue;
      trace.details.push({
        conditionType: type,
        ...(sensitivity !== undefined && { sensitivityLevel: sensitivity }),
        location,
        matchedData,
        ...(name !== undefined && { fieldName: name }),
        fieldValue: bytes,
      });
      return true;
    }

    return false;
  };
}

/** The transformations in the order of their priorities. */
export function transformation(given: unknown, compilation: Compilation): Transformation | undefined {
  const list = listOf(given).map(objectOf);
  const priorities = list.map(({ Priority }) => numberOf(Priority) ?? 0);
  const types = list
    .map(({ Type }, index) => ({ type: textOf(Type) ?? '', priority: priorities[index] ?? 0 }))
    .sort((left, right) => left.priority - right.priority)
    .map(({ type }) => type);
  const transform = types.length === 0 ? undefined : transformationOf(types);
  if (!transform || new Set(priorities).size !== priorities.length) {
    invalid(
      compilation,
      `TextTransformations needs known types at different priorities, got ${JSON.stringify(types)}`,
      "give at least { Priority: 0, Type: 'NONE' }",
    );
    return undefined;
  }

  return transform;
}
