import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { type AlarmRow, alarmRows, type WatchedFeatures } from './alarm-rows';
import type { AlarmThresholds } from './alarm-thresholds';
import type { GatewayMetrics } from './gateway-metrics';

export interface AlarmParts {
  readonly metrics: GatewayMetrics;
  readonly topic: ITopic;
  readonly thresholds: AlarmThresholds;
  readonly features: WatchedFeatures;
  /** Alarms defined elsewhere that go to the same topic. */
  readonly others: readonly cloudwatch.Alarm[];
  /** Likewise; of these it is told too when they lack data, which they had. */
  readonly talkative: readonly cloudwatch.Alarm[];
}

/** Width of what is usual, in standard deviations: three leave out one period in some hundreds. */
const BAND = 3;

/** The alarms of a gateway, all to one topic, each saying what to do. */
export class GatewayAlarms extends Construct {
  /** The gateway's own, and those defined elsewhere. */
  public readonly alarms: readonly cloudwatch.Alarm[];

  constructor(scope: Construct, id: string, parts: AlarmParts) {
    super(scope, id);
    const { metrics, topic, thresholds, features, others, talkative } = parts;
    const action = new SnsAction(topic);
    const own = alarmRows(metrics, thresholds, features).map((row) => ({ row, alarm: this.define(row) }));
    const steady = own.flatMap(({ row, alarm }) => (row.isSteady ? [alarm] : []));
    this.alarms = [...own.map(({ alarm }) => alarm), ...talkative, ...others];
    for (const alarm of this.alarms) {
      alarm.addAlarmAction(action);
      // those who were called want to know when it is over
      alarm.addOkAction(action);
    }
    for (const alarm of [...steady, ...talkative]) alarm.addInsufficientDataAction(action);
  }

  private define({
    name,
    metric,
    threshold,
    least = 0,
    isSteady = false,
    periods = 1,
    description,
  }: AlarmRow): cloudwatch.Alarm {
    const settings = {
      alarmDescription: description,
      evaluationPeriods: periods,
      // nothing is counted where nothing happens
      treatMissingData: isSteady
        ? cloudwatch.TreatMissingData.MISSING
        : cloudwatch.TreatMissingData.NOT_BREACHING,
    };
    if (threshold === undefined) {
      return new cloudwatch.AnomalyDetectionAlarm(this, name, {
        ...settings,
        metric: above(least, metric),
        stdDevs: BAND,
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_UPPER_THRESHOLD,
      });
    }
    return new cloudwatch.Alarm(this, name, {
      ...settings,
      metric,
      threshold,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    });
  }
}

/** The metric where it is above `least`, and 0 else: to a quiet API any handful would be unusual. */
function above(least: number, counted: cloudwatch.IMetric): cloudwatch.MathExpression {
  return new cloudwatch.MathExpression({
    label: `above ${least}`,
    expression: `counted * (counted > ${least})`,
    usingMetrics: { counted },
    period: Duration.minutes(5),
  });
}
