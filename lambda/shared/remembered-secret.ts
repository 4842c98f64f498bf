import type { ReadSecret } from './secret-reader';

/** What was refused is read again no sooner than the one, what was not no later than the other. */
const SHORTEST_LIFE_MILLIS = 5_000;
const LONGEST_LIFE_MILLIS = 60_000;

/** A secret, remembered for a while. */
export class RememberedSecret {
  private pending?: Promise<string>;
  private readAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly arn: string,
    private readonly read: ReadSecret,
    /** Milliseconds. */
    private readonly now: () => number,
  ) {}

  public current(): Promise<string> {
    return this.noOlderThan(LONGEST_LIFE_MILLIS);
  }

  /** After the secret was refused: it may have been rotated. */
  public renewed(): Promise<string> {
    return this.noOlderThan(SHORTEST_LIFE_MILLIS);
  }

  private noOlderThan(millis: number): Promise<string> {
    if (this.pending && this.now() - this.readAt < millis) return this.pending;

    this.readAt = this.now();
    const pending = this.read(this.arn);
    this.pending = pending;
    // a failure is not remembered
    pending.catch(() => {
      if (this.pending === pending) this.pending = undefined;
    });
    return pending;
  }
}
