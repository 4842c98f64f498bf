import type { Gcra, Taken } from './gcra';

/**
 * Where limits are counted, across all instances. `signal` says when nobody waits any more; a store may then stop,
 * or go on for the next.
 */
export interface LimitStore {
  /** Counts one request against `key`, in one step that no other can come between. */
  take(key: string, gcra: Gcra, signal: AbortSignal): Promise<Taken>;

  /** The state of `key` as it is; undefined if there is none. Microseconds. */
  peek(key: string, signal: AbortSignal): Promise<number | undefined>;
}
