import { LONGER_THAN_ANY_CALL_MILLIS } from './patient-call';
import type { ReadSecret } from './secret-reader';

/** What was refused is read again no sooner than the one, what was not no later than the other. */
const SHORTEST_LIFE_MILLIS = 5_000;
const LONGEST_LIFE_MILLIS = 60_000;

/** A secret, remembered for a while. */
export class RememberedSecret {
  private pending?: Promise<string>;
  private readAt = Number.NEGATIVE_INFINITY;
  private isRead = false;

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
    const life = this.isRead ? millis : LONGER_THAN_ANY_CALL_MILLIS;
    if (this.pending && this.now() - this.readAt < life) return this.pending;

    this.readAt = this.now();
    this.isRead = false;
    const pending = this.read(this.arn);
    this.pending = pending;
    const settle = (isRead: boolean) => {
      if (this.pending !== pending) return;
      this.isRead = isRead;
      // a failure is not remembered
      if (!isRead) this.pending = undefined;
    };
    pending.then(
      () => settle(true),
      () => settle(false),
    );
    return pending;
  }
}
