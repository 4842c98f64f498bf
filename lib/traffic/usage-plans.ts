import { Aws, CfnOutput, type CfnResource, Fn } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { Construct, type IDependable } from 'constructs';
import type { PlanKeys } from '../protocol/authorizer-configuration';
import { tierPlanOutput } from '../protocol/key-table';
import { planKeyStem } from '../protocol/plan-keys';
import { placeInStack, planLogicalId } from './plan-names';
import type { Tier } from './tier';

export interface UsagePlansProps {
  /** Whose plans they are: they are named after it, wherever this construct stands. */
  readonly gateway: Construct;
  readonly restApiId: string;
  readonly stageName: string;
  /** What must guard the stage before a plan lets anybody through to a service. */
  readonly after: IDependable;
  readonly tiers: Readonly<Record<string, Tier>>;
  /** How long the authorizer may answer with a plan key that is no longer stored. */
  readonly revokeWithinSeconds: number;
}

/**
 * The plans the authorizer selects from by the key it returns: one for each tier, and three of the gateway's.
 *
 * Key values are names, not credentials: callers never hold one, and the methods take them from the authorizer only.
 */
export class UsagePlans extends Construct {
  /** One L1 plan by name: tiers, `anonymous`, `authenticated` and `exhausted`. */
  public readonly plans: Readonly<Record<string, apigateway.CfnUsagePlan>>;

  constructor(scope: Construct, id: string, props: UsagePlansProps) {
    super(scope, id);
    const { gateway, restApiId, stageName, after, tiers, revokeWithinSeconds } = props;

    // a key replaced would be refused for minutes, and its value taken (aws-facts 13.2, 13.3)
    const pin = (resource: CfnResource, plan: string, kind: string) =>
      resource.overrideLogicalId(planLogicalId(gateway, plan, kind));
    const stages = [{ apiId: restApiId, stage: stageName }];
    const definePlan = (scopeId: string, plan: string, limits: Limits = {}) => {
      const node = new Construct(this, scopeId);
      const usagePlan = new apigateway.CfnUsagePlan(node, 'Resource', { apiStages: stages, ...limits });
      usagePlan.node.addDependency(after);
      const key = new apigateway.CfnApiKey(node, 'Key', { enabled: true, value: planKey(gateway, plan) });
      const member = new apigateway.CfnUsagePlanKey(node, 'PlanKey', {
        keyId: key.ref,
        keyType: 'API_KEY',
        usagePlanId: usagePlan.ref,
      });
      pin(usagePlan, plan, 'Plan');
      pin(key, plan, 'PlanKey');
      pin(member, plan, 'PlanMember');
      return usagePlan;
    };

    this.plans = {
      anonymous: definePlan('Anonymous', 'anonymous'),
      authenticated: definePlan('Authenticated', 'authenticated'),
      // nothing gets through: API Gateway answers 429 in the name of an exact limit (aws-facts 13.5)
      exhausted: definePlan('Exhausted', 'exhausted', { throttle: { rateLimit: 0, burstLimit: 0 } }),
      ...Object.fromEntries(
        Object.entries(tiers).map(([name, tier]) => [
          name,
          definePlan(`Tier-${name}`, tierPlan(name), limitsOf(tier)),
        ]),
      ),
    };
    for (const name of Object.keys(tiers)) {
      const plan = this.plans[name];
      if (!plan) continue;
      new CfnOutput(this, `PlanId-${name}`, {
        value: plan.ref,
        description: tierPlanOutput(name, revokeWithinSeconds),
      });
    }
  }
}

type Limits = Pick<apigateway.CfnUsagePlanProps, 'throttle' | 'quota'>;

function limitsOf({ rate, burst, quota }: Tier): Limits {
  return {
    throttle: { rateLimit: rate, burstLimit: burst },
    ...(quota && { quota: { limit: quota.requests, period: quota.period } }),
  };
}

/**
 * Values the authorizer answers with, for the plans of a gateway.
 *
 * They need no plan to exist, so that the authorizer does not depend on the API it guards.
 */
export function planKeysOf(gateway: Construct, tierNames: readonly string[]): PlanKeys {
  return {
    anonymous: planKey(gateway, 'anonymous'),
    authenticated: planKey(gateway, 'authenticated'),
    exhausted: planKey(gateway, 'exhausted'),
    contractRefusal: planKey(gateway, 'contract-refusal'),
    tiers: Object.fromEntries(tierNames.map((name) => [name, planKey(gateway, tierPlan(name))])),
  };
}

/** A tier may be called `anonymous`. */
function tierPlan(name: string): string {
  return `tier/${name}`;
}

function planKey(gateway: Construct, plan: string): string {
  // arn:…:stack/<name>/<uuid>
  const uuid = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  return `${planKeyStem(placeInStack(gateway), plan)}${Fn.join('', Fn.split('-', uuid))}`;
}
