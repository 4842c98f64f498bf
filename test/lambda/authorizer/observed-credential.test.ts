import type { EventOptions } from './event';
import { signingKey, token } from './tokens';
import { authorizer, bearer, CLAIMS, jwtVerifier, operation } from './under-test';

const KEY = signingKey('ES256', 'one');
const OWN = token(KEY, CLAIMS);
const FOREIGN = token(signingKey('ES256', 'another'), { ...CLAIMS, aud: 'billing' });

/** What becomes of a request with its own token, and what it has besides. */
async function outcome(contract: 'enforce' | 'observe', options: EventOptions) {
  const { call, lines } = authorizer(
    { customer: jwtVerifier([KEY]) },
    { 'GET /orders': operation({ contract }) },
  );
  const { context } = await call({ ...options, headers: { ...bearer(OWN).headers, ...options.headers } });
  return { code: context.code, reasons: lines.map((line) => JSON.parse(line).reason), lines };
}

describe('a token for somebody else that nobody declared', () => {
  const places: [string, EventOptions][] = [
    ['a header', { headers: { 'X-Id-Token': FOREIGN } }],
    ['a header, behind its scheme', { headers: { 'X-Upstream': 'Bearer 0123456789abcdef' } }],
    ['the query', { query: { hint: [FOREIGN] } }],
  ];

  test.each(places)('is refused in %s', async (_, options) => {
    expect(await outcome('enforce', options)).toMatchObject({
      code: 'CONTRACT_VIOLATION',
      reasons: ['MISPLACED_CREDENTIAL'],
    });
  });

  test.each(places)(
    'is counted in %s where the contract is only observed, and keeps nobody out',
    async (_, options) => {
      const { lines, ...rest } = await outcome('observe', options);
      expect(rest).toMatchObject({ code: '-', reasons: [expect.any(String)] });
      expect(lines.join()).not.toContain(FOREIGN.slice(-20));
    },
  );

  test.each<[string, EventOptions]>([
    ['a header', { headers: { 'X-Id-Token': OWN } }],
    ['the query', { query: { hint: [OWN] } }],
    ['the name of a query parameter', { query: { [OWN]: ['1'] } }],
  ])('passes for no copy of the one presented, which is refused there too: %s', async (_, options) => {
    expect(await outcome('observe', options)).toMatchObject({
      code: 'CONTRACT_VIOLATION',
      reasons: ['MISPLACED_CREDENTIAL'],
    });
  });
});
