import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { Duration } from 'aws-cdk-lib';
import { keyItemId } from '../../lib/protocol';
import { answerJson } from '../lambda/authorizer/https-server';
import { Covered } from './fault-cases';
import { World } from './watched-world';

const SLOW_SERVICE = { Respond: '{"takes":11000}' };

describe('the alarms of a gateway, over requests with faults', () => {
  const covered = new Covered('requests');
  let world: World;

  beforeAll(async () => {
    world = await World.start({
      // a slow authorizer makes requests slow, and is to be told from a slow service
      thresholds: { tenantRequests: 30, latency: Duration.seconds(10) },
    });
  }, 60_000);
  afterAll(() => world?.close());

  interface Fault {
    readonly of: string;
    readonly cause: () => Promise<number>;
    readonly status: number;
    readonly alarms: readonly string[];
    /** How many periods it lasts. */
    readonly periods?: number;
  }

  const faults: readonly Fault[] = [
    {
      of: 'requests that pass',
      cause: () => world.often(20, () => world.get('orders')),
      status: 200,
      alarms: [],
    },
    {
      of: 'parameters that break the contract',
      cause: () => world.often(60, () => world.get('orders?limit=x')),
      status: 400,
      alarms: [],
    },
    {
      of: 'a path nobody declared',
      cause: () => world.often(60, () => world.get('nowhere')),
      status: 404,
      alarms: [],
    },
    {
      of: 'tokens that prove nothing',
      cause: () => world.often(51, () => world.send('orders', { Authorization: 'Bearer x.y.z' })),
      status: 401,
      alarms: ['Unauthenticated'],
    },
    {
      of: 'no more tokens that prove nothing than anybody meets with',
      cause: () => world.often(50, () => world.send('orders', { Authorization: 'Bearer x.y.z' })),
      status: 401,
      alarms: [],
    },
    {
      of: 'a role that is missing',
      cause: () => world.often(26, () => world.get('admin')),
      status: 403,
      alarms: ['Forbidden'],
    },
    {
      of: 'identities made up',
      cause: () => world.often(101, () => world.get('orders', { 'X-User-Id': 'root' })),
      status: 403,
      alarms: ['Blocked'],
    },
    {
      of: 'a limit that ran out',
      cause: () => world.often(102, () => world.get('seldom')),
      status: 429,
      alarms: ['RateLimited'],
    },
    {
      of: 'a service that fails',
      cause: () => world.often(6, () => world.get('orders', { Respond: '{"status":503}' })),
      status: 503,
      alarms: ['ServerErrors'],
    },
    {
      of: 'a service that drops connections',
      cause: () => world.often(6, () => world.get('orders', { Respond: '{"drop":true}' })),
      status: 502,
      alarms: ['ServerErrors'],
    },
    {
      of: 'a service that is slow to one in a hundred, for long',
      cause: async () => {
        await world.often(98, () => world.get('orders'));
        return world.often(2, () => world.get('orders', SLOW_SERVICE));
      },
      status: 200,
      alarms: ['Latency'],
      periods: 3,
    },
    {
      of: 'a service that is slow to one in two hundred',
      cause: async () => {
        await world.often(199, () => world.get('orders'));
        return world.get('orders', SLOW_SERVICE);
      },
      status: 200,
      alarms: [],
      periods: 3,
    },
    {
      of: 'an authorizer that is slow, since an issuer is',
      cause: async () => {
        const { sessions } = world;
        const answer = sessions.behave;
        sessions.behave = (...exchange) => {
          world.passed += 4_000;
          answer(...exchange);
        };
        const status = await world.send('orders', { 'X-Session': 'slow' });
        sessions.behave = answer;
        return status;
      },
      status: 200,
      alarms: ['AuthorizerDuration'],
      periods: 3,
    },
    {
      of: 'an issuer that does not say what it knows of its tokens',
      cause: async () => {
        const { sessions } = world;
        const answer = sessions.behave;
        sessions.behave = answerJson({ error: 'down for maintenance' });
        const status = await world.send('orders', { 'X-Session': 'opaque' });
        sessions.behave = answer;
        return status;
      },
      status: 500,
      // its callers find no decision
      alarms: ['IntrospectionFailed', 'Undecided'],
    },
    {
      of: 'an issuer that knows of no such token',
      cause: async () => {
        const { sessions } = world;
        const answer = sessions.behave;
        sessions.behave = answerJson({ active: false });
        const status = await world.send('orders', { 'X-Session': 'gone' });
        sessions.behave = answer;
        return status;
      },
      status: 401,
      alarms: [],
    },
    {
      of: 'a key that is revoked',
      cause: async () => {
        const { id, headers } = await world.keyOf('acme');
        await world.watched.keys.revoke(id);
        return world.send('orders', headers);
      },
      status: 401,
      alarms: ['RevokedUsed'],
    },
    {
      of: 'a key of a plan that API Gateway does not know',
      cause: async () => {
        const { id, headers } = await world.keyOf('acme');
        await world.watched.database.send(
          new UpdateItemCommand({
            TableName: world.watched.keyTable,
            Key: { pk: { S: keyItemId(id) } },
            UpdateExpression: 'SET planKey = :deleted',
            ExpressionAttributeValues: { ':deleted': { S: 'd'.repeat(40) } },
          }),
        );
        return world.send('orders', headers);
      },
      status: 400,
      alarms: ['UnknownPlanKey'],
    },
    {
      of: 'a tenant that calls without end',
      cause: async () => {
        const { headers } = await world.keyOf('acme');
        return world.often(31, () => world.send('orders', headers));
      },
      status: 200,
      alarms: ['TenantVolume'],
    },
    {
      of: 'ten tenants that call as much together',
      cause: async () => {
        const keys = await Promise.all(
          Array.from({ length: 10 }, (_, index) => world.keyOf(`tenant${index}`)),
        );
        let next = 0;
        return world.often(120, () => {
          next += 1;
          return world.send('orders', keys[next % keys.length]?.headers ?? {});
        });
      },
      status: 200,
      alarms: [],
    },
  ];

  test.each(faults)(
    'of $of: $alarms',
    async ({ cause, status, alarms, periods }) => {
      const statuses = new Set<number>();

      const on = await world.periods.alarmsOf(async () => statuses.add(await cause()), alarms, periods);

      expect([...statuses]).toEqual([status]);
      expect(on).toEqual(alarms);
      covered.add(...on);
    },
    60_000,
  );

  test('are all that are to be tried here', () => {
    expect(covered.missing).toEqual([]);
  });
});
