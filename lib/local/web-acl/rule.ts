import { isObject, type Json, listOf, numberOf, objectOf, textOf } from '../template/read';
import { type Action, actionOf } from './action';
import type { Compilation, Evaluation, Matcher } from './evaluation';
import { managedGroup } from './managed-group';
import { checkQuotas } from './quotas';
import { ruleGroup } from './rule-group';
import { compileStatement } from './statements/compile';
import type { MatchDetail } from './trace';

export type RuleType = 'REGULAR' | 'RATE_BASED' | 'GROUP' | 'MANAGED_RULE_GROUP';

/** One rule, ready to judge. */
export interface LocalRule {
  readonly name: string;
  readonly metric: string;
  readonly type: RuleType;
  /** What it does to a request: undefined if it does not match. */
  readonly judge: (evaluation: Evaluation) => Judgement | undefined;
}

export interface Judgement {
  readonly action: Action;
  /** The rule that matched, with its group before it: `group/rule`; '' where rules of a group only counted. */
  readonly rule: string;
  /** Rules of a group that only counted on the way. */
  readonly counted: readonly string[];
  /** A counting rule does not end the evaluation. */
  readonly terminates: boolean;
  /** What it found, where it looks for injection. */
  readonly details: readonly MatchDetail[];
}

/** The rules in the order of their priorities. */
export function compileRules(rules: unknown, compilation: Compilation, isGroup = false): LocalRule[] {
  const all = listOf(rules).map(objectOf);
  checkQuotas(all, compilation, isGroup);

  return all
    .sort((left, right) => (numberOf(left['Priority']) ?? 0) - (numberOf(right['Priority']) ?? 0))
    .map((rule) => compileRule(rule, compilation, isGroup));
}

function compileRule(rule: Json, compilation: Compilation, isGroup: boolean): LocalRule {
  const name = textOf(rule['Name']) ?? '';
  const metric = textOf(objectOf(rule['VisibilityConfig'])['MetricName']) ?? name;
  const statement = objectOf(rule['Statement']);
  const own = { ...compilation, at: `${compilation.at}/${name}`, rule: name };
  const managed = statement['ManagedRuleGroupStatement'];
  const group = statement['RuleGroupReferenceStatement'];
  if (!isGroup && isObject(managed)) return managedGroup({ name, metric, rule }, managed, own);
  if (!isGroup && isObject(group)) {
    return ruleGroup({ name, metric, rule }, group, own, (rules, inGroup) =>
      compileRules(rules, inGroup, true),
    );
  }

  const matches = compileStatement(statement, own);
  const action = actionOf(rule['Action']);
  const labels = listOf(rule['RuleLabels']).map(
    (label) => `${own.labelPrefix}${textOf(objectOf(label)['Name']) ?? ''}`,
  );
  const type = statement['RateBasedStatement'] ? 'RATE_BASED' : 'REGULAR';

  return { name, metric, type, judge: judgeBy(matches, { name, action, labels }) };
}

function judgeBy(
  matches: Matcher,
  { name, action, labels }: { name: string; action: Action; labels: readonly string[] },
): LocalRule['judge'] {
  const judgement = { action, rule: name, counted: [], terminates: action.kind !== 'COUNT' };

  return (evaluation) => {
    const matched = matches(evaluation);
    const details = evaluation.trace.takeDetails();
    if (!matched) return undefined;
    for (const label of labels) evaluation.labels.add(label);

    return { ...judgement, details };
  };
}
