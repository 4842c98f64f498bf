/**
 * An exact limit: in no window of `perSeconds`, however it is laid, are more than `limit` requests admitted.
 */
export interface RateLimit {
  readonly limit: number;
  readonly perSeconds: number;
}

/** Where exact limits are counted, and what happens when it cannot be reached. */
export interface LimitConfiguration {
  readonly store: LimitStoreConfiguration;
  /** Requests that cannot be counted are let through or refused. */
  readonly onStoreFailure: 'allow' | 'refuse';
  /** Failed authentications of one address before it gets 429. Absent: they are not counted. */
  readonly failedAuthentications?: RateLimit;
}

export type LimitStoreConfiguration =
  | { readonly kind: 'dynamodb'; readonly table: string }
  | {
      readonly kind: 'redis';
      readonly host: string;
      readonly port: number;
      readonly tls: boolean;
      /** Secret whose JSON has `username` and `password`. Absent: the server asks for none. */
      readonly secretArn?: string;
    };

/** Partition key of the table of limits; an item also has `tat` and the time-to-live attribute. */
export const LIMIT_KEY = 'pk';

/** Theoretical arrival time, in microseconds of Unix time: the whole state of a limit. */
export const LIMIT_STATE = 'tat';

/**
 * How far the clocks of two instances may differ, in milliseconds, before a limit that they count by their own
 * clocks admits more than it says.
 */
export const CLOCK_SKEW_MILLIS = 50;
