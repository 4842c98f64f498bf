import { Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { BundledCode } from '../bundled-code';
import { callByRule } from '../call-by-rule';
import { WATCH_CONFIGURATION } from '../protocol/watches';
import type { GatewayLogs } from './gateway-logs';

export interface ScheduledWatchProps {
  /** Name of its bundle, and further files in it. */
  readonly bundle: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly description: string;
  readonly configuration: object;
  readonly every: Duration;
  readonly permissions: readonly iam.PolicyStatement[];
  readonly logs: GatewayLogs;
}

/** A function that looks for something from time to time, and writes what it found as a metric. */
export class ScheduledWatch extends Construct {
  public readonly handler: lambda.Function;

  private readonly every: Duration;

  constructor(scope: Construct, id: string, props: ScheduledWatchProps) {
    super(scope, id);
    const { bundle, files = {}, description, configuration, every, permissions, logs } = props;
    this.every = every;

    const logGroup = logs.group(this, 'Logs');
    const role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    for (const permission of permissions) role.addToPolicy(permission);
    this.handler = new lambda.Function(this, 'Handler', {
      description: description.slice(0, 256),
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: new BundledCode(bundle, files),
      timeout: Duration.minutes(10),
      role,
      logGroup,
      environment: { [WATCH_CONFIGURATION]: Stack.of(this).toJsonString(configuration) },
    });

    const { expressionString: scheduleExpression } = events.Schedule.rate(every);
    callByRule(this, 'Schedule', { scheduleExpression }, this.handler);
  }

  /**
   * What it found, plus one for each run that failed: who cannot look must not seem to have seen nothing. No data if
   * it did not run at all, for Lambda counts the errors of each run, none too.
   */
  public alarming(found: cloudwatch.Metric): cloudwatch.IMetric {
    // twice the time between two runs, so that one is always within
    const period = Duration.seconds(Math.min(2 * this.every.toSeconds(), 86_400));
    return new cloudwatch.MathExpression({
      label: found.metricName,
      expression: 'FILL(found, 0) + failed',
      usingMetrics: {
        found: found.with({ period, statistic: cloudwatch.Stats.MAXIMUM }),
        failed: this.handler.metricErrors({ period, statistic: cloudwatch.Stats.SUM }),
      },
      period,
    });
  }
}
