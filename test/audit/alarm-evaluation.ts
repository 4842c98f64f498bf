import type { TemplateResolver } from '../../lib/local/template/resolver';
import { type DataPoint, type Happened, valueAt } from './data-points';

interface MetricName {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
}

interface Query {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: { readonly Metric: MetricName; readonly Stat: string };
}

interface AlarmProperties extends MetricName {
  readonly Threshold: number;
  readonly ThresholdMetricId?: string;
  readonly ComparisonOperator: string;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly TreatMissingData?: 'breaching' | 'notBreaching' | 'missing';
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Metrics?: readonly Query[];
}

const COMPARISONS: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
};

const STATISTICS: Readonly<Record<string, (values: readonly number[]) => number>> = {
  Sum: (values) => values.reduce((sum, value) => sum + value, 0),
  Average: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  Minimum: (values) => Math.min(...values),
  Maximum: (values) => Math.max(...values),
  p99: (values) => [...values].sort((a, b) => a - b)[Math.ceil(values.length * 0.99) - 1] ?? Number.NaN,
};

/**
 * Answers of a template's alarms what CloudWatch would, for periods of which each is as long as the alarm says. Before the
 * first one nothing was unusual, and nothing happened.
 */
export class AlarmEvaluation {
  constructor(private readonly resolver: TemplateResolver) {}

  /** Ids of all alarms. */
  public get names(): string[] {
    return this.resolver.idsOf('AWS::CloudWatch::Alarm').map(nameOf).sort();
  }

  /** Alarms that are on after these periods. */
  public on(periods: readonly Happened[]): string[] {
    return this.resolver
      .idsOf('AWS::CloudWatch::Alarm')
      .filter((id) => this.isOn(this.resolver.properties(id) as unknown as AlarmProperties, periods))
      .map(nameOf)
      .sort();
  }

  private isOn(alarm: AlarmProperties, periods: readonly Happened[]): boolean {
    const { EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods, TreatMissingData = 'missing' } = alarm;
    const last = periods.slice(-EvaluationPeriods);
    const breaching = last.filter((period) => {
      const value = this.valueOf(alarm, period);
      if (value === undefined) return TreatMissingData === 'breaching';
      // of a past in which nothing happened
      if (alarm.ThresholdMetricId !== undefined) return value > 0;
      return comparisonOf(alarm)(value, alarm.Threshold);
    });
    return breaching.length >= DatapointsToAlarm;
  }

  /** Undefined where nobody told anything. */
  private valueOf(alarm: AlarmProperties, period: Happened): number | undefined {
    const { Metrics = [], ThresholdMetricId, Statistic, ExtendedStatistic } = alarm;
    if (Metrics.length === 0) return measure(alarm, Statistic ?? ExtendedStatistic ?? '', period);

    const value = (id: string): number | undefined => {
      const query = Metrics.find(({ Id }) => Id === id);
      if (!query) throw new Error(`no metric ${id}`);
      return this.evaluate(query, value, period);
    };
    if (ThresholdMetricId !== undefined) {
      expect(alarm.ComparisonOperator).toBe('GreaterThanUpperThreshold');
      const band = Metrics.find(({ Id }) => Id === ThresholdMetricId)?.Expression ?? '';
      const [, id = ''] = /^ANOMALY_DETECTION_BAND\((\w+), \d+\)$/.exec(band) ?? [];
      return value(id);
    }
    const [result] = Metrics.filter(({ Expression }) => Expression !== undefined);
    return value(result?.Id ?? '');
  }

  private evaluate(
    { Expression = '', MetricStat }: Query,
    value: (id: string) => number | undefined,
    period: Happened,
  ): number | undefined {
    if (MetricStat) return measure(MetricStat.Metric, MetricStat.Stat, period);

    const [, rule] = /^INSIGHT_RULE_METRIC\("(\w+)", "MaxContributorValue"\)$/.exec(Expression) ?? [];
    if (rule) return this.greatest(rule, period);

    const [, counted, least] = /^(\w+) \* \(\1 > (\d+)\)$/.exec(Expression) ?? [];
    if (counted) {
      const count = value(counted);
      return count === undefined ? undefined : count > Number(least) ? count : 0;
    }
    const [, one, other] = /^FILL\((\w+), 0\) \+ (\w+)$/.exec(Expression) ?? [];
    if (one && other) {
      const second = value(other);
      return second === undefined ? undefined : (value(one) ?? 0) + second;
    }
    const [, metric, namespace, name] =
      /^SELECT SUM\((\w+)\) FROM "([\w/]+)" WHERE FilterName = '([\w-]+)'$/.exec(Expression) ?? [];
    if (metric) {
      const points = period.points.filter(
        (point) =>
          point.namespace === namespace && point.name === metric && point.dimensions['FilterName'] === name,
      );
      return statistic('Sum', points);
    }
    throw new Error(`an expression that is not understood here: ${Expression}`);
  }

  /** Of the contributors of a rule, the one with the most lines. */
  private greatest(ruleName: string, { accessLog }: Happened): number | undefined {
    const rule = this.resolver
      .idsOf('AWS::CloudWatch::InsightRule')
      .map((id) => this.resolver.properties(id))
      .find(({ RuleName }) => RuleName === ruleName);
    const { Contribution } = JSON.parse(String(rule?.['RuleBody']));
    const [{ Match, NotIn }] = Contribution.Filters;
    const counts = new Map<string, number>();
    for (const line of accessLog) {
      if (NotIn.includes(valueAt(line, Match.slice(2)))) continue;
      const key = String(valueAt(line, Contribution.Keys[0].slice(2)));
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return counts.size === 0 ? undefined : Math.max(...counts.values());
  }
}

function comparisonOf({ ComparisonOperator }: AlarmProperties) {
  const compare = COMPARISONS[ComparisonOperator];
  if (!compare) throw new Error(`a comparison that is not understood here: ${ComparisonOperator}`);
  return compare;
}

/** By exactly these dimensions: CloudWatch keeps a metric for each set of them. */
function measure(metric: MetricName, stat: string, { points }: Happened): number | undefined {
  const wanted = (metric.Dimensions ?? []).map(({ Name, Value }) => `${Name}=${Value}`).sort();
  return statistic(
    stat,
    points.filter(
      ({ namespace, name, dimensions }) =>
        namespace === metric.Namespace &&
        name === metric.MetricName &&
        Object.entries(dimensions)
          .map(([key, value]) => `${key}=${value}`)
          .sort()
          .join() === wanted.join(),
    ),
  );
}

function statistic(stat: string, points: readonly DataPoint[]): number | undefined {
  const summed = STATISTICS[stat];
  if (!summed) throw new Error(`a statistic that is not understood here: ${stat}`);
  return points.length === 0 ? undefined : summed(points.map(({ value }) => value));
}

/** Without what constructs and CloudFormation put around it, and without which feed or certificate it is of. */
export function nameOf(id: string): string {
  const name = id.replace(/[0-9A-F]{8}$/, '').replace(/^Gateway(Alarms)?/, '');
  if (name.includes('ThreatFeedsStale')) return 'StaleFeed';
  if (name.includes('ThreatFeedsFailing')) return 'DenialsFailing';
  return name.startsWith('ExpiryAlarm') ? 'ExpiryAlarm' : name;
}
