import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it arrived from the gateway. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface OrdersService {
  readonly url: string;
  /** What got through the gateway, in order. */
  readonly received: readonly ReceivedRequest[];
  close(): Promise<void>;
}

interface Order {
  readonly id: string;
  readonly customer: string;
  readonly status: string;
  readonly lines: unknown;
  readonly address: unknown;
  readonly note?: unknown;
  readonly createdAt: string;
}

interface Call {
  readonly caller: string;
  readonly roles: readonly string[];
  readonly query: URLSearchParams;
  readonly id: string;
  readonly body: Record<string, unknown>;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

/** Who calls, as the gateway signed it; throws where it did not sign for this operation. */
export type VerifyIdentity = (
  authorization: string | undefined,
  operation: string,
) => Promise<Readonly<Record<string, unknown>>>;

/** `operationId` by method and path. */
const OPERATIONS: Readonly<Record<string, string>> = {
  'GET health': 'getHealth',
  'POST login': 'login',
  'GET orders': 'listOrders',
  'POST orders': 'createOrder',
  'GET orders/…': 'getOrder',
  'PATCH orders/…': 'changeOrder',
  'DELETE orders/…': 'deleteOrder',
  'GET customers/…': 'listCustomerOrders',
  'GET shipments': 'listShipments',
  'GET reports/…': 'getRevenue',
};

const NOT_FOUND: Answer = { status: 404, body: problem(404, 'Not found') };
const UNKNOWN_CALLER: Answer = { status: 401, body: problem(401, 'The gateway did not say who calls') };

/**
 * The private service behind the gateway: orders in memory.
 *
 * It sees no credential. The gateway says in a token who is calling, and `verify` whether it was the gateway that
 * said so, for this operation; without it, the service trusts its network and reads the plain headers. What is left
 * to it is whose order is whose.
 */
export async function startOrdersService(verify?: VerifyIdentity): Promise<OrdersService> {
  const orders = new Map<string, Order>(seed().map((order) => [order.id, order]));
  const received: ReceivedRequest[] = [];

  const server = createServer(async (request, response) => {
    const body = await textOf(request);
    received.push({
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers as Record<string, string>,
      body,
    });
    const identity = await identityOf(request, verify);
    send(response, identity ? answerSafely(orders, request, body, identity) : UNKNOWN_CALLER);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Identity {
  readonly caller: string;
  readonly roles: readonly string[];
}

async function identityOf(request: IncomingMessage, verify?: VerifyIdentity): Promise<Identity | undefined> {
  if (!verify) {
    return { caller: header(request, 'x-user-id'), roles: header(request, 'x-user-roles').split(/[ ,]+/) };
  }
  try {
    const { sub, roles } = await verify(request.headers.authorization, OPERATIONS[routeOf(request)] ?? '');
    return { caller: String(sub), roles: Array.isArray(roles) ? roles.map(String) : [] };
  } catch {
    return undefined;
  }
}

function routeOf({ method, url = '/' }: IncomingMessage): string {
  const [, collection = '', id = ''] = new URL(url, 'http://orders').pathname.split('/');
  return `${method} ${collection}${id ? '/…' : ''}`;
}

/** A body that nothing describes is not validated before it comes here, and must not end the service. */
function answerSafely(
  orders: Map<string, Order>,
  request: IncomingMessage,
  body: string,
  identity: Identity,
): Answer {
  try {
    return answer(orders, request, body, identity);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { status: 400, body: problem(400, 'No JSON') };
  }
}

function answer(
  orders: Map<string, Order>,
  request: IncomingMessage,
  body: string,
  identity: Identity,
): Answer {
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://orders');
  const [, , id = ''] = pathname.split('/');
  const call: Call = {
    ...identity,
    query,
    id,
    body: body === '' ? {} : JSON.parse(body),
  };

  switch (routeOf(request)) {
    case 'GET health':
      return { status: 200, body: { status: 'ok' } };
    case 'POST login':
      return { status: 200, body: { continueAt: '/sign-in' } };
    case 'GET orders':
      return { status: 200, body: mine(orders, call).slice(0, Number(query.get('limit') ?? 20)) };
    case 'POST orders':
      return { status: 201, body: place(orders, call) };
    case 'GET orders/…':
      return one(orders, call, (order) => ({ status: 200, body: order }));
    case 'PATCH orders/…':
      return one(orders, call, (order) => ({ status: 200, body: keep(orders, { ...order, ...call.body }) }));
    case 'DELETE orders/…':
      return { status: orders.delete(id) ? 204 : 404 };
    case 'GET customers/…':
      return { status: 200, body: mine(orders, call) };
    case 'GET shipments':
      return {
        status: 200,
        body: [...orders.values()].map((order) => ({ order: order.id, address: order.address })),
      };
    case 'GET reports/…':
      return { status: 200, body: { year: Number(query.get('year')), cents: 1_234_500 } };
    default:
      return NOT_FOUND;
  }
}

/** Another customer's order is not found rather than forbidden: not even its existence is told. */
function one(orders: Map<string, Order>, { id, caller, roles }: Call, act: (order: Order) => Answer): Answer {
  const order = orders.get(id);
  return order && (order.customer === caller || roles.includes('admin')) ? act(order) : NOT_FOUND;
}

function mine(orders: Map<string, Order>, { caller, roles, query }: Call): Order[] {
  return [...orders.values()]
    .filter(({ customer }) => customer === caller || roles.includes('admin'))
    .filter(({ status }) => !query.has('status') || status === query.get('status'))
    .reverse();
}

function place(orders: Map<string, Order>, { caller, body }: Call): Order {
  return keep(orders, {
    id: randomBytes(4).toString('hex'),
    customer: caller,
    status: 'placed',
    lines: body['lines'],
    address: body['address'],
    note: body['note'] ?? null,
    createdAt: new Date().toISOString(),
  });
}

function keep(orders: Map<string, Order>, order: Order): Order {
  orders.set(order.id, order);
  return order;
}

function seed(): Order[] {
  const address = { name: 'Ada', street: 'St James Square 12', city: 'London', country: 'GB' };
  return ['alice', 'bob'].map((customer, index) => ({
    id: `0000000${index + 1}`,
    customer,
    status: 'paid',
    lines: [{ sku: 'TEA-0042', quantity: index + 1 }],
    address,
    createdAt: `2026-01-0${index + 1}T09:00:00Z`,
  }));
}

function header(request: IncomingMessage, name: string): string {
  return String(request.headers[name] ?? '');
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, {
    'Content-Type': status < 400 ? 'application/json' : 'application/problem+json',
  });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

function problem(status: number, title: string) {
  return { type: 'about:blank', title, status };
}
