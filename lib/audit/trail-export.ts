import { Duration, Names } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { IDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { FilterPattern, type IFilterPattern, type ILogGroup, SubscriptionFilter } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { AuditExport, BoundExport } from './audit-export';
import type { GatewayLogs } from './gateway-logs';
import type { QueriedLogs } from './saved-queries';

export interface TrailExportProps {
  readonly target: AuditExport;
  /** What is exported. */
  readonly trail: QueriedLogs;
  readonly logs: GatewayLogs;
}

const PERIOD = Duration.minutes(5);

/** How old the oldest line may be that was not delivered: a delivery stream waits for five minutes by itself. */
const LATEST = Duration.minutes(20);

/** Sends the trail on, and says when that fails. */
export class TrailExport extends Construct {
  public readonly alarms: readonly cloudwatch.Alarm[];

  /** The bucket it goes to, if there is one of ours. */
  public readonly archive?: IBucket;

  /** The delivery stream by which it leaves, if it does by one. */
  public readonly stream?: IDeliveryStream;

  constructor(scope: Construct, id: string, { target, trail, logs }: TrailExportProps) {
    super(scope, id);
    const { destination, delivery, archive } = target._bind(this, logs);
    if (archive) this.archive = archive;
    if (delivery) this.stream = delivery.stream;

    const filterName = Names.uniqueResourceName(this, { maxLength: 128, separator: '-' });
    const subscribe = (name: string, logGroup: ILogGroup, filterPattern: IFilterPattern) =>
      new SubscriptionFilter(this, name, { logGroup, destination, filterPattern, filterName });
    subscribe('Access', trail.access, FilterPattern.allEvents());
    // the runtime's own lines are no part of the trail
    subscribe('Authorizer', trail.authorizer, FilterPattern.exists('$.level'));
    if (trail.webAcl) subscribe('WebAcl', trail.webAcl, FilterPattern.allEvents());

    this.alarms = [...this.watchSubscriptions(filterName), ...(delivery ? this.watchDelivery(delivery) : [])];
  }

  /**
   * By a query, since AWS does not say by which names of destinations these metrics are kept; all filters here have one
   * name, which no other has.
   */
  private watchSubscriptions(filterName: string): cloudwatch.Alarm[] {
    const summed = (metric: string) =>
      new cloudwatch.MathExpression({
        expression: `SELECT SUM(${metric}) FROM "AWS/Logs" WHERE FilterName = '${filterName}'`,
        usingMetrics: {},
        label: metric,
        period: PERIOD,
      });
    return [
      this.define('Errors', summed('DeliveryErrors'), {
        threshold: 0,
        alarmDescription:
          'CloudWatch Logs cannot hand on the audit trail, and drops it after a day. See that the destination is there, and its role and key.',
      }),
      this.define('Throttled', summed('DeliveryThrottling'), {
        threshold: 0,
        evaluationPeriods: 3,
        alarmDescription:
          'The destination of the audit trail takes less than is sent, and what waits for a day is dropped. Raise its quota.',
      }),
    ];
  }

  private watchDelivery({ stream, target }: NonNullable<BoundExport['delivery']>): cloudwatch.Alarm[] {
    const name = (metric: string) => `DeliveryTo${target}.${metric}`;
    return [
      this.define('Failing', stream.metric(name('Success'), { period: PERIOD, statistic: 'Average' }), {
        threshold: 1,
        comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
        evaluationPeriods: 3,
        alarmDescription:
          "The delivery stream fails to deliver the audit trail. Its error log says why; see the destination's permissions, key and token.",
      }),
      this.define('Late', stream.metric(name('DataFreshness'), { period: PERIOD, statistic: 'Maximum' }), {
        threshold: LATEST.toSeconds(),
        evaluationPeriods: 3,
        alarmDescription:
          'The audit trail reaches its destination late. See whether the destination answers, and the error log of the delivery stream.',
      }),
    ];
  }

  private define(
    id: string,
    metric: cloudwatch.IMetric,
    props: Pick<cloudwatch.AlarmProps, 'threshold' | 'alarmDescription'> & Partial<cloudwatch.AlarmProps>,
  ): cloudwatch.Alarm {
    return new cloudwatch.Alarm(this, id, {
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      ...props,
      metric,
    });
  }
}
