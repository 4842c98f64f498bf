import { METRICS_DIMENSION, METRICS_NAMESPACE } from '../../lib/protocol/metrics';

/** A log line that is a metric, in CloudWatch's embedded metric format. */
export function watchMetric(apiId: string, name: string, value: number, now: number): string {
  return `${JSON.stringify({
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [
        {
          Namespace: METRICS_NAMESPACE,
          Dimensions: [[METRICS_DIMENSION]],
          Metrics: [{ Name: name, Unit: 'Count' }],
        },
      ],
    },
    [METRICS_DIMENSION]: apiId,
    [name]: value,
  })}\n`;
}
