import type { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { blockWith } from './blocked-response';
import { EdgeRule } from './edge-rule';
import { isManagedGroup, type RuleContext, type RuleDraft } from './rule-draft';
import { RULES, type RuleKind } from './rule-table';
import { exemptLabel } from './rules/exempt';
import { all, hasLabel, not, type Statement } from './statement';

/** A rule with its place: what the template will hold, and what was thought up. */
export interface PlacedRule {
  readonly kind: RuleKind;
  readonly draft: RuleDraft;
  readonly name: string;
  readonly priority: number;
}

/** Label of every request a rule of ours matched, refused or not. */
export const ruleLabel = (rule: string): string => `secure-api-gateway:${rule}`;

/** Defines every rule that is asked for, with exemptions woven in, in the order of the table. */
export function placeRules(context: RuleContext, kinds: readonly RuleKind[] = RULES): PlacedRule[] {
  const exempted = new Set<string>(context.settings.exempt.flatMap(({ rules }) => rules));
  const defined = kinds.flatMap((kind) =>
    kind.define(context).map((draft) => ({
      kind,
      draft: exempted.has(kind.rule) ? withExemption(kind.rule, draft) : draft,
      name: [kind.rule, ...(draft.suffix ? [draft.suffix] : [])].join('-'),
    })),
  );

  return defined.map((rule, priority) => ({ ...rule, priority }));
}

/** The rule as the template has it. */
export function ruleProperty(
  { kind, draft, name, priority }: PlacedRule,
  counts: ReadonlySet<EdgeRule>,
): CfnWebACL.RuleProperty {
  const { statement } = draft;
  const common = {
    name,
    priority,
    visibilityConfig: {
      cloudWatchMetricsEnabled: true,
      metricName: metricName(kind.metric, draft.suffix),
      sampledRequestsEnabled: false,
    },
  };
  const counting = kind.answer === 'none' || counts.has(kind.rule);
  if (isManagedGroup(statement)) {
    const overrideAction = counting ? { count: {} } : { none: {} };
    return { ...common, statement: { managedRuleGroupStatement: statement }, overrideAction };
  }
  const block = draft.response ? blockWith(draft.response) : {};
  const labels = [ruleLabel(kind.rule), ...(draft.labels ?? [])];

  return {
    ...common,
    statement,
    action: counting ? { count: {} } : { block },
    ruleLabels: labels.map((label) => ({ name: label })),
  };
}

/** Rules that count: those named, or all of them. */
export function countingRules(observe: boolean, named: readonly EdgeRule[]): ReadonlySet<EdgeRule> {
  return new Set(observe ? Object.values(EdgeRule) : named);
}

function withExemption(rule: EdgeRule, draft: RuleDraft): RuleDraft {
  const subject = not(hasLabel(exemptLabel(rule)));
  const { statement } = draft;
  if (isManagedGroup(statement))
    return { ...draft, statement: { ...statement, scopeDownStatement: subject } };

  return { ...draft, statement: narrowed(statement, subject) };
}

/** A rate is narrowed inside: it cannot stand within And (aws-facts 7.7). */
function narrowed(statement: Statement, subject: Statement): Statement {
  const rate = statement.rateBasedStatement;
  if (!rate || !('limit' in rate)) return all(subject, statement);
  const scope = rate.scopeDownStatement;
  const scopeDownStatement = scope && !('resolve' in scope) ? all(subject, scope) : subject;

  return { rateBasedStatement: { ...rate, scopeDownStatement } };
}

/** Metric names have letters and digits only; a suffix is an IP set's name, a header's or a number. */
function metricName(metric: string, suffix = ''): string {
  const words = suffix.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');

  return metric + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
