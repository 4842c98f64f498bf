import { RememberedSecret } from '../../../lambda/shared/remembered-secret';

function underTest() {
  const clock = { millis: 0 };
  const reads: { resolve: (text: string) => void; reject: (error: Error) => void }[] = [];
  const secret = new RememberedSecret(
    'arn',
    () => new Promise((resolve, reject) => reads.push({ resolve, reject })),
    () => clock.millis,
  );
  return { clock, reads, secret };
}

describe('RememberedSecret', () => {
  test('is read once for all who ask, and again after a minute', async () => {
    const { clock, reads, secret } = underTest();
    const asked = [secret.current(), secret.current()];
    reads[0]?.resolve('one');
    expect(await Promise.all(asked)).toEqual(['one', 'one']);

    clock.millis += 59_999;
    expect(await secret.current()).toBe('one');
    clock.millis += 1;
    const next = secret.current();
    reads[1]?.resolve('two');
    expect(await next).toBe('two');
    expect(reads).toHaveLength(2);
  });

  test('waits for no read that was frozen with the function, nor fails with it', async () => {
    const { clock, reads, secret } = underTest();
    secret.current().catch(() => {});
    clock.millis += 10_000;

    const next = secret.current();
    reads[0]?.reject(new Error('aborted'));
    reads[1]?.resolve('one');
    expect(await next).toBe('one');
    expect(await secret.current()).toBe('one');
    expect(reads).toHaveLength(2);
  });

  test('waits for the read that is under way', async () => {
    const { clock, reads, secret } = underTest();
    const asked = [secret.current()];
    clock.millis += 800;
    asked.push(secret.current());
    reads[0]?.resolve('one');

    expect(await Promise.all(asked)).toEqual(['one', 'one']);
    expect(reads).toHaveLength(1);
  });
});
