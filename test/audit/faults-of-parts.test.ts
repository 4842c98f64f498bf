import { DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import { CfnUsagePlan } from 'aws-cdk-lib/aws-apigateway';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { LimitStore } from '../../lib';
import { HAS_REDIS, startRedis } from '../lambda/authorizer/limits/stores';
import { signingKey, token } from '../lambda/authorizer/tokens';
import { Covered } from './fault-cases';
import type { WatchedOptions } from './watched-gateway';
import { World } from './watched-world';

const MINUTES_MILLIS = 60_000;

describe('the alarms of a gateway of which a part is gone', () => {
  const covered = new Covered('parts');
  let world: World | undefined;

  const start = async (options: Partial<WatchedOptions> = {}) => {
    world = await World.start(options);
    return world;
  };
  afterEach(async () => {
    await world?.close();
    world = undefined;
  });

  const expectOn = async (
    { periods }: World,
    alarms: readonly string[],
    cause: () => Promise<unknown>,
    count = 1,
  ) => {
    const on = await periods.alarmsOf(async () => void (await cause()), alarms, count);
    expect(on).toEqual(alarms);
    covered.add(...on);
  };

  test('tell of an issuer that does not answer, for long, whose known keys still serve', async () => {
    let passed = 0;
    const issuing = await start({ clock: () => Date.now() + passed });
    const bearer = `Bearer ${await issuing.provider.token({ subject: 'alice' })}`;
    const unknown = token(signingKey('ES256', 'nobody'), { iss: issuing.provider.issuer, aud: 'orders' });
    expect(await issuing.send('orders', { Authorization: bearer })).toBe(200);
    await issuing.provider.close();

    const ask = async () => {
      passed += 5 * MINUTES_MILLIS;
      expect(await issuing.send('orders', { Authorization: `Bearer ${unknown}` })).toBe(401);
      expect(await issuing.send('orders', { Authorization: bearer })).toBe(200);
    };
    await expectOn(issuing, ['KeySetUnavailable'], ask, 3);
  }, 60_000);

  (HAS_REDIS ? test : test.skip)(
    'tell of a store of limits that is gone',
    async () => {
      const redis = await startRedis();
      const limited = await start({
        limits: (stack, vpc) => ({
          store: LimitStore.redis({
            host: '127.0.0.1',
            port: redis.port,
            vpc,
            securityGroup: new SecurityGroup(stack, 'Server', { vpc }),
            allowPlainText: true,
          }),
        }),
      });
      await expectOn(limited, [], async () => expect(await limited.get('counted')).toBe(200));
      expect(await limited.get('counted')).toBe(429);
      await redis.close();

      await expectOn(limited, ['LimitStore'], async () => expect(await limited.get('counted')).toBe(200));
    },
    60_000,
  );

  test('tell of an authorizer that has too few instances', async () => {
    const narrow = await start({ authorizer: { reservedConcurrency: 1 } });
    const { sessions } = narrow;
    const answer = sessions.behave;

    const ask = async () => {
      let second: Promise<number> | undefined;
      sessions.behave = async (...exchange) => {
        // while the only instance waits for the issuer
        second = narrow.get('orders');
        await second;
        answer(...exchange);
      };
      expect(await narrow.send('orders', { 'X-Session': 'first' })).toBe(200);
      expect(await second).toBe(500);
    };
    // its callers find no decision
    await expectOn(narrow, ['AuthorizerThrottles', 'Undecided'], ask);
  }, 60_000);

  test('tell of an authorizer that gives no decision, since its table is gone', async () => {
    const keyless = await start();
    const { headers } = await keyless.keyOf('acme');
    await expectOn(keyless, [], async () => expect(await keyless.send('orders', headers)).toBe(200));
    const { database, keyTable } = keyless.watched;
    await database.send(new DeleteTableCommand({ TableName: keyTable }));

    await expectOn(keyless, ['Undecided'], async () =>
      expect(await keyless.send('orders', headers)).toBe(500),
    );
  }, 60_000);

  test('tell of a usage plan that somebody opened, and that refuses nobody', async () => {
    const opened = await start({
      spoil: (stack) => {
        for (const plan of stack.node.findAll()) {
          if (plan instanceof CfnUsagePlan && plan.node.path.includes('Exhausted')) plan.throttle = undefined;
        }
      },
    });
    expect(await opened.get('counted')).toBe(200);

    await expectOn(opened, ['PassedRefusal'], async () => expect(await opened.get('counted')).toBe(200));
  }, 60_000);

  test('are all that are to be tried here', () => {
    expect(covered.missing).toEqual(HAS_REDIS ? [] : ['LimitStore']);
  });
});
