import type { LocalGateway } from '../../lib/local';
import type { TemplateResolver } from '../../lib/local/template/resolver';

interface Query {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: { readonly Metric: MetricName };
}

interface MetricName {
  readonly Namespace: string;
  readonly MetricName: string;
}

interface AlarmProperties extends Partial<MetricName> {
  readonly Threshold?: number;
  readonly ThresholdMetricId?: string;
  readonly ComparisonOperator: string;
  readonly Metrics?: readonly Query[];
}

/** Sums of what was counted, up to now. */
interface Counted {
  readonly lines: number;
  readonly serverErrors: number;
  readonly emitted: Readonly<Record<string, number>>;
}

/** Asks a template's alarms what CloudWatch would ask them, over one period of a gateway that was quiet before. */
export class AlarmEvaluation {
  private readonly patterns: ReadonlyMap<string, string>;

  constructor(
    private readonly resolver: TemplateResolver,
    private readonly gateway: LocalGateway,
    /** Added to what functions emitted: of those that nobody calls here. */
    private readonly emittedBeside: Record<string, number> = {},
  ) {
    this.patterns = new Map(
      resolver.idsOf('AWS::Logs::MetricFilter').map((id) => {
        const { FilterPattern, MetricTransformations } = resolver.properties(id);
        const [{ MetricName }] = MetricTransformations as unknown as [MetricName];
        return [MetricName, String(FilterPattern)];
      }),
    );
  }

  /** Ids of the alarms, without the gateway's and the hash. */
  public get names(): string[] {
    return this.resolver.idsOf('AWS::CloudWatch::Alarm').map(nameOf);
  }

  public counted(): Counted {
    const { serverErrors, emitted } = this.gateway.metrics();
    const lines = this.gateway.logs('AccessLogs').length;
    return { lines, serverErrors, emitted: { ...emitted, ...this.emittedBeside } };
  }

  /** Alarms whose condition is met by what was counted since. */
  public met(since: Counted): string[] {
    return this.resolver
      .idsOf('AWS::CloudWatch::Alarm')
      .filter((id) => this.isMet(this.resolver.properties(id) as unknown as AlarmProperties, since))
      .map(nameOf)
      .sort();
  }

  public counts(metric: string, line: object): boolean {
    return matches(this.patterns.get(metric) ?? '', line);
  }

  private isMet(alarm: AlarmProperties, since: Counted): boolean {
    const { Metrics = [], ThresholdMetricId, ComparisonOperator, Threshold } = alarm;
    const values = new Map<string, number>();
    const value = (id: string): number => {
      const query = Metrics.find((one) => one.Id === id);
      if (!query) throw new Error(`no metric ${id}`);
      const known = values.get(id) ?? this.evaluate(query, value, since);
      values.set(id, known);
      return known;
    };
    if (ThresholdMetricId !== undefined) {
      expect(ComparisonOperator).toBe('GreaterThanUpperThreshold');
      const band = Metrics.find(({ Id }) => Id === ThresholdMetricId)?.Expression ?? '';
      const [, id = ''] = /^ANOMALY_DETECTION_BAND\((\w+), \d+\)$/.exec(band) ?? [];
      // of a past in which nothing happened
      return value(id) > 0;
    }
    expect(ComparisonOperator).toBe('GreaterThanThreshold');
    const last = Metrics.find(({ Expression }) => Expression);
    const measured = last ? value(last.Id) : this.measure(alarm as MetricName, since);
    return measured > (Threshold ?? Number.NaN);
  }

  private evaluate({ Expression, MetricStat }: Query, value: (id: string) => number, since: Counted): number {
    if (MetricStat) return this.measure(MetricStat.Metric, since);

    const text = Expression ?? '';
    const [, rule] = /^INSIGHT_RULE_METRIC\("(\w+)", "MaxContributorValue"\)$/.exec(text) ?? [];
    if (rule) return this.greatest(rule, since);
    const [, counted, least] = /^(\w+) \* \(\1 > (\d+)\)$/.exec(text) ?? [];
    if (counted) return value(counted) > Number(least) ? value(counted) : 0;
    const [, one, other] = /^FILL\((\w+), 0\) \+ (\w+)$/.exec(text) ?? [];
    if (one && other) return value(one) + value(other);
    throw new Error(`an expression that is not understood here: ${text}`);
  }

  private measure({ Namespace, MetricName }: MetricName, since: Counted): number {
    switch (`${Namespace}/${MetricName}`) {
      case 'AWS/ApiGateway/5XXError':
        return this.gateway.metrics().serverErrors - since.serverErrors;
      case 'AWS/ApiGateway/Latency':
        return Math.max(0, ...this.lines(since).map((line) => Number(valueAt(line, 'gateway.latency')) || 0));
      case 'AWS/Lambda/Duration':
        return Math.max(
          0,
          ...this.lines(since).map((line) => Number(valueAt(line, 'gateway.authorizer.latency')) || 0),
        );
      case 'AWS/Lambda/Throttles':
      case 'AWS/Lambda/Errors':
        return 0;
      default:
        return Namespace === 'SecureApiGateway' ? this.own(MetricName, since) : 0;
    }
  }

  private own(metric: string, since: Counted): number {
    if (this.patterns.has(metric)) {
      return this.lines(since).filter((line) => this.counts(metric, line)).length;
    }
    const name = `SecureApiGateway/${metric}`;
    return (this.counted().emitted[name] ?? 0) - (since.emitted[name] ?? 0);
  }

  /** Of the contributors of a rule, the one with the most lines. */
  private greatest(ruleName: string, since: Counted): number {
    const rule = this.resolver
      .idsOf('AWS::CloudWatch::InsightRule')
      .map((id) => this.resolver.properties(id))
      .find(({ RuleName }) => RuleName === ruleName);
    const { Contribution } = JSON.parse(String(rule?.['RuleBody']));
    const [{ Match, NotIn }] = Contribution.Filters;
    const counts = new Map<string, number>();
    for (const line of this.lines(since)) {
      if (NotIn.includes(valueAt(line, Match.slice(2)))) continue;
      const key = String(valueAt(line, Contribution.Keys[0].slice(2)));
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return Math.max(0, ...counts.values());
  }

  private lines({ lines }: Counted): object[] {
    return this.gateway
      .logs('AccessLogs')
      .slice(lines)
      .map(({ line }) => JSON.parse(line));
  }
}

function nameOf(id: string): string {
  return /^GatewayAlarms(\w+?)(?:[0-9A-F]{8})?$/.exec(id)?.[1] ?? id;
}

/** Comparisons of fields with texts, all joined by the same sign. */
function matches(pattern: string, line: object): boolean {
  const comparisons = [...pattern.matchAll(/\$\.([\w.]+) (!?=) "([^"]*)"/g)].map(
    ([, field = '', sign, text]) => (valueAt(line, field) === text) === (sign === '='),
  );
  if (comparisons.length === 0) throw new Error(`a filter pattern that is not understood here: ${pattern}`);
  return pattern.includes('||') ? comparisons.some(Boolean) : comparisons.every(Boolean);
}

/** By members of members, as CloudWatch Logs selects. */
function valueAt(line: object, selector: string): unknown {
  return selector
    .split('.')
    .reduce<unknown>(
      (at, name) =>
        typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[name] : undefined,
      line,
    );
}
