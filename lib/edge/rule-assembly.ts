import type { CfnRuleGroup, CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { blockedResponse } from './blocked-response';
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

/** The rule as a web ACL has it. */
export function ruleProperty(rule: PlacedRule, counts: ReadonlySet<EdgeRule>): CfnWebACL.RuleProperty {
  const { kind, draft } = rule;
  if (isManagedGroup(draft.statement)) {
    return {
      ...placeOf(rule),
      statement: { managedRuleGroupStatement: draft.statement },
      overrideAction: counts.has(kind.rule) ? { count: {} } : { none: {} },
    };
  }
  const block = draft.response ? { customResponse: blockedResponse(draft.response) } : {};

  return { ...ownRule(rule), action: countsOnly(kind, counts) ? { count: {} } : { block } };
}

/**
 * The rule as a rule group has it, whose actions are untyped in the L1 and not converted: their keys are in
 * Pascal case.
 */
export function groupRuleProperty(
  rule: PlacedRule,
  counts: ReadonlySet<EdgeRule>,
): CfnRuleGroup.RuleProperty {
  const { kind, draft } = rule;
  const block = draft.response ? { CustomResponse: inPascalCase(blockedResponse(draft.response)) } : {};

  return { ...ownRule(rule), action: countsOnly(kind, counts) ? { count: {} } : { block } };
}

function ownRule(rule: PlacedRule) {
  const { kind, draft } = rule;
  if (isManagedGroup(draft.statement)) throw new Error(`${rule.name} is AWS's`);
  const labels = [ruleLabel(kind.rule), ...(draft.labels ?? [])];

  return {
    ...placeOf(rule),
    statement: draft.statement,
    ruleLabels: labels.map((label) => ({ name: label })),
  };
}

function countsOnly({ rule, answer }: RuleKind, counts: ReadonlySet<EdgeRule>): boolean {
  return answer === 'none' || counts.has(rule);
}

/** Keys begin with a capital, however deep. */
function inPascalCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inPascalCase);
  if (typeof value !== 'object' || value === null) return value;

  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key.charAt(0).toUpperCase() + key.slice(1),
      inPascalCase(inner),
    ]),
  );
}

function placeOf({ kind, draft, name, priority }: PlacedRule) {
  return {
    name,
    priority,
    visibilityConfig: {
      cloudWatchMetricsEnabled: true,
      metricName: metricName(kind.metric, draft.suffix),
      sampledRequestsEnabled: false,
    },
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
