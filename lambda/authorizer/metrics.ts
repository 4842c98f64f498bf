import { METRICS_DIMENSION, METRICS_NAMESPACE } from '../../lib/protocol/metrics';

/** Metrics of one log line, in CloudWatch's embedded metric format: counting costs no call. */
export function embeddedMetrics(
  apiId: string,
  metrics: Readonly<Record<string, number>>,
  now: number,
): Record<string, unknown> {
  return {
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [
        {
          Namespace: METRICS_NAMESPACE,
          Dimensions: [[METRICS_DIMENSION]],
          Metrics: Object.keys(metrics).map((Name) => ({ Name, Unit: 'Count' })),
        },
      ],
    },
    [METRICS_DIMENSION]: apiId,
    ...metrics,
  };
}
