import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { AlarmThresholds } from '../../lib';
import { ENVIRONMENT, gatewayStack, quickApp } from '../fixtures/gateway';

export interface Metric {
  readonly MetricName: string;
  readonly Namespace: string;
  readonly Dimensions: readonly { readonly Name: string }[];
}

interface AlarmProperties {
  readonly AlarmDescription: string;
  readonly MetricName: string;
  readonly Namespace: string;
  readonly Dimensions: readonly { readonly Name: string }[];
  readonly Threshold: number;
  readonly Metrics?: readonly {
    readonly Expression?: string;
    readonly MetricStat?: { readonly Metric: Metric };
  }[];
  readonly AlarmActions?: readonly unknown[];
  readonly OKActions?: readonly unknown[];
  readonly InsufficientDataActions?: readonly unknown[];
  readonly TreatMissingData?: string;
}

/** A plain gateway with a topic for its alarms. */
export function templateOf(alarmThresholds: AlarmThresholds = {}): Template {
  const app = quickApp();
  const alarmTopic = new Topic(new Stack(app, 'Watch', { env: ENVIRONMENT }), 'Topic');
  return Template.fromStack(gatewayStack({ audit: { alarmTopic, alarmThresholds } }, app).stack);
}

export const alarmsOf = (template: Template) =>
  Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
    ({ Properties }) => Properties as AlarmProperties,
  );
