import {
  EXPIRY_DIMENSION,
  EXPIRY_METRIC,
  type ExpiryConfiguration,
  earliestEnd,
  type StoredCertificates,
} from '../../lib/protocol/certificate-expiry';
import { METRICS_NAMESPACE } from '../../lib/protocol/metrics';

export interface ExpiryDependencies {
  readonly configuration: ExpiryConfiguration;
  /** When a client certificate of API Gateway ends, in milliseconds of Unix time. */
  readonly endOf: (clientCertificateId: string) => Promise<number>;
  /** Certificates in PEM. */
  readonly read: (object: StoredCertificates) => Promise<string>;
  readonly now: () => number;
  readonly write: (line: string) => void;
}

const DAY_MILLIS = 24 * 60 * 60 * 1000;

/** Tells how many days each certificate has left. One that cannot be asked after fails the run, and its metric stays away. */
export function createHandler({ configuration, endOf, read, now, write }: ExpiryDependencies) {
  return async (): Promise<void> => {
    const tell = (name: string, end: number) => write(metricLine(name, (end - now()) / DAY_MILLIS, now()));
    for (const [name, end] of Object.entries(configuration.known)) tell(name, end);

    const { clientCertificates, objects } = configuration;
    const asked = await Promise.allSettled([
      ...Object.entries(clientCertificates).map(async ([name, id]) => tell(name, await endOf(id))),
      ...Object.entries(objects).map(async ([name, object]) => tell(name, earliestEnd(await read(object)))),
    ]);
    const failed = asked.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  };
}

/** CloudWatch's embedded metric format: a log line that is a metric. */
function metricLine(certificate: string, days: number, timestamp: number): string {
  return `${JSON.stringify({
    _aws: {
      Timestamp: timestamp,
      CloudWatchMetrics: [
        {
          Namespace: METRICS_NAMESPACE,
          Dimensions: [[EXPIRY_DIMENSION]],
          Metrics: [{ Name: EXPIRY_METRIC }],
        },
      ],
    },
    [EXPIRY_DIMENSION]: certificate,
    [EXPIRY_METRIC]: days,
  })}\n`;
}
