import type { LocalGateway } from '../../lib/local';
import type { TemplateResolver } from '../../lib/local/template/resolver';

/** A number that somebody told CloudWatch. */
export interface DataPoint {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What happened in one period. */
export interface Happened {
  readonly points: readonly DataPoint[];
  /** Lines of the access log. */
  readonly accessLog: readonly object[];
}

interface Filter {
  readonly logGroup: string;
  readonly pattern: string;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** How far a gateway was read. */
interface Place {
  readonly lines: number;
  readonly requests: number;
  readonly functions: ReturnType<LocalGateway['metrics']>['functions'];
}

/** Reads what CloudWatch would be told of a gateway here: its logs, API Gateway's own metrics and Lambda's. */
export class DataPoints {
  private readonly filters: readonly Filter[];
  private readonly api: Readonly<Record<string, string>>;

  constructor(
    resolver: TemplateResolver,
    private readonly gateway: LocalGateway,
  ) {
    this.filters = resolver.idsOf('AWS::Logs::MetricFilter').map((id) => {
      const { LogGroupName, FilterPattern, MetricTransformations } = resolver.properties(id);
      const [transformation] = MetricTransformations as unknown as [
        { MetricNamespace: string; MetricName: string; Dimensions: { Key: string; Value: string }[] },
      ];
      return {
        logGroup: String(LogGroupName),
        pattern: String(FilterPattern),
        namespace: transformation.MetricNamespace,
        name: transformation.MetricName,
        dimensions: Object.fromEntries(transformation.Dimensions.map(({ Key, Value }) => [Key, Value])),
      };
    });
    const [api = ''] = resolver.idsOf('AWS::ApiGateway::RestApi');
    const [stage = ''] = resolver.idsOf('AWS::ApiGateway::Stage');
    const body = resolver.properties(api)['Body'] as unknown as { info: { title: string } };
    this.api = { ApiName: body.info.title, Stage: String(resolver.properties(stage)['StageName']) };
  }

  public get place(): Place {
    const { gateway } = this;
    const { functions } = gateway.metrics();
    return { lines: gateway.logs().length, requests: gateway.requests().length, functions };
  }

  public since(place: Place): Happened {
    const lines = this.gateway.logs().slice(place.lines);
    const accessLog = lines
      .filter(({ logGroup }) => logGroup.includes('AccessLogs'))
      .map(({ line }): object => JSON.parse(line));
    return {
      accessLog,
      points: [
        ...lines.flatMap(({ line }) => embeddedPoints(line)),
        ...lines.flatMap(({ logGroup, line }) => this.filtered(logGroup, line)),
        ...this.requestsSince(place),
        ...this.invocationsSince(place),
      ],
    };
  }

  private filtered(group: string, text: string): DataPoint[] {
    return this.filters
      .filter(({ logGroup, pattern }) => logGroup === group && matches(pattern, JSON.parse(text)))
      .map(({ namespace, name, dimensions }) => ({
        namespace,
        name,
        dimensions: Object.fromEntries(
          Object.entries(dimensions).map(([key, selector]) => [
            key,
            String(valueAt(JSON.parse(text), selector.slice(2))),
          ]),
        ),
        value: 1,
      }));
  }

  private requestsSince({ requests }: Place): DataPoint[] {
    const namespace = 'AWS/ApiGateway';
    return this.gateway
      .requests()
      .slice(requests)
      .flatMap(({ status, milliseconds }) => [
        { namespace, name: '5XXError', dimensions: this.api, value: status >= 500 ? 1 : 0 },
        { namespace, name: 'Latency', dimensions: this.api, value: milliseconds },
      ]);
  }

  private invocationsSince({ functions }: Place): DataPoint[] {
    return Object.entries(this.gateway.metrics().functions).flatMap(([FunctionName, now]) => {
      const before = functions[FunctionName];
      const point = (name: string, value: number): DataPoint => ({
        namespace: 'AWS/Lambda',
        name,
        dimensions: { FunctionName },
        value,
      });
      return [
        point('Throttles', now.throttles - (before?.throttles ?? 0)),
        point('Errors', now.errors - (before?.errors ?? 0)),
        ...now.durations.slice(before?.durations.length ?? 0).map((value) => point('Duration', value)),
      ];
    });
  }
}

/** Those of a line in CloudWatch's embedded metric format. */
export function embeddedPoints(line: string): DataPoint[] {
  if (!line.includes('"_aws"')) return [];
  const fields = JSON.parse(line);
  const directives: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[] =
    fields._aws.CloudWatchMetrics;
  return directives.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) =>
      Metrics.map(({ Name }) => ({
        namespace: Namespace,
        name: Name,
        dimensions: Object.fromEntries(names.map((name) => [name, String(fields[name])])),
        value: Number(fields[Name]),
      })),
    ),
  );
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
export function valueAt(line: object, selector: string): unknown {
  return selector
    .split('.')
    .reduce<unknown>(
      (at, name) =>
        typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[name] : undefined,
      line,
    );
}
