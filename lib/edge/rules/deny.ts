import { IpSetPair } from '../ip-set-pair';
import { parseNetworks } from '../networks';
import type { RuleContext, RuleDraft } from '../rule-draft';

/** Listed networks are refused. */
export function deny({ settings, scope, at, problems }: RuleContext): RuleDraft[] {
  if (!settings.deny) return [];
  const networks = parseNetworks(settings.deny, at, problems);

  return [{ statement: new IpSetPair(scope, 'Deny', networks).matches() }];
}
