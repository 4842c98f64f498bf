import { createHandler } from '../../../lambda/jwks/handler';

const KEYS = '{"keys":[{"kid":"one"}]}';

describe('the key set', () => {
  let now: number;
  let read: jest.Mock<Promise<string | undefined>>;
  let handler: ReturnType<typeof createHandler>;

  beforeEach(() => {
    now = 0;
    read = jest.fn(async () => KEYS as string | undefined);
    handler = createHandler({ read, now: () => now });
  });

  test('is answered as JSON Web Keys that may be cached', async () => {
    expect(await handler()).toMatchObject({
      statusCode: 200,
      headers: { 'Content-Type': 'application/jwk-set+json', 'Cache-Control': 'public, max-age=300' },
      body: KEYS,
    });
  });

  test('is read once a minute', async () => {
    await handler();
    now = 59_999;
    await handler();
    expect(read).toHaveBeenCalledTimes(1);

    now = 60_000;
    await handler();
    expect(read).toHaveBeenCalledTimes(2);
  });

  test('is the last known one while it cannot be read', async () => {
    await handler();
    now = 60_000;
    read.mockRejectedValue(new Error('down'));

    expect((await handler()).body).toBe(KEYS);
  });

  test.each(['not JSON', 'null', '{"keys":[]}'])(
    'is the last known one while it reads as %s',
    async (text) => {
      await handler();
      now = 60_000;
      read.mockResolvedValue(text);

      expect(await handler()).toMatchObject({ statusCode: 200, body: KEYS });
    },
  );

  test.each([
    ['nothing', undefined],
    ['no key yet', '{"keys":[]}'],
    ['no JSON', 'a text'],
  ])('is 503 that nobody caches where there is %s', async (_what, text) => {
    read.mockResolvedValue(text);

    const answer = await handler();

    expect(answer.statusCode).toBe(503);
    expect(answer.headers['Cache-Control']).toBe('no-store');
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'NO_KEYS_YET', status: 503 });
  });
});
