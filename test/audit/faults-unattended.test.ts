import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Truststore } from '../../lib';
import { readStackSource } from '../../lib/local/source';
import { TemplateResolver } from '../../lib/local/template/resolver';
import { issue } from '../fixtures/certificates';
import { ENVIRONMENT, gatewayStack, quickApp } from '../fixtures/gateway';
import { AlarmEvaluation } from './alarm-evaluation';
import type { DataPoint } from './data-points';
import { Covered } from './fault-cases';
import { ScheduledFunctions } from './scheduled-functions';
import { World } from './watched-world';

const DAY_SECONDS = 86_400;
const DAY_MILLIS = DAY_SECONDS * 1000;

describe('what nobody sends a request for', () => {
  const covered = new Covered('unattended');
  let now = Date.now();
  let world: World;

  beforeAll(async () => {
    world = await World.start({ clock: () => now });
  }, 60_000);
  afterAll(() => world?.close());

  const expectOn = async (
    alarms: readonly string[],
    cause: () => Promise<readonly DataPoint[]>,
    periods?: number,
  ) => {
    const on = await world.periods.alarmsOf(cause, alarms, periods);
    expect(on).toEqual(alarms);
    covered.add(...on);
  };
  const linesOf = async (cause: () => Promise<unknown>): Promise<string> => {
    const { lines } = world.periods.scheduled;
    const before = lines.length;
    await cause();
    return lines.slice(before).join('');
  };

  test('keys that end soon: used or not, unless there is a successor', async () => {
    const { scheduled } = world.periods;
    const { keys } = world.watched;
    const later = await keys.create({ tenant: 'acme', expiresInSeconds: 15 * DAY_SECONDS });
    const never = await keys.create({ tenant: 'acme', expiresInSeconds: null });
    const { id: rotated } = await keys.create({ tenant: 'acme', expiresInSeconds: 90 * DAY_SECONDS });
    await keys.rotate(rotated, 7 * DAY_SECONDS);
    await expectOn([], () => scheduled.lookForKeys());

    const { id } = await keys.create({ tenant: 'acme', expiresInSeconds: 13 * DAY_SECONDS });
    const told = await linesOf(() => expectOn(['KeysExpiring'], () => scheduled.lookForKeys()));

    expect(told).toContain(`"key":"${id}","tenant":"acme"`);
    for (const other of [later.id, never.id, rotated]) expect(told).not.toContain(other);
    await keys.revoke(id);
    await expectOn([], () => scheduled.lookForKeys());
  });

  test('callers of a sensitive operation who are new to it, and nobody else', async () => {
    const lookForNewcomers = () => world.periods.scheduled.lookForNewcomers(['listPayouts']);
    const call = async (path: string, { headers }: { headers: Record<string, string> }) => {
      expect(await world.send(path, headers)).toBe(200);
    };
    const known = await world.keyOf('acme');
    const other = await world.keyOf('acme');
    await call('payouts', known);
    await call('orders', other);
    now += 2 * DAY_MILLIS;

    await call('payouts', known);
    await call('orders', other);
    await expectOn([], lookForNewcomers);

    await call('payouts', other);
    const told = await linesOf(() => expectOn(['SensitiveNewcomers'], lookForNewcomers));
    expect(told).toContain(`"principal":"key:${other.id}","operation":"listPayouts"`);
    expect(told).not.toContain(known.id);

    now += 31 * DAY_MILLIS;
    await call('payouts', known);
    expect(await linesOf(lookForNewcomers)).toContain(`"principal":"key:${known.id}"`);
  });

  test('the certificate for services, once it ends within 30 days', async () => {
    const { scheduled } = world.periods;
    scheduled.clientCertificateEnds = now + 31 * DAY_MILLIS;
    await expectOn([], () => scheduled.lookForCertificates());

    scheduled.clientCertificateEnds = now + 29 * DAY_MILLIS;
    const certificates = world.watched.resolver.idsOf('AWS::ApiGateway::ClientCertificate');
    await expectOn(
      certificates.map(() => 'ExpiryAlarm'),
      () => scheduled.lookForCertificates(),
    );
  });

  test('a certificate of which API Gateway does not say when it ends', async () => {
    const { scheduled } = world.periods;
    scheduled.clientCertificateEnds = undefined;

    await expectOn(['ExpiryFailing'], () => scheduled.lookForCertificates());
  });

  test('a threat feed that gives no good list for long, or whose function does not run', async () => {
    const { scheduled } = world.periods;
    await expectOn([], async () => []);
    scheduled.feed = async () => {
      throw new Error('the feed is down');
    };
    now += DAY_MILLIS / 2;
    await expectOn([], async () => []);
    // a list that shrank so much is not believed
    scheduled.feed = async () => '';
    now += 7 * DAY_MILLIS;

    await expectOn(['StaleFeed'], async () => []);

    scheduled.feed = async () => '192.88.98.0/24';
    await expectOn([], async () => []);
    scheduled.feedsRun = false;
    await expectOn(['StaleFeed'], async () => []);
    scheduled.feedsRun = true;
  });

  test('a signing key that is not rotated', async () => {
    const { scheduled } = world.periods;
    const pending = { SecretString: '{}' };
    await expectOn([], () => scheduled.rotateSigningKey(async () => pending));

    await expectOn(['SigningKeyRotation'], () =>
      scheduled.rotateSigningKey(async () => {
        throw new Error('Secrets Manager is down');
      }),
    );
  });

  test('a signing key that nobody begins to rotate', async () => {
    const { scheduled } = world.periods;
    const look = (answer: Readonly<Record<string, unknown>>) => () =>
      scheduled.lookAtSigningKey(async () => answer);
    const rotated = (days: number) => ({
      RotationEnabled: true,
      LastRotatedDate: now / 1000 - days * DAY_SECONDS,
    });
    await expectOn([], look(rotated(32)));

    await expectOn(['SigningKeyRotation'], look(rotated(33)));
    await expectOn(['SigningKeyRotation'], look({ ...rotated(1), RotationEnabled: false }));
    await expectOn(['SigningKeyRotation'], look({ RotationEnabled: true }));
  });

  test('denials that do not end, for the run that ends them fails', async () => {
    const { scheduled } = world.periods;
    const failing = async () => {
      throw new Error('the table is down');
    };
    const runs = async (...tables: readonly (() => Promise<[]>)[]) => {
      const points: DataPoint[] = [];
      for (const table of tables) points.push(...(await scheduled.endDenials(table)));
      return points;
    };
    const good = async (): Promise<[]> => [];
    await expectOn([], () => runs(good, failing, good));

    await expectOn(['DenialsFailing'], () => runs(failing, good, failing));
  });

  // what follows AWS tells of its own, and nothing here: the numbers are as its documentation has them

  const one = (
    namespace: string,
    name: string,
    dimensions: Readonly<Record<string, string>>,
    value: number,
  ): DataPoint[] => [{ namespace, name, dimensions, value }];

  test('the certificate of the domain, by the days that ACM counts', async () => {
    const [id = ''] = world.watched.resolver.idsOf('AWS::ApiGateway::DomainName');
    const { RegionalCertificateArn } = world.watched.resolver.properties(id);
    const left = (days: number) => async () =>
      one('AWS/CertificateManager', 'DaysToExpiry', { CertificateArn: String(RegionalCertificateArn) }, days);

    await expectOn([], left(31));
    await expectOn(['DomainCertificateExpiry'], left(29));
  });

  test('a trail that CloudWatch Logs cannot hand on', async () => {
    const [id = ''] = world.watched.resolver.idsOf('AWS::Logs::SubscriptionFilter');
    const FilterName = String(world.watched.resolver.properties(id)['FilterName']);
    const told = (name: string, value: number) => async () =>
      one('AWS/Logs', name, { LogGroupName: 'any', DestinationType: 'Firehose', FilterName }, value);

    await expectOn([], told('DeliveryErrors', 0));
    await expectOn(['TrailErrors'], told('DeliveryErrors', 1));
    await expectOn(['TrailThrottled'], told('DeliveryThrottling', 1), 3);
  });

  test('a trail that its delivery stream does not bring, or brings late', async () => {
    const [id = ''] = world.watched.resolver.idsOf('AWS::KinesisFirehose::DeliveryStream');
    const DeliveryStreamName = String(world.watched.resolver.reference(id));
    const told = (name: string, value: number) => async () =>
      one('AWS/Firehose', `DeliveryToS3.${name}`, { DeliveryStreamName }, value);

    await expectOn([], told('Success', 1), 3);
    await expectOn(['TrailFailing'], told('Success', 0.9), 3);
    await expectOn([], told('DataFreshness', 1_200), 3);
    await expectOn(['TrailLate'], told('DataFreshness', 1_201), 3);
  });

  test('are all that are to be tried here', () => {
    expect(covered.missing).toEqual([]);
  });
});

