import { take } from '../../../../lambda/authorizer/limits/gcra';
import { type LimitStore, ThrottledKeyError } from '../../../../lambda/authorizer/limits/limit-store';

export interface MemoryStore extends LimitStore {
  down: boolean;
  /** Keys that too many count against. */
  readonly throttled: Set<string>;
  /** So many connections are lost before one is good. */
  losing: number;
  calls: number;
  readonly keys: Map<string, number>;
}

/** A store of one process, which can be told to fail. */
export function memoryStore(nowMillis: () => number): MemoryStore {
  const keys = new Map<string, number>();
  const store: MemoryStore = {
    down: false,
    throttled: new Set(),
    losing: 0,
    calls: 0,
    keys,
    async take(key, gcra) {
      store.calls += 1;
      if (store.down) throw new Error('the store is down');
      if (store.throttled.has(key)) throw new ThrottledKeyError('ThrottlingException');
      if (store.losing > 0) {
        store.losing -= 1;
        throw Object.assign(new Error('lost'), { code: 'ECONNRESET' });
      }
      const taken = take(gcra, keys.get(key), nowMillis() * 1_000);
      keys.set(key, taken.arrival);
      return taken;
    },
    async peek(key) {
      store.calls += 1;
      if (store.down) throw new Error('the store is down');
      return keys.get(key);
    },
  };
  return store;
}
