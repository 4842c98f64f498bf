import type { FetchedKeySet } from '../../../../lambda/authorizer/jwt/fetch-key-set';
import { IssuerKeys } from '../../../../lambda/authorizer/jwt/issuer-keys';
import { KeySet } from '../../../../lambda/authorizer/jwt/key-set';
import { jwtConfiguration, NOW } from '../under-test';
import { HOUR, KEY, NEXT, setOf } from './issuer';

/** A fetch that ends when, and as, the test says. */
interface Fetch {
  readonly resolve: (keys: FetchedKeySet) => void;
  readonly reject: (error: Error) => void;
}

const LATE = new Error('no answer within 5000 ms');
const fetched = (...keys: (typeof KEY)[]): FetchedKeySet => ({ document: setOf(...keys), freshMillis: HOUR });

function underTest(snapshot?: { keys: unknown; fetchedAt: number }) {
  const clock = { millis: NOW * 1000 };
  const fetches: Fetch[] = [];
  const failures: unknown[] = [];
  const keys = new IssuerKeys(
    jwtConfiguration(),
    {
      fetchKeys: () => new Promise((resolve, reject) => fetches.push({ resolve, reject })),
      now: () => clock.millis,
      onFailure: (_, error) => failures.push(error),
    },
    snapshot,
  );
  /** The function answers, or has started: what is under way beside goes on when the next request comes. */
  const freeze = async (millis: number) => {
    await new Promise(setImmediate);
    clock.millis += millis;
  };
  return { clock, fetches, failures, keys, freeze };
}

/** The first fetch was cut off, and a request waits for the second as long as it may. */
async function waitInVain({ keys, freeze }: Pick<ReturnType<typeof underTest>, 'keys' | 'freeze'>) {
  keys.find('one', 'ES256');
  await freeze(10_000);
  jest.useFakeTimers({ doNotFake: ['setImmediate'] });
  try {
    const found = keys.find('one', 'ES256');
    await new Promise(setImmediate);
    jest.advanceTimersByTime(800);
    expect(await found).toBeInstanceOf(KeySet);
  } finally {
    jest.useRealTimers();
  }
}

const baked = () => ({ ...setOf(KEY), fetchedAt: (NOW - 60) * 1000 });

