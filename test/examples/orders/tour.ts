import { detectsInjection } from '../../../lib/local/web-acl/injection';
import { keyLife } from './key-life';
import { DENIED_ADDRESS, FOREIGN_ADDRESS, from, type Sample } from './sample';

/** A request of the tour, and what must become of it. */
export interface Stop {
  /** What it shows. */
  readonly shows: string;
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>> | (() => Readonly<Record<string, string>>);
  readonly body?: unknown;
  /** How often it is sent; what became of the last one counts. @default 1 */
  readonly times?: number;
  /** It may come out otherwise for so long; a request that is sent later may not. @default 0 */
  readonly withinMillis?: number;
  /** Header that the answer must carry. */
  readonly answers?: { readonly name: string; readonly value: string };
  /** The service is stopped before. */
  readonly outage?: true;
  readonly status: number;
  /** Stage that must have decided; `service` where the request reached it and was answered. */
  readonly stage: string;
}

/** What an administrator does between two requests. */
export interface Deed {
  /** Of the command line. */
  readonly command: string;
  /** What it does. */
  readonly shows: string;
  readonly run: () => Promise<void>;
}

const ORDER = {
  lines: [{ sku: 'TEA-0042', quantity: 2 }],
  address: { name: 'Ada', street: 'St James Square 12', city: 'London', country: 'GB' },
};
const IDEMPOTENCY = { 'Idempotency-Key': '5f0c2a4e-tour' };

