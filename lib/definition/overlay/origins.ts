import type { DocumentFile } from '../document-file';
import { member } from '../json-pointer';

/** Where a value was written. */
export interface Origin {
  readonly file: DocumentFile;
  readonly tokens: readonly string[];
}

/**
 * Remembers which members of which objects came from elsewhere.
 *
 * Kept by object, not by pointer, so that nothing needs mending when elements move.
 */
export class Origins {
  private readonly moved = new WeakMap<object, Map<string, Origin>>();

  constructor(private readonly root: Origin) {}

  public record(holder: object, key: string, origin: Origin): void {
    const members = this.moved.get(holder) ?? new Map<string, Origin>();
    members.set(key, origin);
    this.moved.set(holder, members);
  }

  /** Takes an element out of an array; those behind it keep their origins. */
  public removeElement(holder: unknown[], index: number, holderOrigin: Origin): void {
    const origins = holder.map((_, at) => this.ofMember(holder, String(at), holderOrigin));
    holder.splice(index, 1);
    origins.splice(index, 1);
    this.moved.set(holder, new Map(origins.map((origin, at) => [String(at), origin])));
  }

  /** Origin of the value at these tokens of the whole, or of its nearest ancestor that exists. */
  public of(value: unknown, tokens: readonly string[]): Origin {
    let origin = this.root;
    let node = value;
    for (const token of tokens) {
      const next = member(node, token);
      if (next === undefined || typeof node !== 'object' || node === null) return origin;
      origin = this.ofMember(node, token, origin);
      node = next;
    }
    return origin;
  }

  private ofMember(holder: object, key: string, { file, tokens }: Origin): Origin {
    return this.moved.get(holder)?.get(key) ?? { file, tokens: [...tokens, key] };
  }
}