describe('a function that is frozen while it fetches keys', () => {
  test('waits for them at the next request, and the issuer is not to blame', async () => {
    const { fetches, failures, keys, freeze } = underTest(baked());
    expect(keys.find('one', 'ES256')).toBeInstanceOf(KeySet);
    await freeze(10_000);

    // the request is seen before the timer that ends the fetch
    const found = keys.find('one', 'ES256');
    expect(found).toBeInstanceOf(Promise);
    await new Promise(setImmediate);
    fetches[0]?.reject(LATE);
    await new Promise(setImmediate);
    const beside = keys.find('one', 'ES256');
    await new Promise(setImmediate);
    fetches[1]?.resolve(fetched(NEXT));

    await beside;
    expect((await found).candidates('two', 'ES256')).toHaveLength(1);
    expect(failures).toEqual([]);
    expect(keys.find('two', 'ES256')).toBeInstanceOf(KeySet);
    expect(fetches).toHaveLength(2);
  });

  test('waits for them as well where the timer comes first, also for a token it knows', async () => {
    const { fetches, failures, keys, freeze } = underTest(baked());
    expect(keys.areCurrent()).toBe(true);
    await freeze(10_000);
    fetches[0]?.reject(LATE);
    await new Promise(setImmediate);

    expect(keys.areCurrent()).toBe(false);
    const found = keys.find('one', 'ES256');
    expect(found).toBeInstanceOf(Promise);
    await new Promise(setImmediate);
    fetches[1]?.resolve(fetched(KEY));

    await found;
    expect(keys.areCurrent()).toBe(true);
    expect(failures).toEqual([]);
  });

  test('tells of a fetch that a request waited for in vain, and has none wait again', async () => {
    const { fetches, failures, keys, freeze } = underTest(baked());
    keys.find('one', 'ES256');
    await freeze(10_000);
    const found = keys.find('one', 'ES256');
    await new Promise(setImmediate);
    fetches[1]?.reject(new Error('down'));

    expect(await found).toBeInstanceOf(KeySet);
    expect(failures).toEqual([new Error('down')]);
    expect(keys.find('one', 'ES256')).toBeInstanceOf(KeySet);
    expect(fetches).toHaveLength(2);
  });

  test('tells of a fetch that a request waited for as long as it may, and has none wait again', async () => {
    const { fetches, failures, keys, freeze } = underTest(baked());
    await waitInVain({ keys, freeze });
    await freeze(10_000);
    fetches[1]?.reject(LATE);
    await new Promise(setImmediate);

    expect(failures).toEqual([LATE]);
    expect(keys.find('one', 'ES256')).toBeInstanceOf(KeySet);
    expect(fetches).toHaveLength(2);
  });

  test('has none wait again for an issuer that hangs, where requests are seen before its time is up', async () => {
    const { fetches, failures, keys, freeze } = underTest(baked());
    await waitInVain({ keys, freeze });
    await freeze(10_000);

    expect(keys.areCurrent()).toBe(true);
    expect(keys.find('one', 'ES256')).toBeInstanceOf(KeySet);
    expect(fetches).toHaveLength(2);
    await freeze(30_000);
    expect(keys.find('one', 'ES256')).toBeInstanceOf(KeySet);
    expect(failures).toEqual([expect.objectContaining({ message: expect.stringContaining('no answer') })]);
  });

  test('tells of a fetch that took its time and was not frozen', async () => {
    const { clock, fetches, failures, keys } = underTest(baked());
    keys.find('one', 'ES256');
    await new Promise(setImmediate);
    clock.millis += 5_000;
    fetches[0]?.reject(LATE);
    await new Promise(setImmediate);

    expect(failures).toEqual([LATE]);
  });

  test('has keys for its first request, however long before that it was started', async () => {
    const { fetches, failures, keys, freeze } = underTest();
    keys.prepare();
    await freeze(HOUR);

    const found = keys.find('one', 'ES256');
    await new Promise(setImmediate);
    fetches[0]?.reject(LATE);
    fetches[1]?.resolve(fetched(KEY));

    expect((await found).candidates('one', 'ES256')).toHaveLength(1);
    expect(failures).toEqual([]);
  });

  test('asks again after a second where its keys are too old to serve, as where there are none', async () => {
    const { clock, fetches, keys, freeze } = underTest(baked());
    await freeze(25 * HOUR);
    const refused = keys.find('one', 'ES256');
    await new Promise(setImmediate);
    fetches[0]?.reject(new Error('down'));
    await expect(refused).rejects.toThrow('no usable keys');
    clock.millis += 999;
    await expect(keys.find('one', 'ES256')).rejects.toThrow('no usable keys');
    clock.millis += 1;

    const found = keys.find('one', 'ES256');
    await new Promise(setImmediate);
    fetches[1]?.resolve(fetched(KEY));
    expect((await found).candidates('one', 'ES256')).toHaveLength(1);
    expect(fetches).toHaveLength(2);
  });

  test('takes nothing from a fetch that another has taken the place of', async () => {
    const { fetches, keys, freeze } = underTest(baked());
    keys.find('one', 'ES256');
    await freeze(10_000);
    const found = keys.find('one', 'ES256');
    await new Promise(setImmediate);
    fetches[1]?.resolve(fetched(NEXT));
    await found;
    fetches[0]?.resolve(fetched(KEY));
    await new Promise(setImmediate);

    expect(await keys.find('two', 'ES256')).toBeInstanceOf(KeySet);
    expect((await keys.find('two', 'ES256')).candidates('one', 'ES256')).toEqual([]);
  });
});
