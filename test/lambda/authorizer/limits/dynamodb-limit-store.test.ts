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
      const { take } = storeThat(() => {
        throw new AwsCallError(type, {});
      });

      await expect(take()).rejects.toThrow(ThrottledKeyError);
      await expect(take()).rejects.toThrow(type);
    },
  );
});
