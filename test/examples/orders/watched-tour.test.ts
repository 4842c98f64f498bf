import { App, Duration, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { readStackSource } from '../../../lib/local/source';
import { TemplateResolver } from '../../../lib/local/template/resolver';
import { AlarmEvaluation } from '../../audit/alarm-evaluation';
import { DataPoints } from '../../audit/data-points';
import { REVOKE_WITHIN_SECONDS } from './key-life';
import { requestsOf, runTour } from './run-tour';
import { type Sample, startSample } from './sample';
import { OrdersStack } from './stack';
import { stops } from './tour';

describe('the alarms of the orders sample, over the tour,', () => {
  let sample: Sample;
  let resolver: TemplateResolver;

  beforeAll(async () => {
    sample = await startSample({
      synthesized: (issuer) => {
        const app = new App({ builtinCloudFormationValidation: false });
        jest.spyOn(console, 'error').mockReturnValue();
        new OrdersStack(app, 'Orders', {
          issuer,
          audience: 'orders',
          serverName: 'orders.internal.example.com',
          alarmTopic: new Topic(new Stack(app, 'Watch'), 'Topic'),
          revokeWithin: Duration.seconds(REVOKE_WITHIN_SECONDS),
        });
        const { directory } = app.synth();
        resolver = new TemplateResolver(readStackSource({ assembly: directory, stackName: 'Orders' }), {});
        return directory;
      },
    });
  }, 60_000);
  afterAll(() => sample?.close());

  test('tell of the revoked key that is used in it, and of nothing else', async () => {
    const points = new DataPoints(resolver, sample.gateway);
    const { place } = points;

    const outcomes = requestsOf(await runTour(sample, stops(sample)));

    expect(outcomes.filter(({ asExpected }) => !asExpected)).toEqual([]);
    expect(new AlarmEvaluation(resolver).on([points.since(place)])).toEqual(['RevokedUsed']);
  }, 60_000);
});
