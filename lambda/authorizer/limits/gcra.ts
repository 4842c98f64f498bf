import { CLOCK_SKEW_MILLIS, type RateLimit } from '../../../lib/protocol/limits';

const MICROSECONDS = 1_000_000;

/**
 * Parameters of the generic cell rate algorithm, in microseconds.
 *
 * One number is the state of a limit: the theoretical arrival time, at which the caller will have used up what
 * it may. A request is admitted if that lies no more than `tolerance` ahead, and moves it by `interval`.
 */
export interface Gcra {
  readonly interval: number;
  readonly tolerance: number;
}

/**
 * Usually written, a limit of n is a burst of n that refills at n a window, and so admits nearly 2n in the window
 * after a pause. An exact limit counts both: half of it, rounded up, may come at once, and the rest is spread
 * over the window. Then no window of the length admits more than n, even where two clocks differ.
 */
export function gcraOf({ limit, perSeconds }: RateLimit): Gcra {
  const burst = Math.ceil(limit / 2);
  const window = perSeconds * MICROSECONDS + CLOCK_SKEW_MILLIS * 1_000;
  // in a window come (window + tolerance) ÷ interval, rounded up
  const interval = Math.ceil(window / (limit - burst + 1));
  return { interval, tolerance: interval * (burst - 1) };
}

/** What became of a request. */
export interface Taken {
  readonly admitted: boolean;
  /** Theoretical arrival time after it, in microseconds of the clock that was used. */
  readonly arrival: number;
  /** That clock, in microseconds of Unix time. */
  readonly now: number;
}

/** The algorithm, on a state at hand; `arrival` is undefined for a caller who never came. */
export function take({ interval, tolerance }: Gcra, arrival: number | undefined, now: number): Taken {
  const from = Math.max(arrival ?? now, now);
  if (from - now > tolerance) return { admitted: false, arrival: from, now };
  return { admitted: true, arrival: from + interval, now };
}

/** Microseconds until the next request will be admitted. */
export function waitAfter({ tolerance }: Gcra, { arrival, now }: Taken): number {
  return Math.max(0, arrival - tolerance - now);
}
