import type { PlanKeyModel, PlansModel, UsagePlanModel } from '../model/api';

/** How long a new key may take to work (aws-facts 13.3). */
export const KEY_ACTIVATION_SECONDS = 120;

interface BookedKey extends PlanKeyModel {
  readonly activeAt: number;
}

/** Usage plans and their keys, as the control plane changes them while the gateway runs. */
export class PlanBook {
  public readonly plans: readonly UsagePlanModel[];
  private readonly keys = new Map<string, BookedKey>();
  private readonly idByValue = new Map<string, string>();
  private readonly members = new Map<string, Set<string>>();

  constructor(
    model: PlansModel,
    private readonly now: () => number,
    private readonly activationSeconds: number,
  ) {
    this.plans = model.plans;
    for (const key of model.keys) this.book({ ...key, activeAt: 0 });
    for (const [plan, ids] of Object.entries(model.members)) this.members.set(plan, new Set(ids));
  }

  public keyById(id: string): PlanKeyModel | undefined {
    return this.keys.get(id);
  }

  public allKeys(): readonly PlanKeyModel[] {
    return [...this.keys.values()];
  }

  /** The key with this value, if it works yet, and the plan that covers the served stage. */
  public find(value: string): { readonly key: PlanKeyModel; readonly plan: UsagePlanModel } | undefined {
    const key = this.keys.get(this.idByValue.get(value) ?? '');
    if (!key?.enabled || key.activeAt > this.now()) return undefined;

    const plan = this.plans.find(({ id, covers }) => covers && this.members.get(id)?.has(key.id));
    return plan && { key, plan };
  }

  public plansOf(keyId: string): readonly UsagePlanModel[] {
    return this.plans.filter(({ id }) => this.members.get(id)?.has(keyId));
  }

  public keysOf(planId: string): readonly PlanKeyModel[] {
    return [...(this.members.get(planId) ?? [])].flatMap((id) => this.keys.get(id) ?? []);
  }

  public add(key: PlanKeyModel): void {
    this.book({ ...key, activeAt: this.now() + this.activationSeconds * 1000 });
  }

  /** A changed key; when it works does not change with it. */
  public replace(key: PlanKeyModel): void {
    this.book({ ...key, activeAt: this.keys.get(key.id)?.activeAt ?? 0 });
  }

  public remove(id: string): boolean {
    for (const ids of this.members.values()) ids.delete(id);
    this.idByValue.delete(this.keys.get(id)?.value ?? '');
    return this.keys.delete(id);
  }

  public join(planId: string, keyId: string): void {
    const ids = this.members.get(planId) ?? new Set();
    this.members.set(planId, ids.add(keyId));
  }

  public leave(planId: string, keyId: string): boolean {
    return this.members.get(planId)?.delete(keyId) ?? false;
  }

  private book(key: BookedKey): void {
    this.keys.set(key.id, key);
    this.idByValue.set(key.value, key.id);
  }
}
