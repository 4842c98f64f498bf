import { readRequest } from '../../../lambda/authorizer/authorizer-request';
import { credentialPlaces, findMisplaced } from '../../../lambda/authorizer/misplaced-credential';
import { formatApiKey, type OperationPolicy, type Policy } from '../../../lib/protocol';
import { authorizerEvent, type EventOptions } from './event';
import { signingKey, token } from './tokens';
import { authorizer, bearer, CLAIMS, jwtVerifier, operation, PLAN_KEYS } from './under-test';

const KEY = signingKey('ES256', 'one');
const TOKEN = token(KEY, CLAIMS);
const FOREIGN = token(signingKey('ES256', 'another'), { ...CLAIMS, aud: 'billing' });
const API_KEY = formatApiKey({
  prefix: 'sk',
  environment: 'live',
  id: 'misplaced000',
  secret: 'm'.repeat(32),
});
const OPAQUE = 'opaque/token+of=16';

const SCHEMES: Policy['schemes'] = {
  customer: { in: 'authorization' },
  machine: { in: 'header', name: 'x-partner-key' },
};

const DECLARED = operation({
  security: [],
  parameters: [
    { name: 'x-proof', in: 'header', value: {} },
    { name: 'hint', in: 'query', value: {} },
    { name: 'orderId', in: 'path', value: {} },
    { name: 'session', in: 'cookie', value: {} },
  ],
});

const encoded = (text: string) => [...text].map((each) => `%${each.charCodeAt(0).toString(16)}`).join('');

function misplacedIn(options: EventOptions, policy: OperationPolicy = DECLARED): string | undefined {
  const places = credentialPlaces(
    policy,
    { version: 1, schemes: SCHEMES, operations: {} },
    { machine: { kind: 'apiKey', prefix: 'sk', environment: 'live' } },
  );
  return findMisplaced(places, readRequest(authorizerEvent(options)))?.detail;
}

const PLACES: readonly [string, (value: string) => EventOptions][] = [
  ['header', (value) => ({ headers: { 'X-Anything': value } })],
  ['header', (value) => ({ headers: { Referer: `https://app.example.com/?x=${value}&y` } })],
  ['header', (value) => ({ headers: { 'X-Proof': value } })],
  ['header', (value) => ({ headers: { [`X-${value}`]: '1' } })],
  ['query', (value) => ({ query: { hint: [value] } })],
  ['query', (value) => ({ query: { hint: ['a', `b${value}c`] } })],
  ['query', (value) => ({ query: { [value]: [''] } })],
  ['path', (value) => ({ path: { orderId: value } })],
];

