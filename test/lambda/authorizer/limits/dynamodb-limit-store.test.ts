import { DynamoDbLimitStore } from '../../../../lambda/authorizer/limits/dynamodb-limit-store';
import { ThrottledKeyError } from '../../../../lambda/authorizer/limits/limit-store';
import { AwsCallError } from '../../../../lambda/shared/aws-call';

const GCRA = { interval: 1_000_000, tolerance: 0 };
const PATIENCE = { signal: new AbortController().signal };
const NOW = 1_800_000_000_000;

function storeThat(answer: (operation: string) => Record<string, unknown>) {
  const calls: string[] = [];
  const store = new DynamoDbLimitStore(
    'limits',
    () => NOW,
    async (operation) => {
      calls.push(operation);
      return answer(operation);
    },
  );
  return { take: () => store.take('key', GCRA, PATIENCE), calls };
}

const lost = (Item?: object) => {
  throw new AwsCallError('ConditionalCheckFailedException', Item ? { Item } : {});
};

describe('DynamoDbLimitStore', () => {
  test('asks nobody while it knows that the limit is exhausted', async () => {
    const { take, calls } = storeThat(() => ({
      Attributes: { tat: { N: String(NOW * 1_000 + 1_000_000) } },
    }));
    await take();

    expect((await take()).admitted).toBe(false);
    expect(calls).toEqual(['UpdateItem']);
  });

  test('refuses where others come between every time, rather than to try for ever', async () => {
    const { take, calls } = storeThat(() => lost({ tat: { N: String(NOW * 1_000 - 1) } }));

    expect((await take()).admitted).toBe(false);
    expect(calls).toHaveLength(10);
  });

  test('reads the state where a failed condition does not tell it', async () => {
    const state = { tat: { N: String(NOW * 1_000 + 1) } };
    const { take, calls } = storeThat((operation) => (operation === 'GetItem' ? { Item: state } : lost()));

    expect((await take()).admitted).toBe(false);
    expect(calls).toEqual(['UpdateItem', 'GetItem']);
  });

  test('fails where the store does', async () => {
    const { take } = storeThat(() => {
      throw new AwsCallError('InternalServerError', {});
    });

    await expect(take()).rejects.toThrow('InternalServerError');
    await expect(take()).rejects.not.toThrow(ThrottledKeyError);
  });

  test.each(['ThrottlingException', 'ProvisionedThroughputExceededException', 'RequestLimitExceeded'])(
    'says that it is this key where the answer is %s',
    async (type) => {
      const throttled = storeThat(() => {
        throw new AwsCallError(type, {});
      });

      const failure = throttled.take();
      await expect(failure).rejects.toThrow(ThrottledKeyError);
      await expect(failure).rejects.toThrow(type);
    },
  );

  test('counts what it cannot write by itself, so that a flood neither goes on nor passes', async () => {
    const { take, calls } = storeThat(() => {
      throw new AwsCallError('ThrottlingException', {});
    });

    await expect(take()).rejects.toThrow(ThrottledKeyError);
    for (let request = 0; request < 100; request += 1) expect((await take()).admitted).toBe(false);
    expect(calls).toEqual(['UpdateItem']);
  });

  test('counts by the table again as soon as that takes a write', async () => {
    let isThrottled = true;
    const clock = { micros: NOW * 1_000 };
    const gcra = { interval: 1_000_000, tolerance: 2_000_000 };
    const stored = { tat: { N: String(clock.micros + 500_000) } };
    const store = new DynamoDbLimitStore(
      'limits',
      () => clock.micros / 1_000,
      async () => {
        if (isThrottled) throw new AwsCallError('ThrottlingException', {});
        return lost(stored);
      },
    );
    await expect(store.take('key', gcra, PATIENCE)).rejects.toThrow(ThrottledKeyError);
    await expect(store.take('key', gcra, PATIENCE)).rejects.toThrow(ThrottledKeyError);

    isThrottled = false;
    stored.tat.N = String(clock.micros + 2_500_000);

    expect(await store.take('key', gcra, PATIENCE)).toMatchObject({
      admitted: false,
      arrival: clock.micros + 2_500_000,
    });
  });
});
