import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { ACCESS_LOG_FIELDS } from '../../lib/audit/access-log-format';
import { AUTHORIZER_METRICS } from '../../lib/protocol/metrics';
import { documentOf, ENVIRONMENT, gatewayStack, quickApp } from '../fixtures/gateway';
import { alarmsOf, type Metric, templateOf } from './alarms-of';

const filtersOf = (template: Template) =>
  Object.values(template.findResources('AWS::Logs::MetricFilter')).map(({ Properties }) => Properties);

/** Dollars: ten cents a metric, and three for one with its band. */
function monthly(template: Template): string {
  const cents = alarmsOf(template).map(({ Metrics = [] }) => {
    const counted = Metrics.filter(({ MetricStat }) => MetricStat).length;
    const isBanded = Metrics.some(({ Expression }) => Expression?.startsWith('ANOMALY_DETECTION_BAND'));
    return 10 * (Math.max(counted, 1) + (isBanded ? 2 : 0));
  });
  return (cents.reduce((sum, one) => sum + one, 0) / 100).toFixed(2);
}

describe('the alarms of a gateway', () => {
  const template = templateOf();

  test('are none without a topic, and nothing is counted that costs', () => {
    const plain = Template.fromStack(gatewayStack().stack);

    plain.resourceCountIs('AWS::CloudWatch::Alarm', 0);
    plain.resourceCountIs('AWS::Logs::MetricFilter', 0);
  });

  test('are on a title that CloudWatch takes', () => {
    const app = quickApp();
    const alarmTopic = new Topic(new Stack(app, 'Watch', { env: ENVIRONMENT }), 'Topic');
    const definition = documentOf(`
openapi: 3.1.0
info: { title: Bestellungen für Köln, version: 1.0.0 }
x-gateway: { backend: orders }
components: { securitySchemes: { customer: { type: http, scheme: bearer } } }
security: [{ customer: [] }]
paths:
  /orders: { get: { responses: { '200': { description: OK } } } }
`);

    expect(() => gatewayStack({ definition, audit: { alarmTopic } }, app)).toThrow(/für Köln.*API_TITLE/s);
    expect(() => gatewayStack({ definition })).not.toThrow();
  });

  test('all go to the topic, and say what to do', () => {
    const alarms = alarmsOf(template);

    expect(alarms).toHaveLength(14);
    for (const { AlarmActions, AlarmDescription } of alarms) {
      expect(AlarmActions).toHaveLength(1);
      expect(AlarmDescription).toMatch(/\. |: /);
      expect(AlarmDescription.length).toBeLessThanOrEqual(1024);
    }
  });

  test('of certificates and the signing key tell too when nobody looks at them any more, which is no alarm', () => {
    const app = quickApp();
    const alarmTopic = new Topic(new Stack(app, 'Watch', { env: ENVIRONMENT }), 'Topic');
    const { stack } = gatewayStack({ backend: { clientCertificate: true }, audit: { alarmTopic } }, app);
    const told = alarmsOf(Template.fromStack(stack)).filter((alarm) => alarm.InsufficientDataActions);

    expect(told.map(({ AlarmDescription }) => AlarmDescription)).toEqual([
      expect.stringContaining('Without data nobody looks'),
      expect.stringContaining('Nobody could tell'),
      expect.stringMatching(/^The key that signs identities .*Without data nobody looks/),
    ]);
    for (const { AlarmActions, OKActions, InsufficientDataActions } of told) {
      expect([OKActions, InsufficientDataActions]).toEqual([AlarmActions, AlarmActions]);
    }
  });

  test('watch metrics that somebody writes, by the dimensions he writes them with', () => {
    const counted = filtersOf(template).map(({ MetricTransformations: [{ MetricName }] }) => MetricName);
    const written = new Set<string>([...counted, ...Object.values(AUTHORIZER_METRICS)]);
    const own = alarmsOf(template)
      .flatMap((alarm): Metric[] =>
        alarm.Metrics ? alarm.Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric ?? []) : [alarm],
      )
      .filter(({ Namespace }) => Namespace === 'SecureApiGateway');

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
        { Name: 'ApiName', Value: 'Orders (Orders - Gateway)' },
        { Name: 'Stage', Value: 'prod' },
      ],
    });
  });

  test('of surges go off at what is unusual for the hour, but not at a handful', () => {
    const expressions = alarmsOf(template).flatMap(({ Metrics = [] }) => Metrics);

    for (const least of [50, 25, 100]) {
      expect(expressions).toContainEqual(
        expect.objectContaining({ Expression: `counted * (counted > ${least})`, ReturnData: true }),
      );
    }
    template.resourcePropertiesCountIs(
      'AWS::CloudWatch::Alarm',
      { ThresholdMetricId: Match.anyValue(), ComparisonOperator: 'GreaterThanUpperThreshold' },
      4,
    );
    expect(
      expressions.filter(({ Expression }) => Expression?.startsWith('ANOMALY_DETECTION_BAND(')),
    ).toHaveLength(4);
  });

  test('cost what the README says', () => {
    const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');

    expect(readme).toContain(
      `four with a band at $0.30 (with numbers in place of bands $1.40 in all) | $${monthly(template)} |`,
    );
    expect(monthly(templateOf({ unauthenticated: 1, forbidden: 1, rateLimited: 1, blocked: 1 }))).toBe(
      '1.40',
    );
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
