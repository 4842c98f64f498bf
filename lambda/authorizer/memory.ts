/**
 * What an instance remembers, within a bound: two generations, the older of which is forgotten when the newer
 * is full. Reading keeps an entry. Cheaper than a list in order of use, and as bounded.
 */
export class Memory<T> {
  private young = new Map<string, T>();
  private old = new Map<string, T>();

  constructor(private readonly capacity: number) {}

  public get(key: string): T | undefined {
    const value = this.young.get(key);
    if (value !== undefined) return value;

    const older = this.old.get(key);
    if (older !== undefined) this.set(key, older);
    return older;
  }

  public set(key: string, value: T): void {
    if (this.young.size >= this.capacity / 2) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(key, value);
  }

  public delete(key: string): void {
    this.young.delete(key);
    this.old.delete(key);
  }

  public clear(): void {
    this.young = new Map();
    this.old = new Map();
  }
}
