/**
 * A rate limit: a bucket of `burst` requests that fills at `rate` a second.
 */
export interface Throttle {
  /**
   * Requests per second, in the long run.
   */
  readonly rate: number;

  /**
   * Requests at once.
   */
  readonly burst: number;
}

/** What all callers of a gateway together may ask for, unless it is told otherwise. */
export const DEFAULT_THROTTLE: Throttle = { rate: 1000, burst: 500 };
