import type { Gcra, Taken } from './gcra';

/**
 * Where limits are counted, across all instances. A store that can stop should do so when
 * nobody waits any more.
 */
export interface LimitStore {
  /** Counts one request against `key`, in one step that no other can come between. */
  take(key: string, gcra: Gcra, patience: Patience): Promise<Taken>;

  /** The state of `key` as it is; undefined if there is none. Microseconds. */
  peek(key: string, patience: Patience): Promise<number | undefined>;
}

/**
 * A store that works, but not for this key: too many count against it at once. It says nothing of other keys, so one
 * caller's flood leaves their limits in force.
 */
export class ThrottledKeyError extends Error {
  public override readonly name = 'ThrottledKeyError';
}

/** How long someone waits for an answer. The signal is made when it is asked for: that costs as much as an answer does. */
export interface Patience {
  readonly signal: AbortSignal;
}
