import type * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import type { ILogSubscriptionDestination } from 'aws-cdk-lib/aws-logs';
import { FirehoseDestination } from 'aws-cdk-lib/aws-logs-destinations';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Problem } from '../errors';
import { AuditArchive } from './audit-archive';
import { type AuditArchiveOptions, archiveProblems } from './audit-archive-options';
import type { GatewayLogs } from './gateway-logs';
import { logsMayPut } from './logs-may-put';

/** Where a delivery stream delivers to, as CloudWatch names its metrics. */
export enum FirehoseTarget {
  /** Amazon S3. */
  S3 = 'S3',
  /** An HTTP endpoint: Elastic, Datadog, Sumo Logic and others. */
  HTTP_ENDPOINT = 'HttpEndpoint',
  /** Splunk's HTTP event collector. */
  SPLUNK = 'Splunk',
  /** Snowflake. */
  SNOWFLAKE = 'Snowflake',
}

/** Where the trail goes once its constructs are there. */
export interface BoundExport {
  readonly destination: ILogSubscriptionDestination;
  /** Whose deliveries can be watched; none where something else takes the lines. */
  readonly delivery?: { readonly stream: firehose.IDeliveryStream; readonly target: FirehoseTarget };
  readonly archive?: IBucket;
}

/**
 * Where the trail of a gateway goes beside its log groups: the access log, what the authorizer refused, the log of the
 * web ACL. Lines leave by subscription filters, masked: data protection of CloudWatch Logs holds "at all egress
 * points, including CloudWatch Logs Insights, metric filters, and subscription filters"
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/mask-sensitive-log-data.html).
 */
export abstract class AuditExport {
  /**
   * To a delivery stream of yours in this account and region, and with it to a SIEM. Let it decompress what it gets
   * (`DecompressionProcessor`) and take the messages out (`CloudWatchLogProcessor`).
   *
   * @param target where the stream delivers to, by which its failures are known.
   */
  public static firehose(stream: firehose.IDeliveryStream, target: FirehoseTarget): AuditExport {
    return new StreamExport(stream, target);
  }

  /**
   * To a new bucket whose objects are locked, one line of JSON for each event, compressed. In the lock's default mode
   * those with `s3:BypassGovernanceRetention` can still delete them: see `objectLock`.
   */
  public static s3(options: AuditArchiveOptions = {}): AuditExport {
    return new ArchiveExport(options);
  }

  /**
   * To whatever takes subscriptions: a function, a Kinesis stream, a destination of another account. What becomes of
   * the lines there is for its owner to watch.
   */
  public static subscription(destination: ILogSubscriptionDestination): AuditExport {
    return new SubscriptionExport(destination);
  }

  /** @internal */
  public _problems(_at: string): Problem[] {
    return [];
  }

  /** @internal */
  public abstract _bind(scope: Construct, logs: GatewayLogs): BoundExport;
}

class SubscriptionExport extends AuditExport {
  constructor(private readonly destination: ILogSubscriptionDestination) {
    super();
  }

  /** @internal */
  public _bind(): BoundExport {
    return { destination: this.destination };
  }
}

class StreamExport extends AuditExport {
  constructor(
    private readonly stream: firehose.IDeliveryStream,
    private readonly target: FirehoseTarget,
  ) {
    super();
  }

  /** @internal */
  public _bind(scope: Construct): BoundExport {
    const { stream, target } = this;
    const destination = new FirehoseDestination(stream, { role: logsMayPut(scope) });
    return { destination, delivery: { stream, target } };
  }
}

class ArchiveExport extends AuditExport {
  constructor(private readonly options: AuditArchiveOptions) {
    super();
  }

  /** @internal */
  public override _problems(at: string): Problem[] {
    return archiveProblems(at, this.options);
  }

  /** @internal */
  public _bind(scope: Construct, logs: GatewayLogs): BoundExport {
    const { stream, bucket } = new AuditArchive(scope, 'Archive', { ...this.options, logs });
    return {
      destination: new FirehoseDestination(stream, { role: logsMayPut(scope) }),
      delivery: { stream, target: FirehoseTarget.S3 },
      archive: bucket,
    };
  }
}
