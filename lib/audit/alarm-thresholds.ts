import type { Duration } from 'aws-cdk-lib';

/**
 * Above what a gateway's alarms go off: requests within five minutes, if nothing else is said. Where nothing is set,
 * surges are told by CloudWatch's anomaly detection: what is unusual for the hour of the week.
 */
export interface AlarmThresholds {
  /**
   * Answers with a status of 500 and above.
   *
   * @default 5
   */
  readonly serverErrors?: number;

  /**
   * Requests refused with 401.
   *
   * @default - what is unusual for the hour, if above 50
   */
  readonly unauthenticated?: number;

  /**
   * Requests refused with 403 by the authorizer.
   *
   * @default - what is unusual for the hour, if above 25
   */
  readonly forbidden?: number;

  /**
   * Requests refused with 429.
   *
   * @default - what is unusual for the hour, if above 100
   */
  readonly rateLimited?: number;

  /**
   * Requests refused by the web ACL.
   *
   * @default - what is unusual for the hour, if above 100
   */
  readonly blocked?: number;

  /**
   * What one request in a hundred may take, the service's time included.
   *
   * @default Duration.seconds(3)
   */
  readonly latency?: Duration;

  /**
   * What one decision of the authorizer in a hundred may take, cold starts included.
   *
   * @default Duration.seconds(3)
   */
  readonly authorizerDuration?: Duration;

  /**
   * Requests of one tenant.
   *
   * @default - half of what the stage's throttle lets all callers send in five minutes
   */
  readonly tenantRequests?: number;

  /**
   * Tells the busiest tenant by anomaly detection: what is unusual for the hour, if above `tenantRequests` (1,000
   * unless said otherwise). AWS does not say that a band may stand over a Contributor Insights rule: if CloudWatch
   * refuses it, the deployment is rolled back. Try it on a stack of your own first.
   *
   * @default false
   */
  readonly tenantBand?: boolean;

  /**
   * How long before its end an API key without a successor is told of.
   *
   * @default Duration.days(14)
   */
  readonly keyExpiry?: Duration;

  /**
   * After how long without a call somebody counts as new to a sensitive operation. Fails where the access log is kept
   * for less.
   *
   * @default Duration.days(30)
   */
  readonly sensitiveMemory?: Duration;
}
