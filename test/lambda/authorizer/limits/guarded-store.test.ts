import { GuardedStore } from '../../../../lambda/authorizer/limits/guarded-store';
import { memoryStore } from './memory-store';

const GCRA = { interval: 1_000_000, tolerance: 0 };

function guarded() {
  const clock = { millis: 1_000_000 };
  const store = memoryStore(() => clock.millis);
  const failures: unknown[] = [];
  const guard = new GuardedStore({
    store,
    onFailure: (error) => failures.push(error),
    now: () => clock.millis,
  });
  return {
    clock,
    store,
    failures,
    take: (key = 'key') => guard.take(key, GCRA),
    peek: () => guard.peek('key'),
  };
}

describe('GuardedStore', () => {
  test('answers what the store answers', async () => {
    const { take, peek } = guarded();

    expect(await peek()).toBeNull();
    expect((await take())?.admitted).toBe(true);
    expect((await take())?.admitted).toBe(false);
  });

  test('answers nothing where the store fails, and says so each time', async () => {
    const { store, take, failures } = guarded();
    store.down = true;

    expect([await take(), await take()]).toEqual([undefined, undefined]);
    expect(failures).toHaveLength(2);
  });

  test('answers within 100 ms where the store hangs, and tells it to stop', async () => {
    const signals: AbortSignal[] = [];
    const hang = (signal: AbortSignal) => {
      signals.push(signal);
      return new Promise<never>(() => undefined);
    };
    const failures: unknown[] = [];
    const guard = new GuardedStore({
      store: { take: (_key, _gcra, { signal }) => hang(signal), peek: (_key, { signal }) => hang(signal) },
      onFailure: (error) => failures.push(error),
      now: Date.now,
    });
    const start = performance.now();

    expect(await guard.take('key', GCRA)).toBeUndefined();

    expect(performance.now() - start).toBeLessThan(1_000);
    expect(String(failures[0])).toContain('90 ms');
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  test('tries once more over another connection where one was lost', async () => {
    const { store, take, failures } = guarded();
    store.losing = 1;

    expect((await take())?.admitted).toBe(true);
    expect(failures).toEqual([]);

    store.losing = 2;
    expect(await take()).toBeUndefined();
    expect(failures).toHaveLength(1);
  });

  test('leaves a store alone that failed three times in a row', async () => {
    const { store, take, failures } = guarded();
    store.down = true;
    for (let request = 0; request < 10; request += 1) await take();

    expect(store.calls).toBe(3);
    expect(failures).toHaveLength(3);
  });

  test('goes on asking for others where one key is throttled', async () => {
    const { store, take, failures } = guarded();
    store.throttled.add('flooded');
    for (let request = 0; request < 10; request += 1) expect(await take('flooded')).toBeUndefined();

    expect((await take('another'))?.admitted).toBe(true);
    expect((await take('another'))?.admitted).toBe(false);
    expect(failures).toHaveLength(10);
  });

  test('asks once for all after a second, and goes on if that succeeds', async () => {
    const { clock, store, take } = guarded();
    store.down = true;
    for (let request = 0; request < 3; request += 1) await take();
    store.down = false;
    clock.millis += 1_000;

    const verdicts = await Promise.all([take(), take(), take()]);

    expect(verdicts.filter((verdict) => verdict !== undefined)).toHaveLength(1);
    expect(store.calls).toBe(4);
    expect(await take()).toBeDefined();
  });

  test('waits twice as long each time it fails again, up to half a minute', async () => {
    const { clock, store, take } = guarded();
    store.down = true;
    for (let request = 0; request < 3; request += 1) await take();
    const waits: number[] = [];
    for (let probe = 0; probe < 7; probe += 1) {
      const before = clock.millis;
      const calls = store.calls;
      while (store.calls === calls) {
        clock.millis += 500;
        await take();
      }
      waits.push(clock.millis - before);
    }

    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  test('is not opened by failures that successes come between', async () => {
    const { store, take } = guarded();
    for (let request = 0; request < 10; request += 1) {
      store.down = request % 2 === 0;
      await take();
    }

    expect(store.calls).toBe(10);
  });
});
