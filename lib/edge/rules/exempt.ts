import { IpSetPair } from '../ip-set-pair';
import { parseNetworks } from '../networks';
import type { RuleContext, RuleDraft } from '../rule-draft';

/** Label that lets its bearer past one rule. */
export const exemptLabel = (rule: string): string => `secure-api-gateway:exempt:${rule}`;

/**
 * Callers some rules let pass get a label each for those rules. An allow rule would end the evaluation, and
 * let them past everything.
 */
export function exempt({ settings, scope, at, problems }: RuleContext): RuleDraft[] {
  return settings.exempt.map(({ networks, rules }, index) => {
    const addresses = parseNetworks(networks, at, problems);

    return {
      suffix: String(index + 1),
      statement: new IpSetPair(scope, `Exempt${index + 1}`, addresses).matches(),
      labels: rules.map(exemptLabel),
    };
  });
}
