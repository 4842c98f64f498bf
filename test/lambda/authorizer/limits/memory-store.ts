import { take } from '../../../../lambda/authorizer/limits/gcra';
import type { LimitStore } from '../../../../lambda/authorizer/limits/limit-store';

export interface MemoryStore extends LimitStore {
  down: boolean;
  calls: number;
  readonly keys: Map<string, number>;
}

/** A store of one process, which can be told to fail. */
export function memoryStore(nowMillis: () => number): MemoryStore {
  const keys = new Map<string, number>();
  const store: MemoryStore = {
    down: false,
    calls: 0,
    keys,
    async take(key, gcra) {
      store.calls += 1;
      if (store.down) throw new Error('the store is down');
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
