import { type Json, listOf, objectOf, textOf } from '../template/read';
import type { ActionKind } from './action';

/** What of a judged request filters look at. */
export interface Filtered {
  readonly action: ActionKind;
  readonly counted: readonly unknown[];
  readonly labels: readonly string[];
}

type Kept = (judged: Filtered) => boolean;

/** Filters in order, the first that applies deciding; else the default. */
export function logFilter(filter: Json): Kept {
  const filters = listOf(filter['Filters']).map(objectOf);
  const byDefault = filter['DefaultBehavior'] !== 'DROP';
  const compiled = filters.map(({ Behavior, Requirement, Conditions }) => {
    const conditions = listOf(Conditions).map((condition) => conditionOf(objectOf(condition)));
    return {
      keeps: Behavior === 'KEEP',
      applies: (judged: Filtered) =>
        Requirement === 'MEETS_ALL'
          ? conditions.every((holds) => holds(judged))
          : conditions.some((holds) => holds(judged)),
    };
  });

  return (judged) => compiled.find(({ applies }) => applies(judged))?.keeps ?? byDefault;
}

function conditionOf({ ActionCondition, LabelNameCondition }: Json): Kept {
  const action = textOf(objectOf(ActionCondition)['Action']);
  const label = textOf(objectOf(LabelNameCondition)['LabelName']);
  if (label !== undefined) return ({ labels }) => labels.includes(label);

  return (judged) => (action === 'COUNT' ? judged.counted.length > 0 : judged.action === action);
}
