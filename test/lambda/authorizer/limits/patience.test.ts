import { EqualPatience } from '../../../../lambda/authorizer/limits/patience';

describe('EqualPatience', () => {
  let patience: EqualPatience;
  beforeEach(() => {
    jest.useFakeTimers();
    patience = new EqualPatience(90);
  });
  afterEach(() => jest.useRealTimers());

  /** A call that is answered by hand. */
  function call() {
    const begun: { resolve: (value: string) => void; signal: AbortSignal }[] = [];
    const outcome: { is?: string; after?: number } = {};
    const start = performance.now();
    const end = (is: string) => Object.assign(outcome, { is, after: Math.round(performance.now() - start) });
    patience
      .run(({ signal }) => new Promise<string>((resolve) => begun.push({ resolve, signal })))
      .then(end, (error: Error) => end(error.message));
    return { outcome, begun };
  }

  test('ends each call when its own time is over, in whatever order they began', async () => {
    const first = call();
    await jest.advanceTimersByTimeAsync(50);
    const second = call();
    await jest.advanceTimersByTimeAsync(30);
    const third = call();
    await jest.advanceTimersByTimeAsync(200);

    for (const { outcome, begun } of [first, second, third]) {
      expect(outcome).toEqual({ is: 'no answer within 90 ms', after: 90 });
      expect(begun[0]?.signal.aborted).toBe(true);
    }
  });

  test('ends no call that was answered, nor one that begins while an old timer runs out', async () => {
    const first = call();
    first.begun[0]?.resolve('answer');
    await jest.advanceTimersByTimeAsync(89);
    const second = call();
    await jest.advanceTimersByTimeAsync(89);
    second.begun[0]?.resolve('late answer');
    await jest.advanceTimersByTimeAsync(200);

    expect(first.outcome).toEqual({ is: 'answer', after: 0 });
    expect(first.begun[0]?.signal.aborted).toBe(false);
    expect(second.outcome).toEqual({ is: 'late answer', after: 89 });
  });

  test('ends a call after others came and went for longer than its time', async () => {
    const hanging = call();
    for (let other = 0; other < 20; other += 1) {
      call().begun[0]?.resolve('answer');
      await jest.advanceTimersByTimeAsync(10);
    }

    expect(hanging.outcome).toEqual({ is: 'no answer within 90 ms', after: 90 });
  });

  test('keeps a process alive while somebody waits, and no longer', async () => {
    const timers = jest.spyOn(globalThis, 'setTimeout');
    const first = call();
    const timer: NodeJS.Timeout = timers.mock.results[0]?.value;
    const alive = [timer.hasRef()];
    first.begun[0]?.resolve('answer');
    await jest.advanceTimersByTimeAsync(1);
    alive.push(timer.hasRef());
    call();
    alive.push(timer.hasRef());

    expect(alive).toEqual([true, false, true]);
    expect(timers).toHaveBeenCalledTimes(1);
  });

  test('holds one timer, however many wait', async () => {
    const many = Array.from({ length: 100 }, call);

    expect(jest.getTimerCount()).toBe(1);
    for (const { begun } of many) begun[0]?.resolve('answer');
    await jest.advanceTimersByTimeAsync(90);
    expect(jest.getTimerCount()).toBe(0);
  });
});
