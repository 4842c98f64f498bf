import { createHash } from 'node:crypto';

/** Marks the value of an API Gateway key as a plan's name, for the reader of a key listing. */
export const PLAN_KEY_PREFIX = 'plan';

/**
 * The synthesis-time half of a plan key's value: prefix and hash of the gateway's place in its stack and plan, 28
 * alphanumerics. The deploy-time half, the stack's unique id, is appended by the template, which makes the
 * value unique in account and region and 20 to 128 characters long (aws-facts 13.2).
 */
export function planKeyStem(place: string, plan: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([place, plan]))
    .digest('hex')
    .slice(0, 24);
  return `${PLAN_KEY_PREFIX}${hash}`;
}

/**
 * Value of a tenant's own plan key in a tier: the same whoever computes it, so that making it twice makes one. Two
 * stores in one account may have tenants of one name, so the table is part of it.
 */
export function tenantPlanKey(table: string, tenant: string, tier: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([table, tenant, tier]))
    .digest('hex');
  return `${PLAN_KEY_PREFIX}${hash}`;
}
