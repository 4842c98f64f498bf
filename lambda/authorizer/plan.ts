import type { PlanKeys } from '../../lib/protocol/authorizer-configuration';
import type { Caller } from './caller';

/**
 * The plan a caller is counted under: its own, else its tier's shared one, else that of callers without tier. `now` in
 * milliseconds.
 *
 * A plan key that API Gateway may not know yet would be refused as a broken contract; the tier's serves
 * meanwhile.
 */
export function selectPlan(
  { planKey, activeAfter = 0, tier }: Caller,
  keys: PlanKeys,
  now: () => number,
): string {
  if (planKey !== undefined && now() / 1000 >= activeAfter) return planKey;
  if (tier === undefined) return keys.authenticated;

  const shared = Object.hasOwn(keys.tiers, tier) ? keys.tiers[tier] : undefined;
  if (shared === undefined) throw new Error(`tier ${tier} has no plan`);
  return shared;
}
