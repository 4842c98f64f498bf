import { withinASecond } from '../../shared/within-a-second';
import { answerJson } from '../https-server';
import { KEY, NEXT, setOf, startedIssuer } from './issuer';

const issuer = startedIssuer();
const { underTest } = issuer;

const OTHER_TIMERS = [
  'Date',
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
] as const;

/** However busy this machine is: who waits for keys here waits until they come, and no limit of time ends that. */
async function untilKnown<T>(work: () => Promise<T>): Promise<T> {
  jest.useFakeTimers({ doNotFake: [...OTHER_TIMERS] });
  try {
    return await work();
  } finally {
    jest.useRealTimers();
  }
}

describe('keys of an issuer', () => {
  test('are fetched before anyone asks', async () => {
    const { keys, verify } = underTest();
    keys.prepare();
    await verify(KEY);
    expect(issuer.server.requests).toEqual(['GET /jwks']);

    keys.prepare();
    await new Promise(setImmediate);
    expect(issuer.server.requests).toHaveLength(1);
  });

  test('are fetched once for all who wait at start', async () => {
    const { verify } = underTest();

    await untilKnown(() => Promise.all(Array.from({ length: 200 }, () => verify(KEY))));

    expect(issuer.server.requests).toEqual(['GET /jwks']);
  });

  test('are fetched once for a thousand unknown kids at the same time', async () => {
    const { clock, verify } = underTest();
    await verify(KEY);
    issuer.server.requests.length = 0;
    clock.millis += 30_000;
    const strangers = Array.from({ length: 1_000 }, (_, index) => ({
      ...NEXT,
      jwk: { ...NEXT.jwk, kid: `stranger-${index}` },
    }));

    const outcomes = await untilKnown(() =>
      Promise.allSettled(strangers.map((stranger) => verify(stranger))),
    );

    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    expect(issuer.server.requests).toHaveLength(1);
  });

  test('are asked for an unknown kid once in 30 seconds, not more', async () => {
    const { clock, verify } = underTest();
    await verify(KEY);
    const refused = () => expect(verify(NEXT)).rejects.toThrow('UNKNOWN_KEY');

    await refused();
    expect(issuer.server.requests).toHaveLength(1);
    clock.millis += 29_999;
    await refused();
    expect(issuer.server.requests).toHaveLength(1);
    clock.millis += 1;
    await refused();
    await refused();
    expect(issuer.server.requests).toHaveLength(2);
  });

  test('that are new are taken up when a token names them', async () => {
    const { clock, verify } = underTest();
    await verify(KEY);
    issuer.server.behave = answerJson(setOf(KEY, NEXT));
    clock.millis += 30_000;

    await expect(verify(NEXT)).resolves.toMatchObject({ userId: 'alice' });
    await expect(verify(KEY)).resolves.toMatchObject({ userId: 'alice' });
  });

  test('rotate under load without refusing anyone', async () => {
    const { clock, verify } = underTest();
    await verify(KEY);
    issuer.server.behave = answerJson(setOf(KEY, NEXT));
    clock.millis += 30_000;

    const outcomes = await untilKnown(() =>
      Promise.allSettled(
        Array.from({ length: 300 }, (_, index) => verify(index % 2 ? KEY : NEXT, { jti: String(index) })),
      ),
    );

    expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([]);
    expect(issuer.server.requests).toHaveLength(2);
  });

  test('that are withdrawn are refused once the answer is no longer fresh', async () => {
    issuer.server.behave = answerJson(setOf(KEY), { 'cache-control': 'public, max-age=600' });
    const { clock, verify } = underTest();
    await verify(KEY);
    issuer.server.behave = answerJson(setOf(NEXT));

    clock.millis += 600_000;
    await expect(verify(KEY)).rejects.toThrow('UNKNOWN_KEY');
  });

  test('that are withdrawn prove no token that was proven with them, either', async () => {
    issuer.server.behave = answerJson(setOf(KEY), { 'cache-control': 'public, max-age=600' });
    const { clock, textOf, verifyText } = underTest();
    const text = textOf(KEY);
    await verifyText(text);
    issuer.server.behave = answerJson(setOf(NEXT));

    clock.millis += 600_000;
    await expect(verifyText(text)).rejects.toThrow('UNKNOWN_KEY');
  });

  test('that are replaced, whoever brought that about, prove no token that was proven with them', async () => {
    const { clock, verify, textOf, verifyText } = underTest();
    const text = textOf(KEY);
    await verifyText(text);
    issuer.server.behave = answerJson(setOf(NEXT));
    clock.millis += 30_000;
    await verify(NEXT);

    await expect(verifyText(text)).rejects.toThrow('UNKNOWN_KEY');
  });

  test('are refreshed in the background before they are stale', async () => {
    issuer.server.behave = answerJson(setOf(KEY), { 'cache-control': 'max-age=1000' });
    const { clock, verify } = underTest();
    await verify(KEY);
    clock.millis += 800_000;
    const asked = new Promise((resolve) => {
      issuer.server.behave = (_, response) => {
        resolve(undefined);
        answerJson(setOf(KEY))(_, response);
      };
    });

    await verify(KEY);
    await asked;
    expect(issuer.server.requests).toHaveLength(2);
  });

  test.each([
    ['max-age=0', 4],
    ['max-age=999999999', 6 * 60 - 1],
    ['no-store', 59],
  ])('are kept within bounds whatever the answer says: %s', async (header, minutes) => {
    issuer.server.behave = answerJson(setOf(KEY), { 'cache-control': header });
    const { clock, verify } = underTest();
    await verify(KEY);
    issuer.server.behave = answerJson(setOf(NEXT));

    clock.millis += minutes * 60_000 * 0.79;
    await expect(verify(KEY)).resolves.toBeDefined();
    clock.millis += 2 * minutes * 60_000;
    await expect(verify(KEY)).rejects.toThrow('UNKNOWN_KEY');
  });

  test('fetched for one issuer never verify for another', async () => {
    const { verify } = underTest();

    await expect(verify(KEY, { iss: 'https://other.example.com/' })).rejects.toThrow('UNKNOWN_ISSUER');
    expect(issuer.server.requests).toEqual([]);
  });
});

