import { isObject, type Json, listOf, objectOf, textOf } from '../template/read';
import { type Action, actionOf, COUNT } from './action';
import type { Compilation, Evaluation, Matcher } from './evaluation';
import type { Judgement, LocalRule } from './rule';
import { compileNested } from './statements/compile';
import type { RuleReport } from './trace';

/** A rule whose statement is a group. */
export interface GroupRule {
  readonly name: string;
  readonly metric: string;
  readonly rule: Json;
}

/** A group's rules run in its own namespace of labels; overrides say which of them only count. */
export function ruleGroup(
  { name, metric, rule }: GroupRule,
  reference: Json,
  compilation: Compilation,
  compile: (rules: unknown, compilation: Compilation) => readonly LocalRule[],
): LocalRule {
  const arn = textOf(reference['Arn']) ?? textOf(reference['ARN']) ?? '';
  const group = compilation.resource(arn);
  const inScope = scopeOf(reference, compilation);
  if (!group) {
    compilation.notRun.add(`rule group ${arn}`);
    return { name, metric, type: 'GROUP', judge: () => undefined };
  }
  const [, account, , groupName] = /:(\d+):regional\/(rulegroup)\/([^/]+)/.exec(arn) ?? [];
  const labelPrefix = `awswaf:${account ?? ''}:rulegroup:${groupName ?? name}:`;
  const rules = compile(group['Rules'], { ...compilation, labelPrefix });
  const settings = {
    id: arn,
    name,
    overrides: overriddenActions(reference),
    countsAll: countsAll(rule),
  };

  return {
    name,
    metric,
    type: 'GROUP',
    judge: (evaluation) => (inScope(evaluation) ? judgeGroup(rules, settings, evaluation) : undefined),
  };
}

/** Whether a request is in the scope of a group. */
export function scopeOf(group: Json, compilation: Compilation): Matcher {
  const scope = group['ScopeDownStatement'];

  return scope === undefined ? () => true : compileNested(scope, compilation);
}

/** Whether the web ACL lets the group as a whole only count. */
export function countsAll(rule: Json): boolean {
  return isObject(objectOf(rule['OverrideAction'])['Count']);
}

interface GroupSettings {
  readonly id: string;
  readonly name: string;
  readonly overrides: ReadonlyMap<string, Action>;
  readonly countsAll: boolean;
}

function judgeGroup(
  rules: readonly LocalRule[],
  settings: GroupSettings,
  evaluation: Evaluation,
): Judgement | undefined {
  const { id, name, overrides } = settings;
  const counted: RuleReport[] = [];
  const names = () => counted.map(({ ruleId }) => `${name}/${ruleId}`);
  for (const rule of rules) {
    const judged = rule.judge(evaluation);
    if (!judged) continue;
    const overridden = overrides.get(rule.name);
    const action = overridden ?? judged.action;
    const report = {
      ruleId: rule.name,
      action: action.kind,
      ...(overridden && { overriddenAction: judged.action.kind }),
      details: judged.details,
    };
    if (action.kind === 'COUNT') {
      counted.push(report);
      continue;
    }

    evaluation.trace.groups.push({ id, terminating: report, counted });
    const decided = { rule: `${name}/${rule.name}`, counted: names(), details: judged.details };
    return settings.countsAll
      ? { ...decided, action: COUNT, terminates: false }
      : { ...decided, action, terminates: true };
  }
  evaluation.trace.groups.push({ id, counted });

  return counted.length === 0
    ? undefined
    : { action: COUNT, rule: '', counted: names(), terminates: false, details: [] };
}

function overriddenActions({ RuleActionOverrides, ExcludedRules }: Json): ReadonlyMap<string, Action> {
  const excluded = listOf(ExcludedRules).map(
    (rule) => [textOf(objectOf(rule)['Name']) ?? '', COUNT] as const,
  );
  const overridden = listOf(RuleActionOverrides)
    .map(objectOf)
    .map(({ Name, ActionToUse }) => [textOf(Name) ?? '', actionOf(ActionToUse)] as const);

  return new Map([...excluded, ...overridden]);
}
