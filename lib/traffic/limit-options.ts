import type { Problem } from '../errors';
import type { LimitStore } from './limit-store';

/** What becomes of requests that cannot be counted, because the store of exact limits cannot be reached. */
export enum StoreFailure {
  /** They are let through, and a metric says so: the gateway stays up, and the limit does not hold. */
  ALLOW = 'allow',
  /** They are refused with 429: the limit holds, and operations with one are down. */
  REFUSE = 'refuse',
}

/**
 * How the document's exact limits are counted.
 */
export interface LimitOptions {
  /**
   * Where they are counted.
   *
   * @default LimitStore.dynamoDb()
   */
  readonly store?: LimitStore;

  /**
   * What becomes of requests while the store is down.
   *
   * @default StoreFailure.ALLOW
   */
  readonly onStoreFailure?: StoreFailure;

  /**
   * Failed authentications of one address within five minutes, after which its credentials are not looked at any
   * more. Zero does not count them.
   *
   * @default 100
   */
  readonly failedAuthentications?: number;
}

/** Window of `failedAuthentications`. */
export const FAILURE_WINDOW_SECONDS = 300;

export const DEFAULT_FAILED_AUTHENTICATIONS = 100;

/** What is wrong with the options, all of it. */
export function limitProblems(at: string, { store, failedAuthentications = 1 }: LimitOptions): Problem[] {
  const isCount = Number.isInteger(failedAuthentications) && failedAuthentications >= 0;
  return [
    ...(store?._problems(`${at}.store`) ?? []),
    ...(isCount
      ? []
      : [
          {
            code: 'FAILED_AUTHENTICATIONS',
            at,
            message: `'failedAuthentications' must be a whole number of at least 0, got ${failedAuthentications}`,
            remedy: 'write how many are too many within five minutes, or 0 not to count them',
          },
        ]),
  ];
}
