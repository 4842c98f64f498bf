import type { ReadSecret } from '../../shared/secret-reader';

/** A secret is taken for current this long, and no wrong one makes us read it again any sooner. */
const SHORTEST_LIFE_MILLIS = 5_000;
const LONGEST_LIFE_MILLIS = 60_000;

/** The secret of one client, remembered for a while. */
export class ClientSecret {
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