describe('a credential in the wrong place', () => {
  const presentations: readonly [string, Record<string, string>, string][] = [
    ['a token', { Authorization: `Bearer ${TOKEN}` }, TOKEN],
    ['an opaque token', { authorization: `bearer  ${OPAQUE}` }, OPAQUE],
    ['a password', { Authorization: 'Basic dXNlcjpwYXNzd29yZDEyMw==' }, 'dXNlcjpwYXNzd29yZDEyMw=='],
    ['a key', { 'X-Partner-Key': OPAQUE }, OPAQUE],
    ['a longer key', { 'X-Partner-Key': OPAQUE.repeat(2).slice(0, 34) }, OPAQUE.repeat(2).slice(0, 34)],
    ['one as long as a key of ours, nearly', { 'X-Partner-Key': 'k'.repeat(50) }, 'k'.repeat(50)],
  ];

  describe.each(presentations)('is %s that the request presents', (_, headers, value) => {
    test.each(PLACES)('and that stands in another %s', (place, requestWith) => {
      const options = requestWith(value);
      const percent = requestWith(encoded(value));

      expect(misplacedIn({ ...options, headers: { ...headers, ...options.headers } })).toBe(place);
      expect(misplacedIn({ ...percent, headers: { ...headers, ...percent.headers } })).toBe(place);
    });

    test.each([
      ['encoded twice', encoded(encoded(value))],
      ['encoded three times', encoded(encoded(encoded(value)))],
      ['in Base64', Buffer.from(value).toString('base64')],
      ['as a user of Basic', `Basic ${Buffer.from(`${value}:`).toString('base64')}`],
      ['as a password of Basic', Buffer.from(`user:${value}`).toString('base64')],
      ['in Base64 of addresses', Buffer.from(`a?>${value}`).toString('base64url')],
      ['in Base64 that is encoded', encodeURIComponent(Buffer.from(`a${value}`).toString('base64'))],
      ['in Base64 behind a path', `/a/bc/${Buffer.from(value).toString('base64')}`],
    ])('and that stands elsewhere %s', (_how, text) => {
      expect(misplacedIn({ headers: { ...headers, 'X-Proof': text } })).toBe('header');
      expect(misplacedIn({ headers, query: { hint: [text] } })).toBe('query');
    });

    test('is none where it stands in its own place alone', () => {
      expect(misplacedIn({ headers })).toBeUndefined();
    });
  });

  test.each(PLACES)('is a key of this gateway in a %s, whoever presents it', (place, requestWith) => {
    expect(misplacedIn(requestWith(API_KEY))).toBe(place);
    expect(misplacedIn(requestWith(encoded(API_KEY)))).toBe(place);
    expect(misplacedIn(requestWith(API_KEY.replaceAll('_', '%255F')))).toBe(place);
    // the checksum does not matter
    expect(misplacedIn(requestWith(`${API_KEY.slice(0, -1)}_`))).toBeUndefined();
    expect(misplacedIn(requestWith(`${API_KEY.slice(0, -6)}000000`))).toBe(place);
  });

  test.each([
    ['a JWT', FOREIGN],
    ['a JWT with a blank in its header', 'eyAiYWxnIjogIkVTMjU2In0.eyJzdWIiOiJhIn0.c2ln'],
    ['a JWT whose header has lines', 'ewogICJhbGciOiAiRVMyNTYiCn0.eyJzdWIiOiJhIn0.c2ln'],
    ['a JWT whose first name has a line of its own', 'ewoiYWxnIjoiRVMyNTYifQ.eyJzdWIiOiJhIn0.c2ln'],
    ['an encrypted JWT', 'eyJhbGciOiJkaXIifQ..aXY.Y2lwaGVy.dGFn'],
    ['a JWT padded as load balancers do', FOREIGN.replaceAll('.', '==.')],
    ['a JWT within a text', `id_token_hint=${FOREIGN};x`],
    ['a bearer token', 'Bearer 0123456789abcdef'],
    ['a password', 'basic dXNlcjpwYXNzd29yZA=='],
    ['a bound token', 'DPoP 0123456789abcdef'],
  ])('is %s where nothing is declared, and none where something is', (_, value) => {
    expect(misplacedIn({ headers: { 'X-Anything': value } })).toBe('header');
    expect(misplacedIn({ headers: { 'X-Anything': ['fine', value] } })).toBe('header');
    expect(misplacedIn({ query: { other: [value] } })).toBe('query');
    expect(misplacedIn({ headers: { 'X-Proof': value } })).toBeUndefined();
    expect(misplacedIn({ query: { hint: [value] } })).toBeUndefined();
    expect(misplacedIn({ path: { orderId: value } })).toBeUndefined();
  });

  test.each(PLACES.filter(([, requestWith]) => !JSON.stringify(requestWith('v')).includes('X-v')))(
    'is a key of this gateway in Base64 in a %s',
    (place, requestWith) => {
      expect(misplacedIn(requestWith(Buffer.from(`${API_KEY}:`).toString('base64url')))).toBe(place);
    },
  );

  test('is looked for behind a sequence that cannot be decoded', () => {
    expect(misplacedIn({ headers: { 'X-Anything': `%zz%e4${encoded(API_KEY)}` } })).toBe('header');
  });

  test.each<[string, Record<string, string>]>([
    [
      'a browser',
      {
        'User-Agent':
          'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko)',
      },
    ],
    [
      'a trace',
      { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', baggage: 'userId=alice' },
    ],
    ['an entity tag', { 'If-None-Match': '"33a64df551425fcc55e4d42a148795d9f25f89d4"' }],
    [
      'a page',
      { Referer: 'https://app.example.com/orders?page=2&q=100%25', Origin: 'https://app.example.com' },
    ],
    ['a signature', { 'Content-Digest': 'sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:' }],
    ['a card of a library', { 'X-Client': 'Basic client, bearer of news' }],
    ['a host that begins like a header', { Referer: 'https://ewoksanctuary.example.com/eyoftiger.a.b' }],
    ['a program', { 'User-Agent': 'com.acme.SurveyAssistant.prod.app/3.1 surveyAggregator.v2.x' }],
    ['a script', { Referer: 'https://app.example.com/keyAccountManager.module.js' }],
    ['a membership', { 'X-Plan': 'Basic membership' }],
    ['cookies, which are told apart', { Cookie: `session=${FOREIGN}; other=${API_KEY}` }],
    ['nothing worth hiding', { Authorization: 'Bearer a', 'X-Anything': 'a banana' }],
  ])('is not %s', (_, headers) => {
    expect(misplacedIn({ headers })).toBeUndefined();
  });

  test.each([
    ['one word of many beginnings', 'eyJ'.repeat(20_000)],
    ['many beginnings before a dot', `${'eyJ'.repeat(20_000)}.`],
    ['many beginnings behind a dot', `eyJaaaaaaaa.${'eyJ'.repeat(20_000)}`],
    ['dots between words', 'ab-c.'.repeat(12_000)],
    ['dots', `eyJaaaaaaa${'.'.repeat(60_000)}`],
    ['a scheme and blanks', `Bearer${' '.repeat(60_000)}!`],
    ['what may be Base64', 'QUJD'.repeat(15_000)],
    ['what is encoded many times', `%${'25'.repeat(30_000)}`],
  ])('is sought in no time in %s', (_, value) => {
    const started = performance.now();
    expect(misplacedIn({ headers: { 'X-Anything': value } })).toBeUndefined();

    // from every beginning anew it takes seconds
    expect(performance.now() - started).toBeLessThan(500);
  });

  test('is looked for in cookies where the document wants them as they are', () => {
    const policy = operation({ security: [], parameters: [{ name: 'cookie', in: 'header', value: {} }] });

    expect(misplacedIn({ headers: { Cookie: `x=${API_KEY}` } }, policy)).toBe('header');
  });
});

describe('an authorizer', () => {
  const verifiers = { customer: jwtVerifier([KEY]) };
  const request = (options: EventOptions = {}): EventOptions => ({
    ...bearer(TOKEN),
    ...options,
    headers: { ...bearer(TOKEN).headers, ...options.headers },
  });

  test.each(['enforce', 'observe'] as const)(
    'refuses a request with its credential elsewhere, and says where without a value (%s)',
    async (contract) => {
      const { call, lines } = authorizer(verifiers, { 'GET /orders': operation({ contract }) });
      const decision = await call(request({ headers: { 'X-Copy': TOKEN } }));

      expect(decision.usageIdentifierKey).toBe(PLAN_KEYS.contractRefusal);
      expect(decision.context).toMatchObject({
        code: 'CONTRACT_VIOLATION',
        detail: 'header: MISPLACED_CREDENTIAL',
        cookies: '-',
      });
      expect(lines.map((line) => JSON.parse(line).reason)).toEqual(['MISPLACED_CREDENTIAL']);
      expect(JSON.stringify(decision)).not.toContain(TOKEN.slice(-20));
    },
  );

  test('refuses it where anyone may call, too', async () => {
    const { call } = authorizer(verifiers, { 'GET /orders': operation({ security: [] }) });

    expect((await call(request({ query: { copy: [TOKEN] } }))).context.detail).toBe(
      'query: MISPLACED_CREDENTIAL',
    );
    expect((await call(request())).context.code).toBe('-');
  });
});
