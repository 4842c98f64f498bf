import { Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { type AlarmThresholds, ApiKeyStore, Authentication, type OpenApiDocument } from '../../lib';
import { ACCESS_LOG_FIELDS } from '../../lib/audit/access-log-format';
import { DOCUMENT, documentOf, ENVIRONMENT, gatewayStack, quickApp } from '../fixtures/gateway';
import { alarmsOf, templateOf } from './alarms-of';

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

  test('may wait as long as the authorizer’s function runs, and no longer', () => {
    const [authorizer] = Object.values(
      machines().findResources('AWS::Lambda::Function', {
        Properties: { Description: Match.stringLikeRegexp('^Authorizer of') },
      }),
    );
    const longest = Duration.seconds(authorizer?.['Properties'].Timeout);
    const short = Duration.millis(longest.toMilliseconds() - 1);

    expect(() => machines(1, { authorizerDuration: short })).not.toThrow();
    expect(() => machines(1, { authorizerDuration: longest })).toThrow(/never goes off/);
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
    // nobody is told, so nothing is remembered
    expect(() =>
      gatewayStack({ definition: sensitive, audit: { retention: RetentionDays.ONE_WEEK } }),
    ).not.toThrow();
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
