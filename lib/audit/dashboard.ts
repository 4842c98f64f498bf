import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { type DashboardParts, type Question, questions } from './dashboard-questions';
import type { GatewayMetrics } from './gateway-metrics';

export interface GatewayDashboardProps extends DashboardParts {
  readonly metrics: GatewayMetrics;
  readonly alarms: readonly cloudwatch.IAlarm[];
  /** Requests per second that all callers together may send. */
  readonly rate: number;
  /** Instances of the authorizer that are set aside; the account's where absent. */
  readonly reservedConcurrency?: number;
}

const WIDTH = 24;
const HEIGHT = 6;

/**
 * One page that answers in order: is it up, who is refused and why, who is heavy, how far from limits; then by backend,
 * tier and sensitive operation. Its size is bounded, whatever the document.
 */
export class GatewayDashboard extends Construct {
  public readonly dashboard: cloudwatch.Dashboard;

  constructor(scope: Construct, id: string, props: GatewayDashboardProps) {
    super(scope, id);
    const { refused, heavy, parts } = questions(props);
    this.dashboard = new cloudwatch.Dashboard(this, 'Resource');
    this.dashboard.addWidgets(
      heading('Is it up?', 'Above: the answer. Below: whose fault it is.'),
      ...row([...health(props), ...alarmsOf(props.alarms)]),
      heading(
        'Who is refused, and why?',
        '401 and 403 are the authorizer’s, 429 a limit’s, the rest the web ACL’s.',
      ),
      ...row([refusals(props.metrics), ...refused.map(table)]),
      heading('Who is heavy?', 'A tenant, a caller, an address: `keys usage` shows what a key did.'),
      ...row(heavy.map(table)),
      heading('How far from limits?', 'A line that touches the red one is refused or throttled.'),
      ...row(limits(props)),
      ...parts.flatMap(({ title, text, asked }) => [heading(title, text), ...rows(asked.map(table))]),
    );
  }
}

function heading(title: string, text: string): cloudwatch.IWidget {
  return new cloudwatch.TextWidget({ markdown: `## ${title}\n${text}`, width: WIDTH, height: 2 });
}

function row(widgets: readonly ((width: number) => cloudwatch.IWidget)[]): cloudwatch.IWidget[] {
  const width = Math.floor(WIDTH / Math.max(widgets.length, 1));
  return [new cloudwatch.Row(...widgets.map((widget) => widget(width)))];
}

/** Two in a row. */
function rows(widgets: readonly ((width: number) => cloudwatch.IWidget)[]): cloudwatch.IWidget[] {
  return Array.from({ length: Math.ceil(widgets.length / 2) }, (_, at) =>
    row(widgets.slice(2 * at, 2 * at + 2)),
  ).flat();
}

const table =
  ({ title, logGroups, query }: Question) =>
  (width: number) =>
    new cloudwatch.LogQueryWidget({
      title,
      logGroupNames: logGroups.map(({ logGroupName }) => logGroupName),
      queryString: query,
      width,
      height: HEIGHT,
    });

const graph =
  (title: string, left: readonly cloudwatch.IMetric[], options: Partial<cloudwatch.GraphWidgetProps> = {}) =>
  (width: number) =>
    new cloudwatch.GraphWidget({ title, left: [...left], width, height: HEIGHT, ...options });

function health({ metrics }: GatewayDashboardProps) {
  return [
    graph('Requests', [metrics.requests({ label: 'requests' })], {
      right: [metrics.serverErrors({ label: '5xx' }), metrics.authorizerFailures({ label: 'no decision' })],
    }),
    graph('Latency, ms', [
      metrics.latency({ label: 'half', statistic: 'p50' }),
      metrics.latency({ label: 'one in a hundred' }),
      metrics.authorizerDuration({ label: 'authorizer, one in a hundred' }),
    ]),
  ];
}

function alarmsOf(alarms: readonly cloudwatch.IAlarm[]) {
  if (alarms.length === 0) return [];
  return [
    (width: number) =>
      new cloudwatch.AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width, height: HEIGHT }),
  ];
}

function refusals(metrics: GatewayMetrics) {
  return graph('Refused', [
    metrics.authorizer('contractRefused', { label: '400 parameters' }),
    metrics.authorizer('unauthenticated', { label: '401' }),
    metrics.authorizer('forbidden', { label: '403' }),
    metrics.rateLimited({ label: '429' }),
    metrics.blocked({ label: 'web ACL' }),
  ]);
}

function limits({ metrics, rate, reservedConcurrency }: GatewayDashboardProps) {
  const perSecond = new cloudwatch.MathExpression({
    label: 'requests per second',
    expression: 'requests / PERIOD(requests)',
    usingMetrics: { requests: metrics.requests() },
  });
  const line = (value: number, label: string) => [{ value, label, color: cloudwatch.Color.RED }];
  return [
    graph('All callers', [perSecond], { leftAnnotations: line(rate, 'throttle of the stage') }),
    graph('Instances of the authorizer', [metrics.authorizerConcurrency()], {
      ...(reservedConcurrency !== undefined && { leftAnnotations: line(reservedConcurrency, 'set aside') }),
    }),
    graph('Throttled', [
      metrics.authorizerThrottles({ label: 'authorizer' }),
      metrics.authorizer('limited', { label: 'exact limits' }),
    ]),
  ];
}
