import { TIER_PLAN_OUTPUT } from '../protocol/key-table';
import type { AwsTarget } from './aws-target';
import { keyError } from './key-error';
import { type StackOutput, stackOutputs } from './stack-outputs';

/** A usage plan of a tier, named by hand. */
export interface NamedPlan {
  readonly tier: string;
  readonly planId: string;
}

export interface TierPlansTarget {
  /** Stacks of all gateways that read the table. */
  readonly gateways: readonly string[];
  /** In place of the stacks, or besides. */
  readonly plans: readonly NamedPlan[];
  readonly aws: AwsTarget;
}

/** Usage plans of tiers. A tier has one for each gateway. */
export class TierPlans {
  /** Reads the outputs of deployed gateways. */
  public static async find({ gateways, plans, aws }: TierPlansTarget): Promise<TierPlans> {
    const outputs: StackOutput[] = [];
    for (const stack of gateways) outputs.push(...(await stackOutputs(stack, aws)));
    return TierPlans.of(outputs, plans);
  }

  /** Those that outputs tell, and those named by hand. */
  public static of(outputs: readonly StackOutput[], named: readonly NamedPlan[]): TierPlans {
    const told = outputs.flatMap(({ description, value }) => {
      const [, tier, seconds] = TIER_PLAN_OUTPUT.exec(description) ?? [];
      return tier && seconds ? [{ tier, planId: value, seconds: Number(seconds) }] : [];
    });
    const longest = told.length > 0 ? Math.max(...told.map(({ seconds }) => seconds)) : undefined;
    return new TierPlans([...told, ...named], longest);
  }

  private constructor(
    private readonly plans: readonly NamedPlan[],
    /** The longest that one of the gateways remembers what is stored, if an output tells. */
    public readonly rememberedSeconds: number | undefined,
  ) {}

  /** @throws GatewayConfigurationError if no gateway has this tier. */
  public plansOf(tier: string): string[] {
    const found = this.plans.filter((plan) => plan.tier === tier).map(({ planId }) => planId);
    if (found.length > 0) return [...new Set(found)];

    const known = [...new Set(this.plans.map((plan) => plan.tier))];
    throw keyError(
      'NO_SUCH_TIER',
      JSON.stringify(tier),
      known.length > 0 ? `the gateway's tiers are ${known.join(', ')}` : 'no usage plan of a tier is known',
      "name the gateway's stack by --gateway, or its tier's usage plan by --plan <tier>=<id>",
    );
  }
}
