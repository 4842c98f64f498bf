import { tenantItemId } from '../../../lib/protocol/key-table';
import type { Caller } from '../caller';
import { Forbidden } from '../refused';
import { whenKnown } from '../when-known';
import type { RememberedItems } from './remembered-items';

/** A tenant as stored. */
export interface StoredTenant {
  readonly tier: string;
  readonly planKey?: string;
  readonly activeAfter?: number;
}

/** Throws where the item is not one we wrote. */
export function toStoredTenant(item: Readonly<Record<string, unknown>>): StoredTenant {
  const { tier, planKey, activeAfter } = item;
  if (typeof tier !== 'string' || tier === '') throw malformed('tier');
  if (planKey !== undefined && typeof planKey !== 'string') throw malformed('planKey');
  if (activeAfter !== undefined && typeof activeAfter !== 'number') throw malformed('activeAfter');
  return { tier, planKey, activeAfter };
}

/** Finds the tier of callers whose credential says their tenant, but not what it pays for. */
export class Tenants {
  constructor(
    private readonly items: RememberedItems<StoredTenant>,
    /** Tier of those who are not found; absent, they are refused. */
    private readonly unknownTier: string | undefined,
  ) {}

  /** At once where nothing is to be looked up, or is remembered. */
  public withTier(caller: Caller): Caller | Promise<Caller> {
    // an API key has its tier, or none, in its own item
    if (caller.keyId !== undefined || caller.tier !== undefined) return caller;
    if (caller.tenantId === undefined) return this.withStored(caller, undefined);

    const stored = this.items.find(tenantItemId(caller.tenantId));
    return whenKnown(stored, (tenant) => this.withStored(caller, tenant));
  }

  private withStored(caller: Caller, tenant: StoredTenant | undefined): Caller {
    if (tenant) return { ...caller, ...tenant };
    if (this.unknownTier === undefined) throw new Forbidden('UNKNOWN_TENANT', caller.credentialId);
    return { ...caller, tier: this.unknownTier };
  }
}

const malformed = (name: string) => new Error(`stored tenant has a malformed attribute: ${name}`);
