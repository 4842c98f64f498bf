import type { Duration } from 'aws-cdk-lib';

/**
 * Above what a gateway's alarms go off: requests within five minutes, if nothing else is said.
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
   * @default 200
   */
  readonly unauthenticated?: number;

  /**
   * Requests refused with 403 by the authorizer.
   *
   * @default 100
   */
  readonly forbidden?: number;

  /**
   * Requests refused with 429.
   *
   * @default 500
   */
  readonly rateLimited?: number;

  /**
   * Requests refused by the web ACL.
   *
   * @default 500
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
}
