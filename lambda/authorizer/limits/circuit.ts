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

  /** How the next call is made: not at all while the circuit is open, or as the one that asks for all. */
  public enter(): 'closed' | 'probe' | undefined {
    if (this.failures < FAILURES_TO_OPEN) return 'closed';
    if (this.probing || this.now() < this.closedAgainAt) return undefined;

    this.probing = true;
    return 'probe';
  }

  public succeeded(): void {
    this.failures = 0;
    this.pauseMillis = FIRST_PAUSE_MILLIS;
    this.probing = false;
  }

  public failed(how: 'closed' | 'probe'): void {
    if (how === 'probe') this.probing = false;
    this.failures += 1;
    if (this.failures >= FAILURES_TO_OPEN) this.open(how === 'probe');
  }

  private open(again: boolean): void {
    // calls that were under way when it opened fail after it; they say nothing new
    if (!again && this.now() < this.closedAgainAt) return;
    if (again) this.pauseMillis = Math.min(2 * this.pauseMillis, LONGEST_PAUSE_MILLIS);
    this.closedAgainAt = this.now() + this.pauseMillis;
  }
}
