import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import {
  AUTHORIZER_METRICS,
  CREDENTIAL_METRICS,
  METRICS_DIMENSION,
  METRICS_NAMESPACE,
  WATCH_METRICS,
} from '../protocol/metrics';

export interface MeasuredGateway {
  readonly apiId: string;
  /** By which API Gateway's own metrics know the API: its id is none of their dimensions. */
  readonly apiName: string;
  readonly stageName: string;
  readonly accessLogGroup: ILogGroup;
  readonly authorizerFunction: lambda.IFunction;
}

const PERIOD = Duration.minutes(5);
const SUM = cloudwatch.Stats.SUM;
const COUNTED_BY_AUTHORIZER = { ...AUTHORIZER_METRICS, ...CREDENTIAL_METRICS };

/**
 * What of a gateway can be measured. API Gateway's own metrics cost nothing; what they do not tell is counted in the
 * access log, once somebody asks for it.
 */
export class GatewayMetrics extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly measured: MeasuredGateway,
  ) {
    super(scope, id);
  }

  public requests(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.ofApi('Count', SUM, options);
  }

  public serverErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.ofApi('5XXError', SUM, options);
  }

  public latency(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.ofApi('Latency', 'p99', options);
  }

  public rateLimited(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.counted('RateLimited', '{ $.http.response.status_code = "429" }', options);
  }

  public blocked(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.counted('Blocked', '{ $.gateway.waf.verdict = "WAF_BLOCK" }', options);
  }

  /** Plan keys that API Gateway does not know, or not yet: refusals by contract, which use one on purpose, are not counted. */
  public unknownPlanKeys(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    const pattern = '{ ($.error.type = "INVALID_API_KEY") && ($.error.code != "CONTRACT_VIOLATION") }';
    return this.counted('UnknownPlanKey', pattern, options);
  }

  /** Requests over a limit that a usage plan let through all the same: AWS promises no plan to be exact. */
  public passedRefusals(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    const pattern = '{ ($.error.code = "RATE_LIMITED") && ($.gateway.integration.status != "-") }';
    return this.counted('PassedRefusal', pattern, options);
  }

  /** Requests that found no decision, for whatever reason: the function failed, timed out, or was throttled. */
  public authorizerFailures(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    const pattern =
      '{ ($.error.type = "AUTHORIZER_FAILURE") || ($.error.type = "AUTHORIZER_CONFIGURATION_ERROR") }';
    return this.counted('Undecided', pattern, options);
  }

  public authorizer(
    name: keyof typeof COUNTED_BY_AUTHORIZER,
    options?: cloudwatch.MetricOptions,
  ): cloudwatch.Metric {
    return this.own(COUNTED_BY_AUTHORIZER[name], options);
  }

  /** What a scheduled function found. */
  public watched(name: keyof typeof WATCH_METRICS, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.own(WATCH_METRICS[name], options);
  }

  public authorizerThrottles(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.measured.authorizerFunction.metricThrottles({ period: PERIOD, statistic: SUM, ...options });
  }

  /** Instances at work. */
  public authorizerConcurrency(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.measured.authorizerFunction.metric('ConcurrentExecutions', {
      period: PERIOD,
      statistic: cloudwatch.Stats.MAXIMUM,
      ...options,
    });
  }

  public authorizerDuration(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.measured.authorizerFunction.metricDuration({ period: PERIOD, statistic: 'p99', ...options });
  }

  private ofApi(
    metricName: string,
    statistic: string,
    options?: cloudwatch.MetricOptions,
  ): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: 'AWS/ApiGateway',
      metricName,
      dimensionsMap: { ApiName: this.measured.apiName, Stage: this.measured.stageName },
      period: PERIOD,
      statistic,
      ...options,
    });
  }

  private counted(name: string, pattern: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    if (!this.node.tryFindChild(name)) {
      new MetricFilter(this, name, {
        logGroup: this.measured.accessLogGroup,
        filterPattern: FilterPattern.literal(pattern),
        metricNamespace: METRICS_NAMESPACE,
        metricName: name,
        metricValue: '1',
        dimensions: { [METRICS_DIMENSION]: '$.service.id' },
      });
    }
    return this.own(name, options);
  }

  private own(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: METRICS_NAMESPACE,
      metricName,
      dimensionsMap: { [METRICS_DIMENSION]: this.measured.apiId },
      period: PERIOD,
      statistic: SUM,
      ...options,
    });
  }
}
