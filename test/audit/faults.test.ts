import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { ApiKeyStore, Truststore } from '../../lib';
import { ENVIRONMENT, gatewayStack, quickApp } from '../fixtures/gateway';
import { AlarmEvaluation, nameOf } from './alarm-evaluation';
import { FAULTS } from './fault-cases';
import { World } from './watched-world';

const EXAMPLES = join(__dirname, '../examples/__snapshots__/templates.test.ts.snap');

/** Of templates as they were reviewed. */
function alarmsOfExamples(): string[] {
  let id = '';
  const names = new Set<string>();
  for (const line of readFileSync(EXAMPLES, 'utf8').split('\n')) {
    id = /^ {4}"(\w+)": (?:Object )?\{/.exec(line)?.[1] ?? id;
    if (line.includes('"Type": "AWS::CloudWatch::Alarm"')) names.add(nameOf(id));
  }
  return [...names].sort();
}

describe('a fault is injected', () => {
  test('for each alarm of the gateway that has everything, and for no other', async () => {
    const world = await World.start();
    const { resolver } = world.watched;
    const names = new AlarmEvaluation(resolver).names;
    const alarms = resolver.idsOf('AWS::CloudWatch::Alarm').map((id) => resolver.properties(id));
    await world.close();

    expect([...new Set(names)]).toEqual(Object.keys(FAULTS));
    for (const { AlarmDescription, AlarmActions, OKActions } of alarms) {
      // what happened, and what to do
      expect(AlarmDescription).toMatch(/^.{10,}[.:;] \S.{10,}\.$/);
      expect(AlarmActions).toHaveLength(1);
      expect(OKActions).toEqual(AlarmActions);
    }
  }, 60_000);

  test('for each alarm of the examples', () => {
    const names = alarmsOfExamples();

    expect(names.length).toBeGreaterThan(15);
    expect(names.filter((name) => !(name in FAULTS))).toEqual([]);
  });

  test('for each alarm of a gateway with mutual TLS', () => {
    const app = quickApp();
    const shared = new Stack(app, 'Shared', { env: ENVIRONMENT });
    const bucket = Bucket.fromBucketName(shared, 'Bucket', 'partners');
    const { stack } = gatewayStack(
      {
        domain: {
          domainName: 'api.example.com',
          hostedZone: HostedZone.fromHostedZoneAttributes(shared, 'Zone', {
            hostedZoneId: 'Z0000000000000000000',
            zoneName: 'example.com',
          }),
          mutualTls: {
            truststore: Truststore.fromBucket(bucket, 'partners.pem', '3'),
            revocations: new ApiKeyStore(shared, 'Keys'),
          },
        },
        audit: { alarmTopic: new Topic(shared, 'Topic') },
      },
      app,
    );
    const names = Object.keys(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')).map(nameOf);

    expect(names).toEqual(expect.arrayContaining(['ExpiryAlarm', 'RevokedUsed']));
    expect(names.filter((name) => !(name in FAULTS))).toEqual([]);
  });
});
