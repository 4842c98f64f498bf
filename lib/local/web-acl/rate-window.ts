/** Most keys one rule follows, in two generations; AWS says 10,000 too. */
const MAXIMUM_KEYS = 10_000;

/**
 * Counts requests by key in a sliding window, to the second.
 *
 * AWS looks at its counters about every ten seconds and blocks with that delay; here a limit holds at once, so
 * that a test sees it.
 */
export class RateWindow {
  private recent = new Map<string, SecondCounts>();
  private older = new Map<string, SecondCounts>();

  constructor(
    private readonly limit: number,
    private readonly windowSeconds: number,
    private readonly now: () => number,
  ) {}

  /** Counts a request; whether its key has then had more than the limit. */
  public exceeds(key: string): boolean {
    const second = Math.floor(this.now() / 1000);

    return this.countsOf(key).add(second) > this.limit;
  }

  /** Keys not seen for a whole generation are forgotten: a caller who goes on is always remembered. */
  private countsOf(key: string): SecondCounts {
    const known = this.recent.get(key);
    if (known) return known;

    if (this.recent.size >= MAXIMUM_KEYS / 2) {
      this.older = this.recent;
      this.recent = new Map();
    }
    const counts = this.older.get(key) ?? new SecondCounts(this.windowSeconds);
    this.recent.set(key, counts);

    return counts;
  }
}

/** Requests of each second of the window, oldest first. */
class SecondCounts {
  private readonly seconds: { readonly second: number; count: number }[] = [];
  private total = 0;

  constructor(private readonly window: number) {}

  public add(second: number): number {
    while (this.seconds[0] && this.seconds[0].second <= second - this.window) {
      this.total -= this.seconds.shift()?.count ?? 0;
    }
    const last = this.seconds.at(-1);
    // a clock that was set back counts into the newest second
    if (last && last.second >= second) last.count += 1;
    else this.seconds.push({ second, count: 1 });
    this.total += 1;

    return this.total;
  }
}
