import type { ReadItem } from '../../shared/item-reader';
import { Memory } from '../memory';

/** Items remembered by one instance. */
const REMEMBERED_ITEMS = 5_000;

interface Remembered<T> {
  readonly value: T | undefined;
  readonly until: number;
}

/**
 * Items of the store, made ready, remembered no longer than a revoked one may still work. That there is none is
 * remembered too. Whoever asks for the same item at the same time waits for one read.
 */
export class RememberedItems<T> {
  private readonly memory = new Memory<Remembered<T>>(REMEMBERED_ITEMS);
  private readonly reading = new Map<string, Promise<T | undefined>>();

  constructor(
    private readonly read: ReadItem,
    private readonly prepare: (item: Readonly<Record<string, unknown>>) => T,
    private readonly revokeWithinMillis: number,
    /** Milliseconds. */
    private readonly now: () => number,
  ) {}

  /** At once where it is remembered. */
  public find(pk: string): T | undefined | Promise<T | undefined> {
    const known = this.memory.get(pk);
    if (known !== undefined && this.now() < known.until) return known.value;

    // 0 promises that every request reads: another's read may have begun before the revocation
    if (this.revokeWithinMillis === 0) return this.fetch(pk);
    const reading = this.reading.get(pk) ?? this.fetch(pk).finally(() => this.reading.delete(pk));
    this.reading.set(pk, reading);
    return reading;
  }

  private async fetch(pk: string): Promise<T | undefined> {
    // counted from before the read: the item may be revoked while it travels
    const until = this.now() + this.revokeWithinMillis;
    const item = await this.read(pk);
    const value = item && this.prepare(item);
    if (this.revokeWithinMillis > 0) this.memory.set(pk, { value, until });
    return value;
  }
}
