import { setTimeout } from 'node:timers/promises';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { GatewayConfigurationError, type Problem } from '../lib/errors';
import type { AwsTarget } from '../lib/keys/aws-target';
import { findKeyTable } from '../lib/keys/find-key-table';
import { ApiGatewayPlanControl } from '../lib/keys/plan-control';
import type { TenantRecord } from '../lib/keys/tenant-table';
import { Tenants } from '../lib/keys/tenants';
import { type NamedPlan, TierPlans } from '../lib/keys/tier-plans';
import { duration, now, withAws } from './aws-options';
import { collected, endProgress, showProgress } from './collected';
import { isConfirmed } from './confirm';
import { say, sayJson, tell } from './output';

interface Target extends AwsTarget {
  readonly stack?: string;
  readonly table?: string;
  readonly gateway?: string[];
  readonly plan?: NamedPlan[];
  readonly revokeWithin?: number;
  readonly json?: boolean;
}

/** Where no gateway's outputs tell how long it remembers: the longest it may. */
const LONGEST_MEMORY_SECONDS = 3600;

export function tenantsCommand(): Command {
  // its commands inherit what to do on wrong usage
  const command = new Command('tenants')
    .exitOverride()
    .description("Tenants of a gateway: their tier, and API Gateway's key that counts them.");
  const tier = '--tier <name>';

  withTarget(command.command('create <tenant>'))
    .description('Makes a tenant. It may call at once, counted with its tier for the first two minutes.')
    .requiredOption(tier, 'the tier it is limited by')
    .action(async (tenant: string, given: Target & { readonly tier: string }) =>
      print([await (await tenantsOf(given)).create(tenant, given.tier)], given),
    );
  withTarget(command.command('set-tier <tenant>'))
    .description('Moves a tenant and its API keys. Takes minutes; run again, it goes on where it ended.')
    .requiredOption(tier, 'its new tier')
    .action(async (tenant: string, given: Target & { readonly tier: string }) =>
      print([await (await tenantsOf(given)).setTier(tenant, given.tier)], given),
    );
  withTarget(command.command('list')).description('Lists tenants.').action(list);
  withTarget(command.command('repair [tenant]'))
    .description('Ends what was interrupted, and attaches to usage plans what a new stack lost.')
    .action(repair);
  withTarget(command.command('purge [tenant]'))
    .description("Deletes API Gateway's keys of tenants, before a stack is destroyed; the tenants stay.")
    .option('--yes', 'do not ask')
    .action(purge);

  return command;
}

function withTarget(command: Command): Command {
  return withAws(
    command
      .option('--stack <name>', 'stack of the key store')
      .option('--table <name>', 'its table, in place of --stack, or which of its tables')
      .option('--gateway <stack...>', 'stacks of all gateways that use the store (default: --stack)')
      .option('--plan <tier=id...>', "a tier's usage plan, in place of --gateway", plan)
      .option('--revoke-within <time>', "the gateways' (default: as their stacks say, else 1h)", duration),
  );
}

async function list(given: Target): Promise<void> {
  print(await all((await findKeyTable(given)).table.tenants.pages()), given);
}

async function repair(tenant: string | undefined, given: Target): Promise<void> {
  const tenants = await tenantsOf(given);
  const repaired: TenantRecord[] = [];
  const problems: Problem[] = [];
  for (const name of await namesOf(tenants, tenant)) {
    try {
      repaired.push(await tenants.repair(name));
    } catch (error) {
      // one whose tier is gone must not keep the others from theirs
      problems.push(...ownProblems(error).map((each) => ({ ...each, at: `${name}: ${each.at}` })));
    }
    showProgress(`${repaired.length} tenants repaired`);
  }
  endProgress();
  print(repaired, given);
  if (problems.length > 0) throw new GatewayConfigurationError(problems);
}

/** What is wrong with one tenant; throws what would be wrong with the next one too. */
function ownProblems(error: unknown): readonly Problem[] {
  if (error instanceof GatewayConfigurationError && error.problems.every(({ code }) => OF_ONE.has(code))) {
    return error.problems;
  }
  throw error;
}

const OF_ONE: ReadonlySet<string> = new Set([
  'KEY_CHANGED',
  'NO_SUCH_TIER',
  'PLAN_CONFLICT',
  'PLAN_KEY_DISABLED',
  'PLAN_KEY_TAKEN',
  'TENANT_CHANGED',
]);

async function purge(tenant: string | undefined, given: Target & { readonly yes?: boolean }): Promise<void> {
  const tenants = await tenantsOf(given);
  const names = await namesOf(tenants, tenant);
  const question = `Delete API Gateway's keys of ${names.length} tenants? They are counted with their tiers then. [y/N] `;
  if (!given.yes && !(await isConfirmed(question))) {
    throw new CommanderError(2, 'tenants.unconfirmed', 'not confirmed');
  }

  await tenants.purge(names);
  print(
    (await all(tenants.list())).filter((each) => names.includes(each.tenant)),
    given,
  );
}

async function namesOf(tenants: Tenants, tenant: string | undefined): Promise<string[]> {
  return tenant === undefined ? (await all(tenants.list())).map((each) => each.tenant) : [tenant];
}

async function all(pages: AsyncIterable<readonly TenantRecord[]>): Promise<TenantRecord[]> {
  const found = await collected(pages, 'tenants');
  return found.sort((one, other) => (one.tenant < other.tenant ? -1 : 1));
}

async function tenantsOf(given: Target): Promise<Tenants> {
  const {
    region,
    endpoint,
    stack,
    plan: plans = [],
    gateway = plans.length === 0 && stack ? [stack] : [],
  } = given;
  const aws = { region, endpoint };
  const { table } = await findKeyTable(given);
  const tiers = await TierPlans.find({ gateways: gateway, plans, aws });
  return new Tenants({
    table,
    control: await ApiGatewayPlanControl.connect(aws),
    plansOf: (tier) => tiers.plansOf(tier),
    rememberedSeconds: given.revokeWithin ?? toldSeconds(tiers, plans) ?? LONGEST_MEMORY_SECONDS,
    now,
    waitUntil,
  });
}

/** Of a plan named by hand it is not known which gateway has it, and how long that one remembers. */
function toldSeconds(tiers: TierPlans, named: readonly NamedPlan[]): number | undefined {
  return named.length === 0 ? tiers.rememberedSeconds : undefined;
}

async function waitUntil(moment: number): Promise<void> {
  const seconds = moment - now();
  if (seconds <= 0) return;
  tell(`Waiting for ${seconds} s. If you stop this, run it again: it goes on where it ended.`);
  await setTimeout(seconds * 1000);
}

function print(tenants: readonly TenantRecord[], { json }: Target): void {
  if (json) sayJson({ tenants });
  else if (tenants.length === 0) say('no tenants');
  else for (const tenant of tenants) say(lineOf(tenant));
}

function lineOf({ tenant, tier, planKey, nextTier, oldTier }: TenantRecord): string {
  return [
    tenant,
    `tier ${tier}`,
    planKey === undefined ? 'counted with its tier' : 'counted on its own',
    ...(nextTier ? [`moving to ${nextTier}`] : []),
    ...(oldTier ? [`leaving ${oldTier}`] : []),
  ].join('  ');
}

function plan(text: string, before: NamedPlan[] = []): NamedPlan[] {
  const [, tier, planId] = /^([^=]+)=([A-Za-z0-9-]+)$/.exec(text) ?? [];
  if (!tier || !planId) throw new InvalidArgumentError('write for example pro=a1b2c3');
  return [...before, { tier, planId }];
}
