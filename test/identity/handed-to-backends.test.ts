import type { LocalGateway } from '../../lib/local';
import { IDENTITY_HEADERS } from '../../lib/protocol';
import { registerMachines } from '../examples/orders/machines';
import { identityVerifier } from '../examples/orders/verify-identity';
import type { TestBackend } from '../local/backend';
import { expectOurs, FORGED, kidOf, sendHttp2, sendRaw, spellings, valuesOf } from './raw-requests';
import { TwoServices } from './two-services';

describe('what a backend is told of its caller', () => {
  let services: TwoServices;
  let orders: TestBackend;
  let billing: TestBackend;
  let gateway: LocalGateway;
  /** The same without its web ACL, whose rules would hide what the mappings hold. */
  let bare: LocalGateway;
  let token: string;

  beforeAll(async () => {
    // time stands still until it is set by `passTime`; nothing else is faked
    jest.useFakeTimers({ now: Date.now(), doNotFake: [...TIMERS] });
    services = await TwoServices.start();
    ({ orders, billing } = services);
    gateway = await services.gateway();
    services.remove('AWS::WAFv2::WebACLAssociation');
    bare = await services.gateway();
    token = await services.provider.token({ subject: 'alice' });
  }, 60_000);

  afterAll(async () => {
    await services?.close();
    jest.useRealTimers();
  });

  beforeEach(() => {
    passTime();
    orders.received.length = 0;
    billing.received.length = 0;
  });

  const verifierOf = (backend: string, { url } = gateway) => {
    const verify = identityVerifier({
      issuer: 'Two/Gateway',
      backend,
      keys: new URL('.well-known/jwks.json', url),
    });
    return (authorization: string | undefined, operation: string) => {
      passTime();
      return verify(authorization, operation);
    };
  };

  describe('over HTTP/2, which knows lower case only,', () => {
    let secure: LocalGateway;
    let secureBare: LocalGateway;

    beforeAll(async () => {
      secureBare = await services.gateway({ tls: {} });
      services.restore();
      secure = await services.gateway({ tls: {} });
    }, 60_000);

    test.each(Object.values(IDENTITY_HEADERS).map((name) => name.toLowerCase()))(
      'is not what a caller says in %s',
      async (name) => {
        const forged = { authorization: `Bearer ${token}`, [name]: [`${FORGED}-1`, `${FORGED}-2`] };

        expect(await sendHttp2(secure, 'orders', forged)).toBe(403);
        expect(await sendHttp2(secure, 'orders', { [name.replaceAll('-', '_')]: FORGED })).toBe(403);
        expect(orders.received).toEqual([]);
        expect(await sendHttp2(secureBare, 'orders', forged)).toBe(200);
        expectOurs(orders.last());
      },
    );

    test('is an identity in place of the credential, which is nowhere', async () => {
      expect(await sendHttp2(secure, 'orders', { authorization: `Bearer ${token}` })).toBe(200);
      expectOurs(orders.last());
      expect(JSON.stringify(orders.last())).not.toContain(token.split('.')[2]);

      expect(await sendHttp2(secure, 'orders', { authorization: `Bearer ${token}`, 'x-copy': token })).toBe(
        400,
      );
      expect(orders.received).toHaveLength(1);
      expect(secure.requests().at(-1)).toMatchObject({ status: 400 });
    });
  });

  describe.each(spellings(Object.values(IDENTITY_HEADERS)))('where the caller sends %s', (name) => {
    test('is nothing, since the request is refused', async () => {
      const sent = [`Authorization: Bearer ${token}`, `${name}: ${FORGED}`];

      expect(await sendRaw(gateway, 'GET', 'orders', sent)).toBe(403);
      expect(orders.received).toEqual([]);
    });

    test('is what the gateway says, even where no web ACL stands before it', async () => {
      const sent = [`Authorization: Bearer ${token}`, `${name}: ${FORGED}`];

      expect(await sendRaw(bare, 'GET', 'orders', sent)).toBe(200);
      expectOurs(orders.last());
    });

    test('is what the gateway says where it is sent twice, around an operation that anyone may call', async () => {
      const sent = [`${name}: ${FORGED}-1`, `${name.toLowerCase()}: ${FORGED}-2`];

      expect(await sendRaw(gateway, 'GET', 'health', sent)).toBe(403);
      expect(await sendRaw(bare, 'GET', 'health', sent)).toBe(200);
      expectOurs(orders.last());
    });
  });

  test.each(spellings(Object.values(IDENTITY_HEADERS)).map((name) => name.replaceAll('-', '_')))(
    'is nothing where the caller sends %s, which many servers read alike',
    async (name) => {
      const sent = [`Authorization: Bearer ${token}`, `${name}: ${FORGED}`];

      expect(await sendRaw(gateway, 'GET', 'orders', sent)).toBe(403);
      expect(orders.received).toEqual([]);
    },
  );

  test.each(spellings(['Authorization']))('is an identity in place of the %s', async (name) => {
    expect(await sendRaw(bare, 'GET', 'orders', [`${name}: Bearer ${token}`])).toBe(200);

    expectOurs(orders.last());
    expect(JSON.stringify(orders.last())).not.toContain(token.split('.')[2]);
  });

  test.each([
    [`Authorization: Bearer ${FORGED}`, 'Authorization'],
    [`authorization: Bearer ${FORGED}`, 'AUTHORIZATION'],
  ])('is nothing where a second credential stands beside the first: %s', async (first, second) => {
    const genuine = `${second}: Bearer ${token}`;

    expect(await sendRaw(bare, 'GET', 'orders', [first, genuine])).toBe(401);
    expect(await sendRaw(bare, 'GET', 'orders', [genuine, first])).toBe(401);
    expect(orders.received).toEqual([]);
  });

  test('holds no credential in any header, the query or the path', async () => {
    const { carrier } = await registerMachines(gateway);
    const credentials: readonly [string, string][] = [
      ['Authorization', `Bearer ${token}`],
      ['X-Api-Key', carrier],
    ];

    for (const [name, value] of credentials) {
      for (const spelling of spellings([name])) {
        expect(await sendRaw(gateway, 'GET', 'orders?after=1', [`${spelling}: ${value}`])).toBe(200);
        await sendRaw(gateway, 'DELETE', 'orders/7', [`${spelling}: ${value}`]);
        await sendRaw(gateway, 'GET', 'invoices', [`${spelling}: ${value}`]);
        await sendRaw(gateway, 'GET', 'health', [`${spelling}: ${value}`]);
      }
    }
    const everything = JSON.stringify([orders.received, billing.received]);

    expect(orders.received.length).toBeGreaterThanOrEqual(18);
    expect(billing.received.length).toBeGreaterThanOrEqual(6);
    for (const secret of [token, token.split('.')[2] ?? '', carrier, carrier.slice(8)]) {
      for (const form of ['latin1', 'base64', 'base64url', 'hex'] as const) {
        const text = form === 'latin1' ? secret : Buffer.from(secret).toString(form).replace(/=+$/, '');
        expect(everything).not.toContain(text);
      }
    }
  });

  test('is of no use at another backend, for another operation, or at the gateway itself', async () => {
    await sendRaw(gateway, 'GET', 'orders', [`Authorization: Bearer ${token}`]);
    const [identity = ''] = valuesOf(orders.last(), 'Authorization');

    await expect(verifierOf('orders')(identity, 'listOrders')).resolves.toMatchObject({
      sub: 'alice',
      scheme: 'customer',
    });
    await expect(verifierOf('billing')(identity, 'listInvoices')).rejects.toThrow('"aud"');
    await expect(verifierOf('orders')(identity, 'deleteOrder')).rejects.toThrow('another operation');
    expect(await sendRaw(gateway, 'GET', 'invoices', [`Authorization: ${identity}`])).toBe(401);
    expect(billing.received).toEqual([]);
  });

  test.each([
    [4_000, true],
    [10_000, false],
  ])('is taken by a service whose clock is %d ms behind: %s', async (behind, taken) => {
    await sendRaw(gateway, 'GET', 'orders', [`Authorization: Bearer ${token}`]);
    const [identity = ''] = valuesOf(orders.last(), 'Authorization');
    ahead -= behind;
    const verified = verifierOf('orders')(identity, 'listOrders');
    await expect(
      verified.then(
        () => true,
        () => false,
      ),
    ).resolves.toBe(taken);
    ahead += behind;
  });

  test('is not accepted from another gateway of the same name', async () => {
    await sendRaw(bare, 'GET', 'orders', [`Authorization: Bearer ${token}`]);
    const [identity = ''] = valuesOf(orders.last(), 'Authorization');

    await expect(verifierOf('orders', bare)(identity, 'listOrders')).resolves.toBeDefined();
    await expect(verifierOf('orders', gateway)(identity, 'listOrders')).rejects.toThrow();
  });

  test('is nothing before there is a key: the gateway answers 500, and the key set 503', async () => {
    services.remove('AWS::SecretsManager::RotationSchedule');
    const keyless = await services.gateway();

    expect(await sendRaw(keyless, 'GET', 'orders', [`Authorization: Bearer ${token}`])).toBe(500);
    expect(await sendRaw(keyless, 'GET', 'health', [])).toBe(500);
    expect(await sendRaw(keyless, 'GET', '.well-known/jwks.json', [])).toBe(503);
    expect(orders.received).toEqual([]);
  });

  test('is verified through a rotation that happens under load, and no request is refused', async () => {
    const tokens = await Promise.all(
      Array.from({ length: 12 }, (_, index) => services.provider.token({ subject: `caller-${index}` })),
    );
    const rotation = services.rotationOf(bare);
    // as a service does, it fetches the keys once and remembers them
    const verify = verifierOf('orders', bare);
    const kids = new Set<string>();
    let sent = 0;
    let verified = 0;
    let clients = 4;
    let wake = () => {};

    const client = async (own: number) => {
      for (let turn = 0; own < clients; turn += 1) {
        const after = `${own}x${turn}`;
        const credential = tokens[(own + turn) % tokens.length];
        const status = await sendRaw(bare, 'GET', `orders?after=${after}`, [
          `Authorization: Bearer ${credential}`,
        ]);
        sent += 1;
        passTime();
        wake();
        expect(status).toBe(200);
        const received = orders.received.find(({ url }) => url.endsWith(`=${after}`));
        const [identity] = received ? valuesOf(received, 'Authorization') : [];
        const claims = await verify(identity, 'listOrders');
        expect(claims.sub).toBe(`caller-${(own + turn) % tokens.length}`);
        verified += 1;
        kids.add(kidOf(identity));
      }
    };
    const load = Promise.all([0, 1, 2, 3].map(client));
    const during = async (requests: number) => {
      const until = sent + requests;
      while (sent < until) await Promise.race([load, new Promise<void>((resolve) => (wake = resolve))]);
    };

    try {
      await during(40);
      for (const step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret']) {
        await rotation(step);
        await during(20);
      }
      // by then the authorizer looks for a newer key, and identities at hand are half through their life
      ahead += 31_000;
      passTime();
      // one goes on: a read of the secret that a slow machine did not get done in time is tried anew
      clients = 1;
      while (kids.size < 2) await during(1);
    } finally {
      clients = 0;
    }
    await load;

    expect(verified).toBe(sent);
    expect(kids.size).toBe(2);
  }, 60_000);
});

/** All but the time of day. */
const TIMERS = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;

/** Milliseconds that the tests are ahead of the real time. */
let ahead = 0;

/** A function's clock goes on from the last it heard of ours: without this, what it signed would be of the future. */
function passTime(): void {
  jest.setSystemTime(Math.ceil(performance.timeOrigin + performance.now()) + ahead);
}
