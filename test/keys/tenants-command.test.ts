import { type Database, startDatabase } from '../../lib/local/emulated/database';
import { commandLine } from '../fixtures/command-line';
import { DEFINITION, TABLE } from './databases';
import { PlanControlStandIn } from './plan-control-stand-in';

describe('secure-api-gateway tenants', () => {
  let database: Database;
  let gateway: Awaited<ReturnType<typeof PlanControlStandIn.start>>;

  beforeAll(async () => {
    database = await startDatabase('dynalite', [DEFINITION]);
    gateway = await PlanControlStandIn.start(() => Math.floor(Date.now() / 1000));
  });

  afterAll(async () => {
    await gateway.close();
    await database.close();
  });

  /** As against a local gateway: the endpoints are in the environment, as it tells them. */
  const command = (...given: string[]) =>
    commandLine([...given, '--table', TABLE], {
      AWS_ENDPOINT_URL_API_GATEWAY: gateway.endpoint,
      AWS_ENDPOINT_URL_DYNAMODB: database.endpoint,
    });
  const tenants = (...given: string[]) => command('tenants', ...given);

  test('makes a tenant, gives its plan key to its API keys, and lists it', async () => {
    const created = await tenants(
      'create',
      'acme',
      '--tier',
      'pro',
      '--plan',
      'pro=pro',
      'free=free',
      '--json',
    );
    expect(created).toMatchObject({ code: 0 });
    const { planKey } = JSON.parse(created.stdout).tenants[0];
    expect(gateway.standIn.members('pro')).toEqual([planKey]);

    const { id } = JSON.parse((await command('keys', 'create', '--tenant', 'acme', '--json')).stdout);
    const shown = await command('keys', 'show', id, '--json');
    expect(JSON.parse(shown.stdout).keys[0]).toMatchObject({ tier: 'pro', planKey });

    expect((await tenants('list')).stdout).toBe('acme  tier pro  counted on its own');
  });

  test('repairs the others where the tier of one is gone', async () => {
    const plans = ['--plan', 'pro=pro', 'gold=free'];
    await tenants('create', 'aaa', '--tier', 'gold', ...plans);
    await tenants('create', 'zzz', '--tier', 'pro', ...plans);

    const { code, stdout, stderr } = await tenants('repair', '--plan', 'pro=pro');

    expect(code).toBe(1);
    expect(stdout).toContain('zzz  tier pro');
    expect(stdout).not.toContain('aaa');
    expect(stderr).toMatch(/^aaa: .*\[NO_SUCH_TIER\]$/m);
  });

  test('does not purge unasked, and says how to confirm', async () => {
    const { code, stderr } = await tenants('purge');

    expect(code).toBe(2);
    expect(stderr).toContain('give --yes');
  });

  test('names what is wrong without a stack trace, and ends with 1', async () => {
    const { code, stdout, stderr } = await tenants('create', 'globex', '--tier', 'gold', '--plan', 'pro=pro');

    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('[NO_SUCH_TIER]');
    expect(stderr).toContain("the gateway's tiers are pro");
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
