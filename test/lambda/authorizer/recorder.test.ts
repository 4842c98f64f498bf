import { Recorder } from '../../../lambda/authorizer/recorder';
import { Unauthenticated } from '../../../lambda/authorizer/refused';

const SUBJECT = { requestId: 'request-1', sourceIp: '192.0.2.1', operation: 'GET /orders' };

function recording() {
  const clock = { millis: 1_800_000_000_000 };
  const lines: string[] = [];
  const recorder = new Recorder({ write: (line) => lines.push(line), now: () => clock.millis });
  recorder.api = 'api123';
  const last = () => JSON.parse(lines.at(-1) ?? '{}');
  return { clock, recorder, lines, last };
}

describe('the log of the authorizer', () => {
  test.each<[string, (recorder: Recorder) => void, object]>([
    [
      '401',
      (recorder) => recorder.unauthenticated(SUBJECT, new Unauthenticated('EXPIRED', 'id')),
      {
        status: 401,
        reason: 'EXPIRED',
        credentialId: 'id',
        failures: 1,
        Unauthenticated: 1,
        FailuresOfOneAddress: 1,
      },
    ],
    [
      '403',
      (recorder) => recorder.forbidden(SUBJECT, 'NOT_OWNER', 'id'),
      { status: 403, reason: 'NOT_OWNER', credentialId: 'id', Forbidden: 1 },
    ],
    [
      '400',
      (recorder) => recorder.contractRefused(SUBJECT, 'MISSING_PARAMETER', 'query page', 'id'),
      {
        status: 400,
        reason: 'MISSING_PARAMETER',
        detail: 'query page',
        credentialId: 'id',
        ContractRefused: 1,
      },
    ],
    [
      '429',
      (recorder) => recorder.limited(SUBJECT, 'LIMIT', 'retry after 1 s', 'id'),
      { status: 429, reason: 'LIMIT', detail: 'retry after 1 s', credentialId: 'id', Limited: 1 },
    ],
    [
      '500',
      (recorder) => recorder.failed(SUBJECT, new Error('no table')),
      { level: 'ERROR', status: 500, message: 'failed', error: 'Error: no table', AuthorizerFailed: 1 },
    ],
  ])('has one line for each %s, with its metric', (_, record, expected) => {
    const { recorder, lines, last } = recording();

    record(recorder);

    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\{[^\n]*\}\n$/);
    expect(last()).toMatchObject({
      ...expected,
      requestId: 'request-1',
      sourceIp: '192.0.2.1',
      operation: 'GET /orders',
      ApiId: 'api123',
    });
  });

  test.each<[string, (recorder: Recorder) => void, object]>([
    [
      'key sets',
      (recorder) => recorder.keySetUnavailable('https://id.example.com/', new Error('404')),
      {
        message: 'key set unavailable',
        detail: 'https://id.example.com/',
        error: 'Error: 404',
        KeySetUnavailable: 1,
      },
    ],
    [
      'stores',
      (recorder) => recorder.limitStoreFailed(new Error('late')),
      { message: 'limit store unavailable', error: 'Error: late', LimitStoreFailed: 1 },
    ],
  ])('has one line for failures of %s, under the API that is served', (_, record, expected) => {
    const { recorder, last } = recording();

    record(recorder);

    expect(last()).toMatchObject({
      ...expected,
      level: 'ERROR',
      requestId: '-',
      sourceIp: '-',
      ApiId: 'api123',
    });
  });

  test('quotes nothing that a parser could not read', () => {
    const { recorder, lines } = recording();
    try {
      JSON.parse('{"secret": hunter2}');
    } catch (error) {
      recorder.failed(SUBJECT, error);
    }

    expect(lines.join()).toContain('"error":"SyntaxError"');
    expect(lines.join()).not.toContain('hunter2');
  });

  test.each(['hunter2', { secret: 'hunter2' }, undefined])(
    'says nothing of what is no error: %j',
    (thrown) => {
      const { recorder, lines } = recording();

      recorder.failed(SUBJECT, thrown);

      expect(lines.join()).toContain('"error":"unknown error"');
      expect(lines.join()).not.toContain('hunter2');
    },
  );

  test('cuts every value, and writes no field that is not on its list', () => {
    const { recorder, last } = recording();

    recorder.failed(
      { ...SUBJECT, operation: 'x'.repeat(300), secret: 'hunter2' } as never,
      new Error('y'.repeat(300)),
    );

    expect(last().operation).toBe('x'.repeat(256));
    expect(last().error).toHaveLength(256);
    expect(last()).not.toHaveProperty('secret');
  });

  test('counts the failures of an address within five minutes', () => {
    const { recorder, clock, last } = recording();
    const failures = (sourceIp = '192.0.2.1') => {
      recorder.unauthenticated({ ...SUBJECT, sourceIp }, new Unauthenticated('EXPIRED'));
      return last().failures;
    };

    expect([failures(), failures(), failures('192.0.2.2')]).toEqual([1, 2, 1]);
    clock.millis += 299_999;
    expect(failures()).toBe(3);
    clock.millis += 1;
    expect(failures()).toBe(1);
  });

  test('remembers ten thousand addresses, not more', () => {
    const { recorder, last } = recording();
    const fail = (address: number) =>
      recorder.unauthenticated({ ...SUBJECT, sourceIp: String(address) }, new Unauthenticated('EXPIRED'));

    for (let address = 0; address < 10_000; address += 1) fail(address);
    // the ten thousand and first makes the count begin anew
    fail(0);

    expect(last().failures).toBe(1);
  });
});
