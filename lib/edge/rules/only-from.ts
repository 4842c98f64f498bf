import { IpSetPair } from '../ip-set-pair';
import { parseNetworks } from '../networks';
import type { RuleContext, RuleDraft } from '../rule-draft';
import { not } from '../statement';

/** Callers in neither family's list are refused. */
export function onlyFrom({ settings, scope, at, problems }: RuleContext): RuleDraft[] {
  if (!settings.onlyFrom) return [];
  if (settings.onlyFrom.length === 0) {
    problems.push({
      code: 'NOBODY_ADMITTED',
      at,
      message: "'onlyFrom' is empty, so nobody could call",
      remedy: "list networks in 'onlyFrom' or leave it out",
    });
  }
  const networks = parseNetworks(settings.onlyFrom, at, problems);

  return [{ statement: not(new IpSetPair(scope, 'OnlyFrom', networks).matches()) }];
}
