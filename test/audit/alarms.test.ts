import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { AlarmThresholds } from '../../lib';
import { ACCESS_LOG_FIELDS } from '../../lib/audit/access-log-format';
import { AUTHORIZER_METRICS } from '../../lib/protocol/metrics';
import { gatewayStack, quickApp } from '../fixtures/gateway';

interface AlarmProperties {
  readonly AlarmDescription: string;
  readonly MetricName: string;
  readonly Namespace: string;
  readonly Dimensions: readonly { readonly Name: string }[];
  readonly Threshold: number;
  readonly AlarmActions?: readonly unknown[];
}

function templateOf(alarmThresholds: AlarmThresholds = {}): Template {
  const app = quickApp();
  const alarmTopic = new Topic(
    new Stack(app, 'Watch', { env: { account: '111111111111', region: 'eu-west-1' } }),
    'Topic',
  );
  return Template.fromStack(gatewayStack({ audit: { alarmTopic, alarmThresholds } }, app).stack);
}

const alarmsOf = (template: Template) =>
  Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
    ({ Properties }) => Properties as AlarmProperties,
  );

const filtersOf = (template: Template) =>
  Object.values(template.findResources('AWS::Logs::MetricFilter')).map(({ Properties }) => Properties);

describe('the alarms of a gateway', () => {
  const template = templateOf();

  test('are none without a topic, and nothing is counted that costs', () => {
    const plain = Template.fromStack(gatewayStack().stack);

    plain.resourceCountIs('AWS::CloudWatch::Alarm', 0);
    plain.resourceCountIs('AWS::Logs::MetricFilter', 0);
  });

  test('all go to the topic, and say what to do', () => {
    const alarms = alarmsOf(template);

    expect(alarms).toHaveLength(13);
    for (const { AlarmActions, AlarmDescription } of alarms) {
      expect(AlarmActions).toHaveLength(1);
      expect(AlarmDescription).toMatch(/\. |: /);
      expect(AlarmDescription.length).toBeLessThanOrEqual(1024);
    }
  });

  test('watch metrics that somebody writes, by the dimensions he writes them with', () => {
    const counted = filtersOf(template).map(({ MetricTransformations: [{ MetricName }] }) => MetricName);
    const written = new Set<string>([...counted, ...Object.values(AUTHORIZER_METRICS)]);
    const own = alarmsOf(template).filter(({ Namespace }) => Namespace === 'SecureApiGateway');

    expect(own).toHaveLength(9);
    for (const { MetricName, Dimensions } of own) {
      expect(written).toContain(MetricName);
      expect(Dimensions.map(({ Name }) => Name)).toEqual(['ApiId']);
    }
  });

  test('count fields that the access log has', () => {
    const fields = filtersOf(template).flatMap(({ FilterPattern, MetricTransformations: [{ Dimensions }] }) =>
      [...`${FilterPattern} ${Dimensions[0].Value}`.matchAll(/\$\.([\w.]+)/g)].map(([, field]) => field),
    );

    expect(fields.length).toBeGreaterThan(8);
    expect(Object.keys(ACCESS_LOG_FIELDS)).toEqual(expect.arrayContaining(fields));
  });

  test('take the name of the API from its document, as API Gateway does', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: '5XXError',
      Dimensions: [
        { Name: 'ApiName', Value: 'Orders' },
        { Name: 'Stage', Value: 'prod' },
      ],
    });
  });

  test('go off where they are told to', () => {
    const thresholds = alarmsOf(templateOf({ serverErrors: 50, blocked: 7 }));

    expect(thresholds.find(({ MetricName }) => MetricName === '5XXError')?.Threshold).toBe(50);
    expect(thresholds.find(({ MetricName }) => MetricName === 'Blocked')?.Threshold).toBe(7);
  });
});

describe('the metrics of a gateway', () => {
  test('are counted once, however many ask', () => {
    const { stack, gateway } = gatewayStack();

    const metric = gateway.metricBlocked();
    gateway.metricBlocked({ statistic: 'max' });

    expect(metric.metricName).toBe('Blocked');
    Template.fromStack(stack).resourceCountIs('AWS::Logs::MetricFilter', 1);
  });
});

describe('saved queries', () => {
  test('join the three logs by the id of a request', () => {
    const queries = Template.fromStack(gatewayStack().stack);

    queries.hasResourceProperties('AWS::Logs::QueryDefinition', {
      Name: 'Orders/Gateway/what became of a request',
      LogGroupNames: [Match.anyValue(), Match.anyValue(), Match.anyValue()],
      QueryString: Match.stringLikeRegexp(
        'http.request.id = .* or requestId = .* or httpRequest.requestId = ',
      ),
    });
  });
});
