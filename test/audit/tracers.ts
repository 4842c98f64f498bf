import { formatApiKey } from '../../lib/protocol';

export const KEY = formatApiKey({
  prefix: 'sk',
  environment: 'live',
  id: 'tracer000000',
  secret: 't'.repeat(32),
});
export const CARD = '5555555555554444';
export const EMAIL = 'tracer@customer.example.com';
export const REDACTED = 'redactedtracer7f3a';

/** Tells nothing by its shape. */
export const OPAQUE = 'mF_9.B5f-4.1JqM9xQ2';
export const PASSWORD = Buffer.from('tracer:correct horse').toString('base64');

export const encodedThroughout = (value: string) =>
  [...value].map((each) => `%${each.charCodeAt(0).toString(16)}`).join('');

/** Where a value stands in a request; `forged` beside it makes the web ACL refuse, and so log, it. */
export type Place = (value: string) => { readonly path: string; readonly init?: RequestInit };

/** As careless clients write credentials into paths and queries. */
const SPELLINGS: readonly ((value: string) => string)[] = [
  (value) => value.replaceAll('_', '%5F').replaceAll('.', '%2E'),
  (value) => value.replaceAll('_', '%5f').replaceAll('.', '%2e'),
  (value) => value.replaceAll('_', '%255F').replaceAll('.', '%252E'),
  (value) => `Bearer%20${value}`,
  (value) => `Bearer+${value.replaceAll('.', '%2E')}`,
];
export const spelled = (value: string): Place[] =>
  SPELLINGS.flatMap((spell): Place[] => [
    () => ({ path: `orders?tracer=${spell(value)}&limit=5` }),
    () => ({ path: `orders/${spell(value)}` }),
    () => ({ path: 'health', init: { headers: { 'X-Tracer': spell(value) } } }),
  ]);

/** Where a secret that has no shape is one by its place. */
export const SECRET_PLACES: readonly Place[] = [
  (value) => ({ path: 'orders', init: { headers: { Authorization: `Bearer ${value}` } } }),
  (value) => ({ path: 'health', init: { headers: { 'X-Auth-Token': value } } }),
  (value) => ({ path: 'health', init: { headers: { 'X-Tracer': `Bearer ${value}` } } }),
  (value) => ({ path: 'health', init: { headers: { 'X-Tracer': `Basic ${value}` } } }),
  (value) => ({ path: 'health', init: { headers: { 'X-Tracer': `DPoP ${value}` } } }),
  (value) => ({ path: `orders?access_token=${encodeURIComponent(value)}` }),
  (value) => ({ path: `orders?PASSWORD=${encodeURIComponent(value)}` }),
  (value) => ({ path: `orders?tracer=Bearer%20${value}` }),
  (value) => ({ path: `orders/Basic%20${value}` }),
];

export const json = { 'Content-Type': 'application/json' };
export const PLACES: Readonly<Record<string, Place>> = {
  'a header': (value) => ({ path: 'orders', init: { headers: { 'X-Tracer': value } } }),
  'the declared header': (value) => ({ path: 'orders', init: { headers: { 'X-Reference': value } } }),
  'an undeclared query parameter': (value) => ({ path: `orders?tracer=${encodeURIComponent(value)}` }),
  'the declared query parameter': (value) => ({ path: `orders?note=${encodeURIComponent(value)}` }),
  'the name of a query parameter': (value) => ({ path: `orders?${encodeURIComponent(value)}=1` }),
  'the redacted query parameter': (value) => ({ path: `orders?reference=${encodeURIComponent(value)}` }),
  'the path': (value) => ({ path: `orders/${encodeURIComponent(value)}` }),
  'a path nobody declared': (value) => ({ path: `nowhere/${encodeURIComponent(value)}` }),
  'a header of an operation anyone may call': (value) => ({
    path: 'health',
    init: { headers: { 'X-Tracer': `tracer ${value}` } },
  }),
  'a header that is known for credentials': (value) => ({
    path: 'health',
    init: { headers: { 'X-Auth-Token': value, 'Proxy-Authorization': `Custom ${value}` } },
  }),
  'a header, encoded': (value) => ({
    path: 'orders',
    init: { headers: { 'X-Tracer': encodedThroughout(value) } },
  }),
  'a cookie': (value) => ({ path: 'orders', init: { headers: { Cookie: `tracer=${value}` } } }),
  'a cookie of an operation anyone may call': (value) => ({
    path: 'health',
    init: { headers: { Cookie: `tracer=${value}` } },
  }),
  'the redacted cookie': (value) => ({ path: 'orders', init: { headers: { Cookie: `reference=${value}` } } }),
  'a body': (value) => ({
    path: 'orders',
    init: { method: 'POST', headers: json, body: JSON.stringify({ note: value }) },
  }),
  'a body, escaped': (value) => ({
    path: 'orders',
    init: {
      method: 'POST',
      headers: json,
      body: `{"note":"${value.replaceAll('_', '\\u005f').replaceAll('.', '\\u002E')}"}`,
    },
  }),
  'a body of text': (value) => ({
    path: 'notes',
    init: { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: `see ${value}` },
  }),
  'a form': (value) => ({
    path: 'notes',
    init: { method: 'POST', body: new URLSearchParams({ note: value }) },
  }),
  'the body of an operation that takes credentials': (value) => ({
    path: 'exchange',
    init: { method: 'POST', headers: json, body: JSON.stringify({ subject: value }) },
  }),
  'a header of a mapped operation': (value) => ({
    path: 'ledger',
    init: { headers: { 'X-Tracer': value, Referer: `https://shop.example.com/?q=${value}` } },
  }),
  'the declared header of a mapped operation': (value) => ({
    path: 'ledger',
    init: { headers: { 'X-Reference': value, Cookie: `tracer=${value}` } },
  }),
  'the declared query parameter of a mapped operation': (value) => ({
    path: `ledger?note=${encodeURIComponent(value)}`,
  }),
  'a body that breaks its schema': (value) => ({
    path: 'orders',
    init: { method: 'POST', headers: json, body: JSON.stringify({ [value]: value }) },
  }),
  Authorization: (value) => ({ path: 'orders', init: { headers: { Authorization: `Bearer ${value}` } } }),
  'the API key’s header': (value) => ({ path: 'orders', init: { headers: { 'X-Api-Key': value } } }),
};

/** Dotted, in their order. */

/** The web ACL refuses whoever brings it, and so logs the whole request. */
export const FORGED = { 'X-User-Id': 'root' };
