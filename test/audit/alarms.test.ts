import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { type AlarmThresholds, ApiKeyStore, Authentication, type OpenApiDocument } from '../../lib';
import { ACCESS_LOG_FIELDS } from '../../lib/audit/access-log-format';
import { AUTHORIZER_METRICS } from '../../lib/protocol/metrics';
import { DOCUMENT, documentOf, ENVIRONMENT, gatewayStack, quickApp } from '../fixtures/gateway';

interface Metric {
  readonly MetricName: string;
  readonly Namespace: string;
  readonly Dimensions: readonly { readonly Name: string }[];
}

interface AlarmProperties {
  readonly AlarmDescription: string;
  readonly MetricName: string;
  readonly Namespace: string;
  readonly Dimensions: readonly { readonly Name: string }[];
  readonly Threshold: number;
  readonly Metrics?: readonly {
    readonly Expression?: string;
    readonly MetricStat?: { readonly Metric: Metric };
  }[];
  readonly AlarmActions?: readonly unknown[];
  readonly OKActions?: readonly unknown[];
  readonly InsufficientDataActions?: readonly unknown[];
  readonly TreatMissingData?: string;
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

  test('of certificates tell too when nobody counts their days any more, which is no alarm', () => {
    const app = quickApp();
    const alarmTopic = new Topic(new Stack(app, 'Watch', { env: ENVIRONMENT }), 'Topic');
    const { stack } = gatewayStack({ backend: { clientCertificate: true }, audit: { alarmTopic } }, app);
    const told = alarmsOf(Template.fromStack(stack)).filter((alarm) => alarm.InsufficientDataActions);

    expect(told.map(({ AlarmDescription }) => AlarmDescription)).toEqual([
      expect.stringContaining('Without data nobody looks'),
      expect.stringContaining('Nobody could tell'),
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
        { Name: 'ApiName', Value: 'Orders' },
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

describe('what only some gateways have to watch', () => {
  const MACHINES = `
openapi: 3.1.0
info: { title: Machines, version: 1.0.0 }
x-gateway: { backend: orders }
components: { securitySchemes: { machine: { type: apiKey, in: header, name: X-Api-Key } } }
security: [{ machine: [] }]
paths:
`;
  const operations = (count: number) =>
    Array.from(
      { length: count },
      (_, index) =>
        `  /p${index}: { get: { x-gateway: { audit: sensitive }, responses: { '200': { description: OK } } } }`,
    ).join('\n');

  function machines(count = 1, alarmThresholds: AlarmThresholds = {}): Template {
    const app = quickApp();
    const shared = new Stack(app, 'Shared', { env: ENVIRONMENT });
    const keys = new ApiKeyStore(shared, 'Keys');
    const { stack } = gatewayStack(
      {
        definition: documentOf(`${MACHINES}${operations(count)}\n`),
        authentication: { machine: Authentication.apiKey({ keys }) },
        audit: { alarmTopic: new Topic(shared, 'Topic'), alarmThresholds },
      },
      app,
    );
    return Template.fromStack(stack);
  }

  test('are alarms and functions that others do not get', () => {
    const names = (template: Template) =>
      Object.keys(template.findResources('AWS::CloudWatch::Alarm')).map((id) => id.slice(13, -8));

    const more = names(machines()).filter((name) => !names(templateOf()).includes(name));

    expect(more.sort()).toEqual(['KeysExpiring', 'RevokedUsed', 'SensitiveNewcomers', 'TenantVolume']);
    templateOf().resourceCountIs('AWS::CloudWatch::InsightRule', 0);
  });

  test('count tenants by a rule on a field that the access log has, and alarm on the busiest', () => {
    const template = machines();
    const [rule] = Object.values(template.findResources('AWS::CloudWatch::InsightRule'));
    const body = JSON.parse(rule?.['Properties'].RuleBody['Fn::Join'][1].map(String).join(''));

    expect(body.Contribution.Keys).toEqual(['$.organization.id']);
    expect(Object.keys(ACCESS_LOG_FIELDS)).toContain('organization.id');
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Metrics: [
        Match.objectLike({
          Expression: `INSIGHT_RULE_METRIC("${rule?.['Properties'].RuleName}", "MaxContributorValue")`,
        }),
      ],
      // half of a thousand a second, over five minutes
      Threshold: 150_000,
      ComparisonOperator: 'GreaterThanThreshold',
    });
  });

  test('stand over the busiest tenant by a number of its own, or by a band only where that is asked for', () => {
    machines(1, { tenantRequests: 500 }).hasResourceProperties('AWS::CloudWatch::Alarm', {
      Metrics: [Match.objectLike({ Expression: Match.stringLikeRegexp('^INSIGHT_RULE_METRIC') })],
      Threshold: 500,
    });
    machines(1, { tenantRequests: 500, tenantBand: true }).hasResourceProperties('AWS::CloudWatch::Alarm', {
      Metrics: Match.arrayWith([
        Match.objectLike({ Expression: 'counted * (counted > 500)' }),
        Match.objectLike({ Expression: Match.stringLikeRegexp('^INSIGHT_RULE_METRIC') }),
      ]),
      ComparisonOperator: 'GreaterThanUpperThreshold',
    });
  });

  test.each<[string, AlarmThresholds, RegExp]>([
    [
      'a count below nothing',
      { serverErrors: -1 },
      /alarmThresholds\.serverErrors.*got -1.*ALARM_THRESHOLD/s,
    ],
    ['a count that is no number', { blocked: Number.NaN }, /alarmThresholds\.blocked.*got NaN/s],
    [
      'as long as the authorizer may take at most',
      { authorizerDuration: Duration.seconds(10) },
      /alarmThresholds\.authorizerDuration.*never goes off, got 10 seconds/s,
    ],
    ['no time', { latency: Duration.millis(0) }, /alarmThresholds\.latency.*longer than nothing/s],
    [
      'a memory that the log has not',
      { sensitiveMemory: Duration.days(400) },
      /kept for 365 days.*400 days ago would look new.*SENSITIVE_MEMORY/s,
    ],
  ])('take no threshold that is %s', (_, thresholds, problem) => {
    expect(() => machines(1, thresholds)).toThrow(problem);
  });

  test('remember callers no longer than the log is kept, and have nothing against a short one beside', () => {
    const kept = (retention: RetentionDays, definition: OpenApiDocument, sensitiveMemory?: Duration) => {
      const app = quickApp();
      const alarmTopic = new Topic(new Stack(app, 'Shared', { env: ENVIRONMENT }), 'Topic');
      const alarmThresholds = sensitiveMemory ? { sensitiveMemory } : {};
      return () => gatewayStack({ definition, audit: { alarmTopic, retention, alarmThresholds } }, app);
    };
    const sensitive = documentOf(
      DOCUMENT.replace(
        'operationId: listOrders',
        'operationId: listOrders\n      x-gateway: { audit: sensitive }',
      ),
    );

    expect(kept(RetentionDays.ONE_WEEK, sensitive)).toThrow(/kept for 7 days.*SENSITIVE_MEMORY/s);
    expect(kept(RetentionDays.ONE_WEEK, sensitive, Duration.days(7))).not.toThrow();
    expect(kept(RetentionDays.ONE_WEEK, documentOf())).not.toThrow();
    expect(kept(RetentionDays.INFINITE, sensitive, Duration.days(4_000))).not.toThrow();
  });

  test('reads the index without hashes, and no table', () => {
    const scans = Object.values(machines().findResources('AWS::IAM::Policy'))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(({ Action }) => [Action].flat().includes('dynamodb:Scan'));

    expect(scans).toHaveLength(1);
    expect(JSON.stringify(scans[0].Resource)).toContain('/index/tenant');
  });

  test('defines no more for many sensitive operations than for one', () => {
    const count = (template: Template) => Object.keys(template.toJSON()['Resources']).length;

    expect(count(machines(40))).toBe(count(machines(1)));
  });

  test('goes off too when a function could not look, and tells when it was not asked to', () => {
    const looking = alarmsOf(machines()).filter(({ Metrics }) =>
      Metrics?.some(({ Expression }) => Expression === 'FILL(found, 0) + failed'),
    );

    expect(looking).toHaveLength(2);
    for (const { Metrics, AlarmActions, InsufficientDataActions, TreatMissingData } of looking) {
      expect(JSON.stringify(Metrics)).toContain('"MetricName":"Errors"');
      // nothing seen is no good news, and no alarm: after the first deployment nobody has looked yet
      expect([TreatMissingData, InsufficientDataActions]).toEqual(['missing', AlarmActions]);
    }
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
