import { tenantPlanKey } from '../protocol/plan-keys';
import { keyError } from './key-error';
import { checkNames } from './key-order';
import type { KeyTable } from './key-table';
import { passOnPlan } from './pass-on-plan';
import type { NamedKey, PlanControl } from './plan-control';
import type { TenantRecord } from './tenant-table';

/** How long API Gateway may take to know a key (aws-facts 13.3). */
export const ACTIVATION_SECONDS = 120;

/** Writes reach their readers late: what was read just before a change may still be on its way. */
const MARGIN_SECONDS = 30;

export interface TenantsOptions {
  readonly table: KeyTable;
  readonly control: PlanControl;
  /** Ids of a tier's usage plans, one for each gateway that reads the table. */
  readonly plansOf: (tier: string) => readonly string[];
  /** How long an authorizer may remember what is stored. */
  readonly rememberedSeconds: number;
  /** Seconds of Unix time. */
  readonly now: () => number;
  readonly waitUntil: (seconds: number) => Promise<void>;
}

/**
 * Tenants, their tiers, and the keys by which API Gateway counts them.
 *
 * Every step is a conditional write to a single item, or a call that may be repeated; the tenant's item says how far
 * it is. Whatever is interrupted goes on when the same command, or `repair`, is run again.
 */
export class Tenants {
  constructor(private readonly options: TenantsOptions) {}

  /**
   * A tenant with a plan key of its own; the tier's shared one serves until API Gateway knows it.
   *
   * @throws GatewayConfigurationError if it is in another tier already.
   */
  public async create(tenant: string, tier: string): Promise<TenantRecord> {
    const { table, plansOf, now } = this.options;
    checkNames('tenants create', { tenant, tier });
    plansOf(tier);
    await table.tenants.add({ tenant, tier, createdAt: now() });
    const stored = await this.show(tenant);
    if (stored.tier === tier && stored.nextTier === undefined) return this.restore(stored);
    throw keyError(
      'TENANT_EXISTS',
      tenant,
      `this tenant is in tier ${JSON.stringify(stored.tier)} already`,
      'move it by `tenants set-tier`',
    );
  }

  /** Moves a tenant, without a moment in which it is refused. Takes minutes: API Gateway's and the authorizer's. */
  public async setTier(tenant: string, tier: string): Promise<TenantRecord> {
    const { table, plansOf } = this.options;
    checkNames('tenants set-tier', { tenant, tier });
    plansOf(tier);
    const stored = await this.giveUpLostMove(await this.leaveOld(await this.show(tenant)));
    if (stored.nextTier === undefined && stored.tier === tier) return this.restore(stored);

    // whoever claims the tenant first wins; the same move by two people is one move
    if (stored.nextTier === undefined) {
      await table.tenants.change(tenant, {
        set: { nextTier: tier },
        when: { tier: stored.tier, nextTier: undefined, oldTier: undefined },
      });
    }
    const claimed = await this.show(tenant);
    if (claimed.nextTier === tier) return this.move(claimed, tier);
    throw keyError(
      'TENANT_MOVING',
      tenant,
      `somebody is moving this tenant to tier ${JSON.stringify(claimed.nextTier ?? claimed.tier)}`,
      'let them finish, or finish it by `tenants repair`; then try again',
    );
  }

  /** Brings what API Gateway has in line with what is stored: ends what was interrupted, reattaches what was lost. */
  public async repair(tenant: string): Promise<TenantRecord> {
    const stored = await this.leaveOld(await this.show(tenant));
    return stored.nextTier === undefined ? this.restore(stored) : this.move(stored, stored.nextTier);
  }

  /**
   * Deletes the plan keys of tenants, who are counted with the others of their tier from then on; their items and
   * API keys stay. `repair` makes the plan keys again.
   */
  public async purge(tenants: readonly string[]): Promise<void> {
    const { table, control, now, rememberedSeconds, waitUntil } = this.options;
    const found: TenantRecord[] = [];
    for (const tenant of tenants) {
      const stored = await this.show(tenant);
      found.push(stored);
      if (stored.planKey !== undefined) {
        const remove = ['planKey', 'activeAfter'];
        await this.require(tenant, { set: {}, remove, when: { tier: stored.tier, planKey: stored.planKey } });
      }
      await passOnPlan(table, await this.show(tenant));
    }
    // nobody may be answered with a key that is no more
    await waitUntil(now() + rememberedSeconds + MARGIN_SECONDS);
    for (const stored of found) {
      await passOnPlan(table, await this.show(stored.tenant));
      for (const tier of [stored.tier, stored.nextTier, stored.oldTier]) {
        if (tier !== undefined) await control.remove(this.keyOf(stored.tenant, tier));
      }
    }
  }

  /** @throws GatewayConfigurationError if there is no such tenant. */
  public async show(tenant: string): Promise<TenantRecord> {
    const { table } = this.options;
    const stored = await table.tenants.find(tenant);
    if (stored) return stored;
    throw keyError(
      'NO_SUCH_TENANT',
      JSON.stringify(tenant),
      `there is no such tenant in table ${table.name}`,
      'make it by `tenants create`',
    );
  }