describe('discovery', () => {
  const discovering = () => ({ configuration: { issuer: issuer.server.url, jwksUri: undefined } });

  function discover(document: unknown): void {
    issuer.server.behave = (request, response) => {
      const isDocument = request.url === '/.well-known/openid-configuration';
      answerJson(isDocument ? document : setOf(KEY))(request, response);
    };
  }

  test('finds the keys of the issuer', async () => {
    discover({ issuer: issuer.server.url, jwks_uri: `${issuer.server.url}/keys` });

    await expect(underTest(discovering()).verify(KEY)).resolves.toBeDefined();
    expect(issuer.server.requests).toEqual(['GET /.well-known/openid-configuration', 'GET /keys']);
  });

  test.each([
    [
      'speaks for another issuer',
      () => ({ issuer: 'https://other.example.com', jwks_uri: `${issuer.server.url}/keys` }),
    ],
    ['names no keys', () => ({ issuer: issuer.server.url })],
    [
      'names keys over http',
      () => ({ issuer: issuer.server.url, jwks_uri: issuer.server.url.replace('https', 'http') }),
    ],
    ['names keys in a file', () => ({ issuer: issuer.server.url, jwks_uri: 'file:///etc/passwd' })],
    ['is a list', () => []],
  ])('fails where the document %s', async (_, document) => {
    discover(document());

    await expect(underTest(discovering()).verify(KEY)).rejects.toMatchObject({ name: 'KeysUnavailable' });
    expect(issuer.server.requests).not.toContain('GET /keys');
  });

  test('and keys together take less than a second', async () => {
    issuer.server.behave = (request, response) => {
      const isDocument = request.url === '/.well-known/openid-configuration';
      if (!isDocument) return;
      setTimeout(
        () =>
          answerJson({ issuer: issuer.server.url, jwks_uri: `${issuer.server.url}/keys` })(request, response),
        500,
      );
    };

    await withinASecond(
      expect(underTest(discovering()).verify(KEY)).rejects.toMatchObject({ name: 'KeysUnavailable' }),
    );
  });
});
