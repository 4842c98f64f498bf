import { keyError } from './key-error';
import type { KeyRecord } from './key-record';
import type { KeyTable } from './key-table';
import type { TenantRecord } from './tenant-table';

/** Two people at most change one key at a time; more than that is somebody's mistake. */
const ATTEMPTS = 5;

/**
 * Copies a tenant's tier and plan key into its API keys, so that the authorizer reads one item. A key that was given a
 * tier of its own keeps it. Tells how many were changed.
 */
export async function passOnPlan(table: KeyTable, owner: TenantRecord): Promise<number> {
  let changed = 0;
  for await (const page of table.pages(owner.tenant)) {
    for (const { id, status } of page) {
      if (status !== 'revoked' && (await passOnTo(id, table, owner))) changed += 1;
    }
  }
  return changed;
}

async function passOnTo(id: string, table: KeyTable, owner: TenantRecord): Promise<boolean> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    // the index does not tell the plan key, and is late
    const key = await table.find(id);
    if (!key || isUpToDate(key, owner)) return false;

    const { tier, planKey, activeAfter } = owner;
    const done = await table.change(id, {
      set: {
        tier,
        ...(planKey !== undefined && { planKey }),
        ...(activeAfter !== undefined && { activeAfter }),
      },
      remove: [
        ...(planKey === undefined ? ['planKey'] : []),
        ...(activeAfter === undefined ? ['activeAfter'] : []),
      ],
      when: { status: key.status, tier: key.tier, planKey: key.planKey },
    });
    if (done) return true;
  }
  throw keyError('KEY_CHANGED', id, 'this key changes all the time', 'run `tenants repair` when it is quiet');
}

function isUpToDate(key: KeyRecord, { tier, oldTier, planKey, activeAfter }: TenantRecord): boolean {
  const isTenants = key.tier === undefined || key.tier === tier || key.tier === oldTier;
  if (key.status === 'revoked' || !isTenants) return true;
  return key.tier === tier && key.planKey === planKey && key.activeAfter === activeAfter;
}
