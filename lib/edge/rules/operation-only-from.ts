import type { EdgeRestriction } from '../edge-operation';
import { IpSetPair } from '../ip-set-pair';
import { parseNetworks } from '../networks';
import { inAnyWayTo } from '../operation-statement';
import type { RuleContext, RuleDraft } from '../rule-draft';
import { all, not } from '../statement';

/** Operations with a set of their own refuse callers outside of it; one rule for each set. */
export function operationOnlyFrom(context: RuleContext): RuleDraft[] {
  const bySet = new Map<string, EdgeRestriction[]>();
  for (const restriction of context.settings.restrictions) {
    bySet.set(restriction.networks, [...(bySet.get(restriction.networks) ?? []), restriction]);
  }

  return [...bySet].flatMap(([name, operations]) => onlySet(context, name, operations));
}

function onlySet(
  { settings, scope, at, problems }: RuleContext,
  name: string,
  operations: readonly EdgeRestriction[],
): RuleDraft[] {
  const networks = settings.networksByName.get(name);
  const target = inAnyWayTo(operations, settings.pathPrefixes);
  if (!networks || networks.length === 0 || !target) {
    problems.push({
      code: 'UNKNOWN_NETWORKS',
      at,
      message: `'${name}' is not in 'networks' or is empty, got ${JSON.stringify([...settings.networksByName.keys()])}`,
      remedy: `give the networks that may call ${operations.map(({ path }) => path).join(', ')}`,
    });
    return [];
  }
  const set = new IpSetPair(scope, `Networks-${name}`, parseNetworks(networks, at, problems));

  return [{ suffix: name, statement: all(target, not(set.matches())) }];
}
