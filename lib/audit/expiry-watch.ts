import { Aws, Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { BundledCode } from '../bundled-code';
import { callByRule } from '../call-by-rule';
import {
  EXPIRY_CONFIGURATION,
  EXPIRY_DIMENSION,
  EXPIRY_METRIC,
  type ExpiryConfiguration,
  type StoredCertificates,
} from '../protocol/certificate-expiry';
import { METRICS_NAMESPACE } from '../protocol/metrics';
import type { GatewayLogs } from './gateway-logs';

/** Days before its end at which a certificate is worth an alarm: time to rotate it with its users. */
const ALARM_DAYS = 30;

const LOOKED_AT = Duration.days(1);

const ROTATE = 'Services are shown it: run `certificates rotate`, which says what to deploy in which order.';
const ASK =
  'Callers signed by it are refused then: ask its owner for the next one, and put that into the truststore beside it.';

/**
 * Watches certificates that nobody renews by itself: an alarm each, before it ends, and one if nobody can tell.
 *
 * Those of certificates take silence for neither good nor bad, or each would go off with the first deployment, before
 * the function ran once. They lack data then: give them an action for that, beside the one for the alarm.
 */
export class ExpiryWatch extends Construct {
  public readonly alarms: readonly cloudwatch.Alarm[];
  private readonly handler: lambda.Function;

  constructor(scope: Construct, id: string, configuration: ExpiryConfiguration, logs: GatewayLogs) {
    super(scope, id);

    const handler = this.defineHandler(configuration, logs);
    // twice within the alarms' period, so that none is without a number
    callByRule(this, 'Daily', { scheduleExpression: 'rate(12 hours)' }, handler);

    const { clientCertificates, known, objects } = configuration;
    const shown = Object.keys(clientCertificates).map((name) => this.defineAlarm(name, ROTATE));
    const trusted = Object.keys({ ...known, ...objects }).map((name) => this.defineAlarm(name, ASK));
    this.alarms = [...shown, ...trusted, this.defineFailing(handler)];
    this.handler = handler;
  }

  /** Lets the watch read one version of one object, and nothing else of its bucket. */
  public grantReading(bucket: s3.IBucket, { key, version }: StoredCertificates): void {
    bucket.encryptionKey?.grantDecrypt(this.handler);
    this.handler.addToRolePolicy(
      new iam.PolicyStatement({
        actions: ['s3:GetObjectVersion'],
        resources: [bucket.arnForObjects(key)],
        conditions: { StringEquals: { 's3:VersionId': version } },
      }),
    );
  }

  private defineHandler(configuration: ExpiryConfiguration, logs: GatewayLogs): lambda.Function {
    const logGroup = logs.group(this, 'Logs');
    const role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    for (const certificateId of Object.values(configuration.clientCertificates)) {
      const path = `/clientcertificates/${certificateId}`;
      role.addToPolicy(
        new iam.PolicyStatement({
          actions: ['apigateway:GET'],
          resources: [`arn:${Aws.PARTITION}:apigateway:${Stack.of(this).region}::${path}`],
        }),
      );
    }

    return new lambda.Function(this, 'Handler', {
      description: 'Tells how many days certificates have left',
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: new BundledCode('certificate-expiry'),
      timeout: Duration.minutes(1),
      role,
      logGroup,
      environment: { [EXPIRY_CONFIGURATION]: Stack.of(this).toJsonString(configuration) },
    });
  }

  private defineAlarm(name: string, remedy: string): cloudwatch.Alarm {
    return new cloudwatch.Alarm(this, `Alarm-${name.replaceAll('/', '-')}`, {
      alarmDescription: `The certificate ${name} ends within ${ALARM_DAYS} days. ${remedy} Without data nobody looks any more: see that the function and its schedule are there.`,
      metric: new cloudwatch.Metric({
        namespace: METRICS_NAMESPACE,
        metricName: EXPIRY_METRIC,
        dimensionsMap: { [EXPIRY_DIMENSION]: name },
        statistic: cloudwatch.Stats.MINIMUM,
        period: LOOKED_AT,
      }),
      threshold: ALARM_DAYS,
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.MISSING,
    });
  }

  private defineFailing(handler: lambda.Function): cloudwatch.Alarm {
    return new cloudwatch.Alarm(this, 'Failing', {
      alarmDescription:
        'Nobody could tell when a certificate ends. The log of the function that asks says which, and why.',
      metric: handler.metricErrors({ period: LOOKED_AT, statistic: cloudwatch.Stats.SUM }),
      threshold: 0,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }
}
