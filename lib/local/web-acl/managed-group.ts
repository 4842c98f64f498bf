import { type Json, textOf } from '../template/read';
import { COUNT } from './action';
import type { Compilation, Evaluation } from './evaluation';
import type { Judgement, LocalRule } from './rule';
import { countsAll, type GroupRule, scopeOf } from './rule-group';
import { type Finding, isStoodInFor, refusals } from './stand-in/groups';

/**
 * AWS's groups are the vendor's code: they match nothing here, and are named. With `--crs` the OWASP rules stand in
 * for those they can, at the place, in the scope and with the action override of the group.
 */
export function managedGroup(
  { name, metric, rule }: GroupRule,
  group: Json,
  compilation: Compilation,
): LocalRule {
  const groupName = textOf(group['Name']) ?? '';
  const version = textOf(group['Version']);
  const what = `managed group ${groupName}${version ? ` ${version}` : ''}`;
  const { standIn } = compilation;
  const inScope = scopeOf(group, compilation);
  const stoodIn = standIn !== undefined && isStoodInFor(groupName);
  compilation.notRun.add(stoodIn ? `${what} (${standIn} stands in for it)` : what);
  const counts = countsAll(rule);

  return {
    name,
    metric,
    type: 'MANAGED_RULE_GROUP',
    judge(evaluation) {
      if (!inScope(evaluation)) return undefined;
      const { finding, notEvaluated } = evaluation;
      if (!stoodIn || !finding) {
        notEvaluated.add(what);
        return undefined;
      }
      evaluation.stoodIn.add(groupName);

      return judgeFinding(evaluation, finding, { name, groupName, counts, standIn });
    },
  };
}

interface StoodInGroup {
  readonly name: string;
  readonly groupName: string;
  readonly counts: boolean;
  /** Who stands in. */
  readonly standIn: string;
}

function judgeFinding(
  { trace }: Evaluation,
  finding: Finding,
  { name, groupName, counts, standIn }: StoodInGroup,
): Judgement | undefined {
  const id = `AWS#${groupName}`;
  const by = refusals(finding, groupName);
  if (by.length === 0) {
    trace.groups.push({ id, counted: [] });
    return undefined;
  }
  trace.groups.push({
    id,
    terminating: { ruleId: `${standIn}: ${by.join(', ')}`, action: 'BLOCK', details: [] },
    counted: [],
  });
  const decided = { rule: `${name} (${standIn} in its place: ${by.join(', ')})`, counted: [], details: [] };

  return counts
    ? { ...decided, action: COUNT, terminates: false }
    : { ...decided, action: { kind: 'BLOCK' }, terminates: true };
}