describe('a truststore', () => {
  const folder = mkdtempSync(join(tmpdir(), 'secure-api-gateway-truststore-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('is told of once the first of its certificates ends within 30 days, and not before', async () => {
    const first = Date.now() + 90 * DAY_MILLIS;
    const file = join(folder, 'partners.pem');
    const authorities = [
      await issue({ name: 'Later' }),
      await issue({ name: 'First', notAfter: new Date(first) }),
    ];
    writeFileSync(file, authorities.map(({ pem }) => pem).join('\n'));
    const app = quickApp();
    const shared = new Stack(app, 'Shared', { env: ENVIRONMENT });
    const hostedZone = HostedZone.fromHostedZoneAttributes(shared, 'Zone', {
      hostedZoneId: 'Z0000000000000000000',
      zoneName: 'example.com',
    });
    gatewayStack(
      {
        domain: {
          domainName: 'api.example.com',
          hostedZone,
          mutualTls: { truststore: Truststore.fromFile(file) },
        },
        audit: { alarmTopic: new Topic(shared, 'Topic') },
      },
      app,
    );
    const source = { assembly: app.synth().directory, stackName: 'Orders' };
    const resolver = new TemplateResolver(readStackSource(source), {});
    const alarms = new AlarmEvaluation(resolver);
    const onWith = async (days: number) => {
      const looking = new ScheduledFunctions({ resolver }, () => first - days * DAY_MILLIS);
      return alarms.on([{ points: await looking.lookForCertificates(), accessLog: [] }]);
    };

    expect(await onWith(31)).toEqual([]);
    expect(await onWith(29)).toEqual(['ExpiryAlarm']);
    expect(await onWith(-1)).toEqual(['ExpiryAlarm']);
  });
});
