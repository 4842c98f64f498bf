import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Quota } from '../../lib';
import { ACCESS_LOG_FIELDS } from '../../lib/audit/access-log-format';
import { runQuery } from '../../lib/local/emulated/insights/run-query';
import { documentOf, ENVIRONMENT, gatewayStack, quickApp } from '../fixtures/gateway';

interface Widget {
  readonly type: 'text' | 'metric' | 'log' | 'alarm';
  readonly properties: {
    readonly title?: string;
    readonly markdown?: string;
    readonly query?: string;
    readonly annotations?: { readonly horizontal?: readonly { readonly value: number }[] };
    readonly alarms?: readonly string[];
  };
}

const document = (sensitive: number) =>
  documentOf(`
openapi: 3.1.0
info: { title: Orders, version: 1.0.0 }
x-gateway: { backend: orders }
components: { securitySchemes: { customer: { type: http, scheme: bearer } } }
security: [{ customer: [] }]
paths:
  /orders: { get: { operationId: listOrders, responses: { '200': { description: OK } } } }
${Array.from(
  { length: sensitive },
  (_, index) =>
    `  /payouts/${index}: { get: { x-gateway: { audit: sensitive }, responses: { '200': { description: OK } } } }`,
).join('\n')}
`);

function synthesized(sensitive: number) {
  const app = quickApp();
  const alarmTopic = new Topic(new Stack(app, 'Watch', { env: ENVIRONMENT }), 'Topic');
  const { stack, gateway } = gatewayStack(
    {
      definition: document(sensitive),
      tiers: { free: { rate: 5, burst: 10, quota: Quota.perDay(1000) } },
      throttle: { rate: 70, burst: 20 },
      authorizer: { reservedConcurrency: 40 },
      audit: { alarmTopic, dashboard: true },
    },
    app,
  );
  const template = Template.fromStack(stack);
  const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  const body: string = dashboard?.['Properties'].DashboardBody['Fn::Join'][1]
    .map((part: unknown) => (typeof part === 'string' ? part : 'reference'))
    .join('');
  const { widgets } = JSON.parse(body) as { readonly widgets: readonly Widget[] };
  return { template, gateway, body, widgets };
}

const queryOf = ({ properties }: Widget) => (properties.query ?? '').replace(/^(SOURCE '[^']*' \| )+/, '');

describe('the dashboard', () => {
  const { template, gateway, widgets } = synthesized(2);
  const headings = widgets.flatMap(({ properties }) => /^## (.*)/.exec(properties.markdown ?? '')?.[1] ?? []);
  const tables = widgets.filter(({ type }) => type === 'log');

  test('answers in order', () => {
    expect(headings).toEqual([
      'Is it up?',
      'Who is refused, and why?',
      'Who is heavy?',
      'How far from limits?',
      'By backend',
      'By tier',
      'By sensitive operation',
    ]);
  });

  test('is there only where it is asked for: it costs', () => {
    expect(gateway.dashboard).toBeDefined();
    const plain = gatewayStack();
    expect(plain.gateway.dashboard).toBeUndefined();
    Template.fromStack(plain.stack).resourceCountIs('AWS::CloudWatch::Dashboard', 0);
  });

  test('shows every alarm, and the limits as lines', () => {
    const alarms = widgets.flatMap(({ properties }) => properties.alarms ?? []);
    const lines = widgets.flatMap(({ properties }) => properties.annotations?.horizontal ?? []);

    expect(alarms).toHaveLength(Object.keys(template.findResources('AWS::CloudWatch::Alarm')).length);
    expect(lines.map(({ value }) => value)).toEqual([70, 40]);
    expect(JSON.stringify(widgets)).toContain('**free**: 5 a second, 10 at once, 1000 a day');
  });

  test.each(tables.map((widget) => [widget.properties.title, widget]))('asks the log for %s', (_, widget) => {
    const query = queryOf(widget as Widget);
    const names = [...query.matchAll(/\b(?:gateway|http|user|source|organization|error|event)\.[\w.]+/g)];

    expect(() => runQuery(query, [])).not.toThrow();
    expect(Object.keys(ACCESS_LOG_FIELDS)).toEqual(expect.arrayContaining(names.map(([name]) => name)));
  });

  test('has a table for each sensitive operation while they are few, with who used it', () => {
    const line = JSON.stringify({
      event: { action: 'GET /payouts/1' },
      user: { id: 'alice' },
      source: { ip: '192.0.2.1' },
      http: { response: { status_code: '200' } },
    });
    const [first, second] = tables.slice(-2);
    const answer = (widget: Widget | undefined) =>
      runQuery(widget ? queryOf(widget) : '', [{ logGroup: 'access', time: 0, line }]).map((row) =>
        Object.fromEntries(row),
      );

    expect([first, second].map((one) => one?.properties.title)).toEqual(['GET /payouts/0', 'GET /payouts/1']);
    expect(answer(first)).toEqual([]);
    expect(answer(second)).toEqual([expect.objectContaining({ 'user.id': 'alice', requests: 1 })]);
  });

  test('stays within bounds: neither resources nor much of the page grow with the document', () => {
    const many = synthesized(300);
    const count = (one: Template) => Object.keys(one.toJSON()['Resources']).length;

    expect(count(many.template)).toBe(count(template));
    expect(many.widgets.length).toBeLessThanOrEqual(widgets.length);
    expect(many.body.length).toBeLessThan(30_000);
    expect(JSON.stringify(many.widgets)).toMatch(/All but \d+ for which there is no room/);
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
