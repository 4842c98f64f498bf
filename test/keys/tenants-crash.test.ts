import { randomUUID } from 'node:crypto';
import type { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { ApiKeys } from '../../lib/keys/api-keys';
import { KeyTable } from '../../lib/keys/key-table';
import { ApiGatewayPlanControl } from '../../lib/keys/plan-control';
import { Tenants } from '../../lib/keys/tenants';
import { type Database, startDatabase } from '../../lib/local/emulated/database';
import { tenantPlanKey } from '../../lib/protocol';
import { clientOf, DATABASES, DEFINITION, TABLE } from './databases';
import { PlanControlStandIn } from './plan-control-stand-in';

const REMEMBERED = 60;
const PLANS: Readonly<Record<string, readonly string[]>> = { free: ['free'], pro: ['pro', 'pro-other'] };

/** Commands that change something; a crash beside any other leaves what the step before it left. */
const CHANGING = /^(PutItem|UpdateItem|DeleteItem|CreateApiKey|CreateUsagePlanKey|DeleteApiKey)Command$/;

/** The process ends beside its `step`-th change or wait: before it, or when it has taken effect. */
interface CrashPoint {
  readonly step: number;
  readonly when: 'before' | 'after';
}

class Crash extends Error {}

describe.each(DATABASES)('tenants over %s, where the process ends at any step,', (_name, kind) => {
  let database: Database;
  let client: DynamoDBClient;
  let gateway: Awaited<ReturnType<typeof PlanControlStandIn.start>>;
  let now = 1_800_000_000;
  let tenant: string;
  let keyIds: string[];
  /** When an item last named a plan key, by its value. */
  let lastNamed: Map<string, number>;
  let tooEarly: string[];

  beforeAll(async () => {
    database = await startDatabase(kind, [DEFINITION]);
    client = clientOf(database.endpoint);
    gateway = await PlanControlStandIn.start(() => now);
  });

  afterAll(async () => {
    client.destroy();
    await gateway.close();
    await database.close();
  });

  const table = () => new KeyTable(client, TABLE);
  const keys = () => new ApiKeys({ table: table(), prefix: 'sk', environment: 'live', now: () => now });
  const valueIn = (tier: string) => tenantPlanKey(TABLE, tenant, tier);
  const planKeyAt = async (pk: string | undefined) =>
    (
      await client.send(
        new GetItemCommand({ TableName: TABLE, Key: { pk: { S: pk ?? '' } }, ConsistentRead: true }),
      )
    ).Item?.['planKey']?.S;

  /** A client that sees what the commands do, and ends them at a point. */
  function watched<T extends DynamoDBClient | APIGatewayClient>(
    real: T,
    crashing: (act: () => Promise<unknown>) => Promise<unknown>,
  ): T {
    const send = async (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
      const { name } = command.constructor;
      if (!CHANGING.test(name)) return (real.send as (c: unknown) => Promise<unknown>)(command);
      return crashing(async () => {
        const pk = (command.input['Key'] as { pk?: { S: string } } | undefined)?.pk?.S;
        const before = pk === undefined ? undefined : await planKeyAt(pk);
        if (name === 'DeleteApiKeyCommand') judgeDeletion(String(command.input['apiKey']));
        const answer = await (real.send as (c: unknown) => Promise<unknown>)(command);
        if (before !== undefined && before !== (await planKeyAt(pk))) lastNamed.set(before, now);
        return answer;
      });
    };
    return new Proxy(real, {
      get: (target, property) => (property === 'send' ? send : Reflect.get(target, property)),
    });
  }

  /** An authorizer may still answer with a key that an item named a moment ago. */
  function judgeDeletion(id: string): void {
    const value = gateway.standIn.book.keyById(id)?.value ?? '';
    const since = now - (lastNamed.get(value) ?? Number.NEGATIVE_INFINITY);
    if (since < REMEMBERED) tooEarly.push(`${value} after ${since} s`);
  }

  /** The commands of a process that ends at a point, or does not; tells how many steps it made. */
  function processOf(point?: CrashPoint) {
    let step = 0;
    const crashing = async (act: () => Promise<unknown>) => {
      step += 1;
      const isHere = step === point?.step;
      if (isHere && point?.when === 'before') throw new Crash();
      const answer = await act();
      if (isHere) throw new Crash();
      return answer;
    };
    const tenants = new Tenants({
      table: new KeyTable(watched(client, crashing), TABLE),
      control: new ApiGatewayPlanControl(watched(gateway.client, crashing)),
      plansOf: (tier) => PLANS[tier] ?? [],
      rememberedSeconds: REMEMBERED,
      now: () => now,
      waitUntil: async (moment) => {
        await crashing(async () => {
          now = Math.max(now, moment);
        });
      },
    });
    return { tenants, steps: () => step };
  }

  /** Whoever is answered with a plan key finds it in every plan of its tier, and API Gateway knows it. */
  async function refusedCallers(): Promise<string[]> {
    const { standIn } = gateway;
    const apiKeys = await Promise.all(keyIds.map((id) => keys().show(id)));
    return [await table().tenants.find(tenant), ...apiKeys].flatMap((item) => {
      const { planKey, activeAfter = 0, tier = '' } = item ?? {};
      if (planKey === undefined) return [];
      const faults = (PLANS[tier] ?? []).flatMap((plan) =>
        standIn.members(plan).includes(planKey) ? [] : [`not in plan ${plan} of tier ${tier}`],
      );
      if (activeAfter <= now && !standIn.book.find(planKey)) faults.push('not known yet');
      return faults;
    });
  }

  async function setUp(tier: string | undefined): Promise<void> {
    tenant = randomUUID();
    gateway.standIn.replaceStack();
    lastNamed = new Map();
    tooEarly = [];
    now += 10_000;
    if (tier !== undefined) await processOf().tenants.create(tenant, tier);
    keyIds = [];
    for (let index = 0; index < 2; index += 1) keyIds.push((await keys().create({ tenant })).id);
    now += 1_000;
  }

  /** Everything as the command was to leave it. */
  async function expectDone(tier: string, isCountedOnItsOwn = true): Promise<void> {
    const planKey = isCountedOnItsOwn ? valueIn(tier) : undefined;
    const stored = await table().tenants.find(tenant);
    expect(stored).toMatchObject({ tenant, tier });
    expect(Object.keys(stored ?? {}).filter((name) => /^(next|old)/.test(name))).toEqual([]);
    for (const item of [stored, ...(await Promise.all(keyIds.map((id) => keys().show(id))))]) {
      expect(item?.tier).toBe(tier);
      expect(item?.planKey).toBe(planKey);
    }
    expect(gateway.standIn.book.allKeys().map(({ value }) => value)).toEqual(
      planKey === undefined ? [] : [planKey],
    );
    for (const [name, plans] of Object.entries(PLANS)) {
      for (const plan of plans)
        expect(gateway.standIn.members(plan)).toEqual(name === tier && planKey ? [planKey] : []);
    }
    expect(tooEarly).toEqual([]);
  }

  type Command = (tenants: Tenants) => Promise<unknown>;

  /** Ends `command` at every step, before and after, and has `again` mend it. */
  async function tryEveryStep(
    {
      from,
      command,
      again,
      lost = false,
    }: { from?: string; command: Command; again: Command; lost?: boolean },
    expectMended: () => Promise<void>,
    expectWhole = expectMended,
  ): Promise<number> {
    await setUp(from);
    if (lost) gateway.standIn.replaceStack(true);
    const whole = processOf();
    await command(whole.tenants);
    await expectWhole();

    for (let step = 1; step <= whole.steps(); step += 1) {
      for (const when of ['before', 'after'] as const) {
        await setUp(from);
        if (lost) gateway.standIn.replaceStack(true);
        await expect(command(processOf({ step, when }).tenants)).rejects.toThrow(Crash);
        // a stack's plans were lost before, not by this
        if (!lost) expect(await refusedCallers()).toEqual([]);
        now += 5;

        await again(processOf().tenants);

        await expectMended();
      }
    }
    return whole.steps();
  }

  const create: Command = (tenants) => tenants.create(tenant, 'pro');
  const move: Command = (tenants) => tenants.setTier(tenant, 'pro');
  const repair: Command = (tenants) => tenants.repair(tenant);
  const purge: Command = (tenants) => tenants.purge([tenant]);

  test('are made by the same command again', async () => {
    const steps = await tryEveryStep({ command: create, again: create }, () => expectDone('pro'));

    // the item, the key, two plans, the item again, two API keys
    expect(steps).toBe(7);
  }, 120_000);

  test.each<[string, Command]>([
    ['the same command again', move],
    ['a repair', repair],
  ])(
    'are moved by %s, and refused at no moment',
    async (_what, again) => {
      const finish: Command = async (tenants) => {
        await again(tenants);
        const mended = Object.keys((await table().tenants.find(tenant)) ?? {});
        expect(mended.filter((name) => /^(next|old)/.test(name))).toEqual([]);
        // a repair of a move that had not begun leaves the tenant where it was
        await move(tenants);
      };
      const steps = await tryEveryStep({ from: 'free', command: move, again: finish }, () =>
        expectDone('pro'),
      );

      expect(steps).toBeGreaterThanOrEqual(10);
    },
    120_000,
  );

  test('are attached to a new stack by a repair', async () => {
    const steps = await tryEveryStep({ from: 'pro', command: repair, again: repair, lost: true }, () =>
      expectDone('pro'),
    );

    expect(steps).toBeGreaterThanOrEqual(5);
  }, 120_000);

  test('are purged by the same command again', async () => {
    const steps = await tryEveryStep({ from: 'pro', command: purge, again: purge }, () =>
      expectDone('pro', false),
    );

    expect(steps).toBeGreaterThanOrEqual(5);
  }, 120_000);

  test('are counted on their own again by a repair of a purge', async () => {
    await tryEveryStep(
      { from: 'pro', command: purge, again: repair },
      () => expectDone('pro'),
      () => expectDone('pro', false),
    );
  }, 120_000);
});
