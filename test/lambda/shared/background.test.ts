import { background, type RunContext } from '../../../lambda/shared/background';

describe('a function that no client waits for', () => {
  test('answers what its run answers, and writes nothing', async () => {
    const { handler, lines } = underTest(async (event: { readonly name: string }) => `${event.name} done`);

    await expect(handler({ name: 'refresh' }, context())).resolves.toBe('refresh done');
    expect(lines).toEqual([]);
  });

  test('tells a failure in one line, with the request it belongs to, and fails', async () => {
    const { handler, lines } = underTest(async () => {
      throw new RangeError('no such\nstep');
    });

    const failed = handler({}, context());
    await expect(failed).rejects.toThrow('no such\nstep');
    await expect(failed).rejects.toMatchObject({ name: 'RangeError' });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^[^\n]*\n$/);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      level: 'ERROR',
      message: 'run failed',
      requestId: 'request-1',
      reason: 'RangeError: no such\nstep',
    });
  });

  test('quotes nothing of a text that could not be parsed, neither to the log nor to Lambda', async () => {
    const { handler, lines } = underTest(async () => JSON.parse('PRIVATE-KEY'));

    const failure = await handler({}, context()).then(fail, (error: unknown) => error);
    expect(failure).toMatchObject({ name: 'SyntaxError', message: 'what was read is malformed' });
    expect(`${(failure as Error).stack}${lines}`).not.toContain('PRIVATE');
    expect((failure as Error).stack).toContain('background.test.ts');
  });

  test('hands on no property of an error: an invalid URL stands in one', async () => {
    const { handler, lines } = underTest(async () => new URL('//user:hunter2@'));

    const failure = await handler({}, context()).then(fail, (error: unknown) => error);
    expect(
      Object.values(Object.getOwnPropertyDescriptors(failure)).map(({ value }) => String(value)),
    ).not.toContainEqual(expect.stringContaining('hunter2'));
    expect(lines.join()).not.toContain('hunter2');
  });

  test('tells the code of an error without words: of several addresses that were tried there is no more', async () => {
    const unreached = (code: string) => Object.assign(new AggregateError([], ''), { code });
    const { handler, lines } = underTest(() => Promise.reject(unreached('ECONNREFUSED')));

    await expect(handler({}, context())).rejects.toThrow('ECONNREFUSED');
    expect(JSON.parse(lines[0] ?? '').reason).toBe('AggregateError: ECONNREFUSED');

    const other = underTest(() => Promise.reject(unreached('hunter2')));
    await expect(other.handler({}, context())).rejects.not.toThrow('hunter2');
    expect(other.lines.join()).not.toContain('hunter2');
  });

  test('makes an error of whatever is thrown', async () => {
    const { handler, lines } = underTest(() => Promise.reject('hunter2'));

    await expect(handler({}, context())).rejects.toThrow('what was thrown is not an error');
    expect(lines.join()).not.toContain('hunter2');
  });

  test('says so before it is cut off', async () => {
    const line = await new Promise<string>((written) => {
      const handler = background(() => new Promise<void>(() => {}), [], written);
      void handler({}, context(1_000));
    });

    expect(JSON.parse(line)).toMatchObject({ message: 'run reaches its time limit', requestId: 'request-1' });
  });

  test.each(['ends', 'fails'])('says nothing of a time limit when it %s before', async (how) => {
    jest.useFakeTimers();
    const { handler, lines } = underTest(async () => {
      if (how === 'fails') throw new Error('early');
    });

    await handler({}, context(60_000)).catch(() => {});
    jest.runAllTimers();
    jest.useRealTimers();
    expect(lines.join()).not.toContain('time limit');
  });
});

function underTest<Event, Answer>(run: (event: Event) => Promise<Answer>) {
  const lines: string[] = [];
  const handler = background(run, [], (line) => lines.push(line));
  return { handler, lines };
}

function context(remainingMillis = 30_000): RunContext {
  return { awsRequestId: 'request-1', getRemainingTimeInMillis: () => remainingMillis };
}

function fail(): never {
  throw new Error('it did not fail');
}
