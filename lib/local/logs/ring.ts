/** Keeps the newest `capacity` items. */
export class Ring<T> {
  private readonly slots: T[] = [];
  private next = 0;

  constructor(private readonly capacity: number) {}

  public push(item: T): void {
    this.slots[this.next % this.capacity] = item;
    this.next += 1;
  }

  /** Oldest first. */
  public items(): readonly T[] {
    if (this.next <= this.capacity) return [...this.slots];

    const start = this.next % this.capacity;
    return [...this.slots.slice(start), ...this.slots.slice(0, start)];
  }
}
