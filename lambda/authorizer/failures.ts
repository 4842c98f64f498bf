const WINDOW_MILLIS = 5 * 60_000;
const MOST_ADDRESSES = 10_000;

/** Counts failed authentications by address, in memory, within a bound. */
export class FailureCounter {
  private counts = new Map<string, number>();
  private windowEnd = 0;

  constructor(private readonly now: () => number) {}

  /** One more; answers how many within the window. */
  public count(address: string): number {
    if (this.now() >= this.windowEnd || this.counts.size >= MOST_ADDRESSES) {
      this.counts = new Map();
      this.windowEnd = this.now() + WINDOW_MILLIS;
    }
    const count = (this.counts.get(address) ?? 0) + 1;
    this.counts.set(address, count);
    return count;
  }
}
