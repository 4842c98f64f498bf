import { fetchKeySet } from '../../../../lambda/authorizer/jwt/fetch-key-set';

const ISSUER = 'https://id.example.com/';
const KEYS_URL = 'https://keys.example.com/jwks';
const MINUTE = 60_000;

/** A source that answers by address, and remembers what it was asked, and how long it was given. */
function sourceOf(documents: Readonly<Record<string, unknown>>, maximumAgeSeconds?: number, takesMillis = 0) {
  const asked: { url: string; limit: number }[] = [];
  const fetchDocument = async (url: string, limit: number) => {
    asked.push({ url, limit });
    const started = performance.now();
    while (performance.now() - started < takesMillis);
    return { json: documents[url], maximumAgeSeconds };
  };
  return { asked, fetchDocument };
}

const keys = (count: number) => ({ keys: Array.from({ length: count }, () => ({ kty: 'EC' })) });

describe('a fetched key set', () => {
  test.each([
    [undefined, 60],
    [0, 5],
    [299, 5],
    [301, 301 / 60],
    [6 * 3600 - 1, 360 - 1 / 60],
    [6 * 3600 + 1, 360],
  ])('that says it lives %s seconds is fresh for %d minutes', async (seconds, minutes) => {
    const { fetchDocument } = sourceOf({ [KEYS_URL]: keys(1) }, seconds);
    const { freshMillis } = await fetchKeySet({ issuer: ISSUER, jwksUri: KEYS_URL }, fetchDocument);

    expect(freshMillis).toBeCloseTo(minutes * MINUTE, 3);
  });

  test('has a hundred keys at most', async () => {
    const fetched = (count: number) =>
      fetchKeySet({ issuer: ISSUER, jwksUri: KEYS_URL }, sourceOf({ [KEYS_URL]: keys(count) }).fetchDocument);

    await expect(fetched(100)).resolves.toMatchObject({ document: keys(100) });
    await expect(fetched(101)).rejects.toThrow('is no key set of at most 100 keys');
  });

  test.each([[null], [[]], ['keys'], [{}], [{ keys: {} }], [{ keys: 'one' }]])(
    'is not %j, and its address is told',
    async (document) => {
      const { fetchDocument } = sourceOf({ [KEYS_URL]: document });

      await expect(fetchKeySet({ issuer: ISSUER, jwksUri: KEYS_URL }, fetchDocument)).rejects.toThrow(
        `answer of ${KEYS_URL} is no key set`,
      );
    },
  );
});

describe('discovery', () => {
  const WELL_KNOWN = `${ISSUER}.well-known/openid-configuration`;
  const DOCUMENT = { issuer: ISSUER, jwks_uri: KEYS_URL };

  test('is below the issuer, with one slash between, and has the keys fetched in the time that is left', async () => {
    const { asked, fetchDocument } = sourceOf({ [WELL_KNOWN]: DOCUMENT, [KEYS_URL]: keys(1) }, undefined, 20);
    await fetchKeySet({ issuer: ISSUER }, fetchDocument);

    expect(asked.map(({ url }) => url)).toEqual([WELL_KNOWN, KEYS_URL]);
    expect(asked[0]?.limit).toBe(5_000);
    expect(asked[1]?.limit).toBeLessThanOrEqual(4_980);
  });

  test('is where the configuration says, and not asked where that names the keys', async () => {
    const discoveryUri = 'https://elsewhere.example.com/configuration';
    const documents = { [discoveryUri]: DOCUMENT, [KEYS_URL]: keys(1) };
    const elsewhere = sourceOf(documents);
    await fetchKeySet({ issuer: ISSUER, discoveryUri }, elsewhere.fetchDocument);
    const none = sourceOf(documents);
    await fetchKeySet({ issuer: ISSUER, discoveryUri, jwksUri: KEYS_URL }, none.fetchDocument);

    expect(elsewhere.asked.map(({ url }) => url)).toEqual([discoveryUri, KEYS_URL]);
    expect(none.asked.map(({ url }) => url)).toEqual([KEYS_URL]);
  });

  test.each([
    ['nothing', null, 'is of another issuer'],
    ['a list', [], 'is of another issuer'],
    ['the issuer without its slash', { ...DOCUMENT, issuer: ISSUER.slice(0, -1) }, 'is of another issuer'],
    ['keys that are no address', { ...DOCUMENT, jwks_uri: [KEYS_URL] }, 'names no jwks_uri'],
  ])('that says %s proves nothing', async (_, document, message) => {
    const { asked, fetchDocument } = sourceOf({ [WELL_KNOWN]: document, [KEYS_URL]: keys(1) });

    await expect(fetchKeySet({ issuer: ISSUER }, fetchDocument)).rejects.toThrow(message);
    expect(asked.map(({ url }) => url)).toEqual([WELL_KNOWN]);
  });
});
