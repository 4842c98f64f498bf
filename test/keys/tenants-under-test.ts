import type { GatewayConfigurationError } from '../../lib/errors';
import { ApiKeys } from '../../lib/keys/api-keys';
import { KeyTable } from '../../lib/keys/key-table';
import { ApiGatewayPlanControl } from '../../lib/keys/plan-control';
import { Tenants, type TenantsOptions } from '../../lib/keys/tenants';
import { TierPlans } from '../../lib/keys/tier-plans';
import { startDatabase } from '../../lib/local/emulated/database';
import { tenantPlanKey, tierPlanOutput } from '../../lib/protocol';
import { clientOf, type DATABASES, DEFINITION, TABLE } from './databases';
import { PlanControlStandIn } from './plan-control-stand-in';

/** Seconds for which an authorizer remembers a key. */
export const REMEMBERED = 60;

export const tiers = TierPlans.of(
  [
    { description: tierPlanOutput('free', REMEMBERED), value: 'free' },
    { description: tierPlanOutput('pro', 30), value: 'pro' },
    { description: tierPlanOutput('pro', 30), value: 'pro-other' },
    { description: tierPlanOutput('plus', 30), value: 'plus' },
  ],
  [],
);

export type TenantsUnderTest = Awaited<ReturnType<typeof startTenants>>;

/** Tenants over a database, and over a control plane that can fail. */
export async function startTenants(kind: (typeof DATABASES)[number][1]) {
  const time = {
    now: 1_800_000_000,
    /** What goes on meanwhile, wait by wait. */
    duringWaits: [] as (() => Promise<void>)[],
    /** Seconds that were waited. */
    waited: [] as number[],
  };
  const now = () => time.now;
  const database = await startDatabase(kind, [DEFINITION]);
  const client = clientOf(database.endpoint);
  const table = new KeyTable(client, TABLE);
  const keys = new ApiKeys({ table, prefix: 'sk', environment: 'live', now });
  const gateway = await PlanControlStandIn.start(now);

  return {
    ...{ time, client, table, keys, standIn: gateway.standIn },
    tenants: (more: Partial<TenantsOptions> = {}) =>
      new Tenants({
        table,
        control: new ApiGatewayPlanControl(gateway.client),
        plansOf: (tier) => tiers.plansOf(tier),
        rememberedSeconds: tiers.rememberedSeconds ?? 0,
        now,
        waitUntil: async (moment) => {
          time.waited.push(Math.max(0, moment - time.now));
          await time.duringWaits.shift()?.();
          time.now = Math.max(time.now, moment);
        },
        ...more,
      }),
    keyOf: async (tenant: string, more: object = {}) => (await keys.create({ tenant, ...more })).id,
    async close() {
      client.destroy();
      await gateway.close();
      await database.close();
    },
  };
}

export const planKeyOf = (tenant: string, tier: string) => tenantPlanKey(TABLE, tenant, tier);

/** Code of the problem by which it fails, or else its message; nothing if it does not fail. */
export const codeOf = (run: Promise<unknown>) =>
  run.then(
    () => undefined,
    (error: GatewayConfigurationError) => error.problems?.[0]?.code ?? error.message,
  );

export const died = async () => {
  throw new Error('died');
};