export function stops({ people, machines }: Pick<Sample, 'people' | 'machines'>): readonly (Stop | Deed)[] {
  const { alice, admin, expired, foreign } = people;
  const { carrier, reader, trial, partner } = machines;
  const read = { method: 'GET', path: '/orders' };
  const create = { method: 'POST', path: '/orders' };
  const shipments = { method: 'GET', path: '/shipments?carrier=Royal%20Mail' };

  return [
    allowed(200, 'public operation', { method: 'GET', path: '/health' }),
    allowed(200, 'token with the scope', { ...read, headers: bearer(alice) }),
    allowed(201, 'body within its schema', {
      ...create,
      headers: { ...bearer(alice), ...IDEMPOTENCY },
      body: ORDER,
    }),
    allowed(200, "caller's own orders", {
      method: 'GET',
      path: '/customers/alice/orders',
      headers: bearer(alice),
    }),
    allowed(204, 'role that may delete', {
      method: 'DELETE',
      path: '/orders/00000002',
      headers: bearer(admin),
    }),
    allowed(200, 'API key of a machine', { ...read, headers: key(reader) }),
    allowed(200, 'API key with another scope', { ...shipments, headers: key(carrier) }),
    ...keyLife(machines),

    refused(403, 'firewall', 'address on the deny list', { ...read, headers: from(DENIED_ADDRESS) }),
    refused(403, 'firewall', 'country that may not call', { ...read, headers: from(FOREIGN_ADDRESS) }),
    refused(429, 'rate', '21st sign-in of an address, Retry-After', {
      method: 'POST',
      path: '/login',
      headers: from('192.0.2.1'),
      body: { email: 'ada@example.com', password: 'correct horse battery' },
      times: 21,
      answers: { name: 'Retry-After', value: '300' },
    }),
    // by libinjection, where libmodsecurity3 is installed
    ...(detectsInjection()
      ? [
          refused(403, 'firewall', 'SQL injection', {
            method: 'GET',
            path: `/orders?limit=${encodeURIComponent("1' OR '1'='1")}`,
            headers: bearer(alice),
          }),
          refused(403, 'firewall', 'script in a body', {
            ...create,
            headers: { ...bearer(alice), ...IDEMPOTENCY },
            body: { ...ORDER, note: '<script>alert(1)</script>' },
          }),
        ]
      : []),
    refused(403, 'firewall', 'identity the caller made up', {
      ...read,
      headers: { ...bearer(alice), 'X-User-Id': 'root' },
    }),
    refused(403, 'firewall', 'path that climbs out', { method: 'GET', path: '/orders/..%2fadmin' }),
    refused(415, 'firewall', 'media type nobody declared', {
      ...create,
      headers: { ...bearer(alice), ...IDEMPOTENCY, 'Content-Type': 'text/xml' },
      body: ORDER,
    }),
    refused(413, 'firewall', 'body above 64 KB', {
      ...create,
      headers: { ...bearer(alice), ...IDEMPOTENCY },
      body: { ...ORDER, note: 'x'.repeat(65_536) },
    }),
    refused(404, 'routing', 'path that is not in the document', { method: 'GET', path: '/admin' }),
    refused(401, 'authentication', 'no credential', read),
    refused(401, 'authentication', 'expired token', { ...read, headers: bearer(expired) }),
    refused(401, 'authentication', 'token for another service', { ...read, headers: bearer(foreign) }),
    refused(401, 'authentication', 'token with a changed claim', {
      ...read,
      headers: bearer(tampered(alice)),
    }),
    refused(401, 'authentication', 'API key that was mistyped', {
      ...read,
      headers: key(`${reader.slice(0, -1)}_`),
    }),
    refused(403, 'authorization', 'API key without the scope', { ...shipments, headers: key(reader) }),
    refused(403, 'authorization', 'role that may not delete', {
      method: 'DELETE',
      path: '/orders/00000001',
      headers: bearer(alice),
    }),
    refused(403, 'authorization', "another customer's orders", {
      method: 'GET',
      path: '/customers/bob/orders',
      headers: bearer(alice),
    }),
    refused(400, 'parameters', 'value out of bounds', {
      method: 'GET',
      path: '/orders?limit=1000',
      headers: bearer(alice),
    }),
    refused(400, 'parameters', 'query parameter nobody declared', {
      method: 'GET',
      path: '/orders?debug=true',
      headers: bearer(alice),
    }),
    refused(400, 'parameters', 'required header missing', { ...create, headers: bearer(alice), body: ORDER }),
    refused(400, 'body', 'body that breaks its schema', {
      ...create,
      headers: { ...bearer(alice), ...IDEMPOTENCY },
      body: { ...ORDER, price: 1 },
    }),
    refused(429, 'plan', 'the 6th request within a minute', {
      method: 'GET',
      path: '/reports/revenue?year=2026',
      headers: bearer(admin),
      times: 6,
    }),
    refused(429, 'limit', "a caller's third in a minute, of 4", {
      method: 'GET',
      path: '/orders/00000001',
      headers: bearer(admin),
      times: 3,
    }),
    allowed(200, 'another caller, not disturbed by it', {
      method: 'GET',
      path: '/orders/00000001',
      headers: bearer(alice),
    }),
    refused(429, 'plan', 'third of a quota of two a day', { ...shipments, headers: key(trial), times: 3 }),
    allowed(200, 'another tenant, not disturbed by it', { ...shipments, headers: key(partner) }),
    refused(502, 'backend', 'service that is down', { ...read, headers: bearer(alice), outage: true }),
  ];
}

type Request = Omit<Stop, 'shows' | 'status' | 'stage'>;

function allowed(status: number, shows: string, request: Request): Stop {
  return { ...request, shows, status, stage: 'service' };
}

function refused(status: number, stage: string, shows: string, request: Request): Stop {
  return { ...request, shows, status, stage };
}

function bearer(token: string) {
  return { Authorization: `Bearer ${token}` };
}

function key(apiKey: string) {
  return { 'X-Api-Key': apiKey };
}

/** The token with another subject and the old signature. */
function tampered(token: string): string {
  const [header, payload = '', signature] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  return [
    header,
    Buffer.from(JSON.stringify({ ...claims, sub: 'bob' })).toString('base64url'),
    signature,
  ].join('.');
}
