import { isObject, type Json, listOf, numberOf, objectOf, textOf } from '../template/read';
import type { Compilation, Evaluation, Matcher } from './evaluation';
import { compileNested, compileStatement } from './statements/compile';

export type ActionKind = 'ALLOW' | 'BLOCK' | 'COUNT' | 'CAPTCHA' | 'CHALLENGE';

/** What a rule does with a request it matches. */
export interface Action {
  readonly kind: ActionKind;
  readonly customResponse?: Json;
}

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
}

/** The rules in the order of their priorities. */
export function compileRules(rules: unknown, compilation: Compilation, isGroup = false): LocalRule[] {
  return listOf(rules)
    .map(objectOf)
    .sort((left, right) => (numberOf(left['Priority']) ?? 0) - (numberOf(right['Priority']) ?? 0))
    .map((rule) => compileRule(rule, compilation, isGroup));
}

function compileRule(rule: Json, compilation: Compilation, isGroup: boolean): LocalRule {
  const name = textOf(rule['Name']) ?? '';
  const metric = textOf(objectOf(rule['VisibilityConfig'])['MetricName']) ?? name;
  const statement = objectOf(rule['Statement']);
  const own = { ...compilation, at: `${compilation.at}/${name}` };
  const managed = statement['ManagedRuleGroupStatement'];
  const group = statement['RuleGroupReferenceStatement'];
  if (!isGroup && isObject(managed)) return managedGroup(name, metric, managed, own);
  if (!isGroup && isObject(group)) return ruleGroup({ name, metric, rule }, group, own);

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
    if (!matches(evaluation)) return undefined;
    for (const label of labels) evaluation.labels.add(label);

    return judgement;
  };
}

/** AWS's groups are the vendor's code: they are named, and match nothing here. */
function managedGroup(name: string, metric: string, group: Json, { notRun }: Compilation): LocalRule {
  const version = textOf(group['Version']);
  const what = `managed group ${textOf(group['Name'])}${version ? ` ${version}` : ''}`;
  notRun.add(what);

  return {
    name,
    metric,
    type: 'MANAGED_RULE_GROUP',
    judge({ notEvaluated }) {
      notEvaluated.add(what);
      return undefined;
    },
  };
}

interface GroupRule {
  readonly name: string;
  readonly metric: string;
  readonly rule: Json;
}

/** A group's rules run in its own namespace of labels; overrides say which of them only count. */
function ruleGroup({ name, metric, rule }: GroupRule, reference: Json, compilation: Compilation): LocalRule {
  const arn = textOf(reference['Arn']) ?? textOf(reference['ARN']) ?? '';
  const group = compilation.resource(arn);
  const scope = reference['ScopeDownStatement'];
  const inScope = scope === undefined ? () => true : compileNested(scope, compilation);
  if (!group) {
    compilation.notRun.add(`rule group ${arn}`);
    return { name, metric, type: 'GROUP', judge: () => undefined };
  }
  const [, account, , groupName] = /:(\d+):regional\/(rulegroup)\/([^/]+)/.exec(arn) ?? [];
  const labelPrefix = `awswaf:${account ?? ''}:rulegroup:${groupName ?? name}:`;
  const overrides = overriddenActions(reference);
  const rules = compileRules(group['Rules'], { ...compilation, labelPrefix }, true);
  const countsAll = isObject(objectOf(rule['OverrideAction'])['Count']);

  return {
    name,
    metric,
    type: 'GROUP',
    judge: (evaluation) =>
      inScope(evaluation) ? judgeGroup(rules, { name, overrides, countsAll }, evaluation) : undefined,
  };
}

interface GroupSettings {
  readonly name: string;
  readonly overrides: ReadonlyMap<string, Action>;
  readonly countsAll: boolean;
}

function judgeGroup(
  rules: readonly LocalRule[],
  { name, overrides, countsAll }: GroupSettings,
  evaluation: Evaluation,
): Judgement | undefined {
  const counted: string[] = [];
  for (const rule of rules) {
    const judged = rule.judge(evaluation);
    if (!judged) continue;
    const action = overrides.get(rule.name) ?? judged.action;
    if (action.kind === 'COUNT') {
      counted.push(`${name}/${rule.name}`);
      continue;
    }
    if (countsAll)
      return { action: { kind: 'COUNT' }, rule: `${name}/${rule.name}`, counted, terminates: false };

    return { action, rule: `${name}/${rule.name}`, counted, terminates: true };
  }

  return counted.length === 0
    ? undefined
    : { action: { kind: 'COUNT' }, rule: '', counted, terminates: false };
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

const COUNT: Action = { kind: 'COUNT' };

const KINDS: Readonly<Record<string, ActionKind>> = {
  Allow: 'ALLOW',
  Block: 'BLOCK',
  Count: 'COUNT',
  Captcha: 'CAPTCHA',
  Challenge: 'CHALLENGE',
};

/** The action a template gives; one that is none blocks, which is the cautious reading. */
export function actionOf(given: unknown): Action {
  const [[key, settings] = ['Block', {}]] = Object.entries(objectOf(given));
  const customResponse = objectOf(settings)['CustomResponse'];

  return { kind: KINDS[key] ?? 'BLOCK', ...(isObject(customResponse) && { customResponse }) };
}
