/** Failures in a row after which a store is left alone. */
const FAILURES_TO_OPEN = 3;
const FIRST_PAUSE_MILLIS = 1_000;
const LONGEST_PAUSE_MILLIS = 30_000;

/**
 * Keeps requests from a store that is down: after a few failures nobody asks for a while, then one request asks
 * for all (half-open), and the pause doubles if it fails too.
 */
export class Circuit {
  private failures = 0;
  private pauseMillis = FIRST_PAUSE_MILLIS;
  private closedAgainAt = 0;
  private probing = false;

  constructor(
    /** Milliseconds. */
    private readonly now: () => number,
  ) {}

  /** Answers what `call` answers; undefined, without asking, while the circuit is open. */
  public async run<T>(call: () => Promise<T>): Promise<T | undefined> {
    const isOpen = this.failures >= FAILURES_TO_OPEN;
    if (isOpen && (this.probing || this.now() < this.closedAgainAt)) return undefined;

    this.probing = isOpen;
    try {
      const answer = await call();
      this.failures = 0;
      this.pauseMillis = FIRST_PAUSE_MILLIS;
      return answer;
    } catch (error) {
      this.failures += 1;
      if (this.failures >= FAILURES_TO_OPEN) this.open(isOpen);
      throw error;
    } finally {
      this.probing = false;
    }
  }

  private open(again: boolean): void {
    // calls that were under way when it opened fail after it; they say nothing new
    if (!again && this.now() < this.closedAgainAt) return;
    if (again) this.pauseMillis = Math.min(2 * this.pauseMillis, LONGEST_PAUSE_MILLIS);
    this.closedAgainAt = this.now() + this.pauseMillis;
  }
}