  /** A page at a time. */
  public list(): AsyncGenerator<readonly TenantRecord[]> {
    return this.options.table.tenants.pages();
  }

  /** The plan key of the tenant's tier, there and attached and in the items. */
  private async restore(stored: TenantRecord): Promise<TenantRecord> {
    const { table, now } = this.options;
    const { tenant, tier, planKey } = stored;
    const { value } = this.keyOf(tenant, tier);
    const changed = await this.ensure(tenant, tier);
    if (changed || planKey !== value) {
      const isDone = await table.tenants.change(tenant, {
        set: { planKey: value, activeAfter: now() + ACTIVATION_SECONDS },
        when: { tier, planKey, nextTier: undefined },
      });
      // the same was wanted by two people
      if (!isDone && (await this.show(tenant)).planKey !== value) throw changedByOther(tenant);
    }
    const restored = await this.show(tenant);
    await passOnPlan(table, restored);
    return restored;
  }

  /** A move to a tier that no gateway has any more cannot be finished. */
  private async giveUpLostMove(stored: TenantRecord): Promise<TenantRecord> {
    const { tenant, tier, nextTier } = stored;
    if (nextTier === undefined || this.isTier(nextTier)) return stored;

    const remove = ['nextTier', 'nextActiveAfter'];
    await this.require(tenant, { set: {}, remove, when: { tier, nextTier } });
    if (nextTier !== tier) await this.options.control.remove(this.keyOf(tenant, nextTier));
    return this.show(tenant);
  }

  private isTier(tier: string): boolean {
    try {
      return this.options.plansOf(tier).length > 0;
    } catch {
      return false;
    }
  }

  private async move(claimed: TenantRecord, nextTier: string): Promise<TenantRecord> {
    const { table, now, waitUntil, rememberedSeconds } = this.options;
    const { tenant, tier } = claimed;
    const changed = await this.ensure(tenant, nextTier);
    const activeAfter = (changed ? undefined : claimed.nextActiveAfter) ?? now() + ACTIVATION_SECONDS;
    await this.require(tenant, { set: { nextActiveAfter: activeAfter }, when: { tier, nextTier } });
    await waitUntil(activeAfter);

    await this.require(tenant, {
      set: {
        ...{ tier: nextTier, planKey: this.keyOf(tenant, nextTier).value, activeAfter },
        ...{ oldTier: tier, oldUntil: now() + rememberedSeconds + MARGIN_SECONDS },
      },
      remove: ['nextTier', 'nextActiveAfter'],
      when: { tier, nextTier },
    });
    await passOnPlan(table, await this.show(tenant));
    return this.leaveOld(await this.show(tenant));
  }

  /** Deletes the plan key of the tier a tenant came from, once nobody answers with it. */
  private async leaveOld(stored: TenantRecord): Promise<TenantRecord> {
    const { table, control, now, rememberedSeconds, waitUntil } = this.options;
    const { tenant, oldTier, oldUntil = 0 } = stored;
    if (oldTier === undefined) return stored;

    // keys that were being made while the tenant moved
    const passedOn = await passOnPlan(table, stored);
    await waitUntil(Math.max(oldUntil, passedOn > 0 ? now() + rememberedSeconds + MARGIN_SECONDS : 0));
    const late = await passOnPlan(table, stored);
    if (late > 0) await waitUntil(now() + rememberedSeconds + MARGIN_SECONDS);
    await control.remove(this.keyOf(tenant, oldTier));
    await table.tenants.change(tenant, { set: {}, remove: ['oldTier', 'oldUntil'], when: { oldTier } });
    return this.show(tenant);
  }

  /** True if something had to be made, which API Gateway takes its time to know. */
  private async ensure(tenant: string, tier: string): Promise<boolean> {
    const { control, plansOf } = this.options;
    const plans = plansOf(tier);
    const { id, isNew } = await control.ensure(this.keyOf(tenant, tier));
    let changed = isNew;
    for (const plan of plans) changed = (await control.attach(plan, id)) || changed;
    return changed;
  }

  private async require(tenant: string, change: Parameters<KeyTable['change']>[1]): Promise<void> {
    if (await this.options.table.tenants.change(tenant, change)) return;
    throw changedByOther(tenant);
  }

  private keyOf(tenant: string, tier: string): NamedKey {
    // DynamoDB takes a table's ARN for its name; the tenant's key is the same by either
    const name = this.options.table.name.replace(/^arn:.*:table\//, '');
    // none of the three contains a slash
    return { name: `${name}/${tenant}/${tier}`, value: tenantPlanKey(name, tenant, tier) };
  }
}

function changedByOther(tenant: string) {
  return keyError(
    'TENANT_CHANGED',
    tenant,
    'somebody changed this tenant just now',
    'look at `tenants list`, and run the same command again: it goes on where this one ended',
  );
}
