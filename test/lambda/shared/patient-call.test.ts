import { type AwsCall, AwsCallError } from '../../../lambda/shared/aws-call';
import { patiently } from '../../../lambda/shared/patient-call';

/** A call that fails as it is told, one error for each attempt, and then answers. */
function failing(...errors: readonly Error[]) {
  const call = jest.fn<ReturnType<AwsCall>, Parameters<AwsCall>>(async () => {
    const error = errors[call.mock.calls.length - 1];
    if (error) throw error;
    return { done: true };
  });
  return call;
}

/** A call that ends only when its signal says so. */
const endless = () =>
  jest.fn<ReturnType<AwsCall>, Parameters<AwsCall>>(
    (_operation, _input, signal) =>
      new Promise((_, reject) => {
        signal?.addEventListener('abort', () => reject(new Error('aborted')));
      }),
  );

const soon = () => 0;
const answered = (type: string) => new AwsCallError(type, {});
const RESET = new Error('read ECONNRESET');

describe('a patient call', () => {
  test.each([
    ['the network fails', RESET],
    ['the service is throttled', answered('ThrottlingException')],
    ['the service says nothing but 503', answered('status 503')],
  ])('is tried three times where %s, and not a fourth time', async (_, error) => {
    const twice = failing(error, error);
    await expect(patiently(twice, soon)('Get', { a: 1 })).resolves.toEqual({ done: true });
    expect(twice.mock.calls.map(([operation, input]) => [operation, input])).toEqual(
      Array.from({ length: 3 }, () => ['Get', { a: 1 }]),
    );

    const thrice = failing(error, error, error);
    await expect(patiently(thrice, soon)('Get', {})).rejects.toBe(error);
    expect(thrice).toHaveBeenCalledTimes(3);
  });

  test.each(['AccessDeniedException', 'ResourceNotFoundException', 'status 400', 'status 413'])(
    'is tried once where the service says %s',
    async (type) => {
      const call = failing(answered(type));

      await expect(patiently(call, soon)('Get', {})).rejects.toThrow(type);
      expect(call).toHaveBeenCalledTimes(1);
    },
  );

  test('gives each attempt its time', async () => {
    const call = endless();

    await expect(
      patiently(call, soon, { attemptMillis: 5, timeLimitMillis: 10_000 })('Get', {}),
    ).rejects.toThrow('aborted');
    expect(call).toHaveBeenCalledTimes(3);
  });

  test('ends with the time for all of them', async () => {
    const call = endless();

    await expect(
      patiently(call, soon, { attemptMillis: 60_000, timeLimitMillis: 5 })('Get', {}),
    ).rejects.toThrow('aborted');
    expect(call).toHaveBeenCalledTimes(1);
  });
});
