import { Agent } from 'node:https';
import { Credential } from '../../../../lambda/authorizer/credential';
import { IssuerKeys } from '../../../../lambda/authorizer/jwt/issuer-keys';
import { JwtVerifier } from '../../../../lambda/authorizer/jwt/jwt-verifier';
import { KeySet } from '../../../../lambda/authorizer/jwt/key-set';
import { fetchDocument } from '../../../../lambda/shared/https-document';
import type { JwtConfiguration } from '../../../../lib/protocol/authorizer-configuration';
import { answerJson, type Behaviour, startServer, type TestServer } from '../https-server';
import { type SigningKey, signingKey, token } from '../tokens';
import { CLAIMS, jwtConfiguration, NOW } from '../under-test';

const KEY = signingKey('ES256', 'one');
const NEXT = signingKey('ES256', 'two');
const HOUR = 3_600_000;

const setOf = (...keys: SigningKey[]) => ({ keys: keys.map(({ jwk }) => jwk) });

let server: TestServer;

beforeAll(async () => {
  server = await startServer(answerJson(setOf(KEY)));
});

// connections that still hang end here
afterAll(() => server.close());

beforeEach(() => {
  server.behave = answerJson(setOf(KEY));
  server.requests.length = 0;
});

interface Options {
  readonly configuration?: Partial<JwtConfiguration>;
  readonly snapshot?: { keys: unknown; fetchedAt: number };
  readonly agent?: Agent;
}

/** A verifier that fetches its keys for real, at a time of the test's choice. */
function underTest({ configuration: changes, snapshot, agent = server.agent }: Options = {}) {
  const clock = { millis: NOW * 1000 };
  const failures: string[] = [];
  const configuration = jwtConfiguration({ jwksUri: `${server.url}/jwks`, ...changes });
  const keys = new IssuerKeys(
    configuration,
    {
      fetchDocument: (url, limit) => fetchDocument(url, limit, agent),
      now: () => clock.millis,
      onFailure: (_, error) => failures.push(String(error)),
    },
    snapshot,
  );
  // claims are judged at a fixed time: these tests are about the age of keys
  const verifier = new JwtVerifier(configuration, keys, () => NOW * 1000);
  const textOf = (key: SigningKey, claims: object = {}) =>
    token(key, { ...CLAIMS, iss: configuration.issuer, ...claims });
  const verifyText = async (text: string) => verifier.verify(new Credential(text), {});
  const verify = (key: SigningKey, claims: object = {}) => verifyText(textOf(key, claims));
  return { clock, failures, keys, verify, textOf, verifyText };
}

/** Answers within a second, by the wall clock. */
async function withinASecond<T>(work: Promise<T>): Promise<T> {
  const started = performance.now();
  try {
    return await work;
  } finally {
    expect(performance.now() - started).toBeLessThan(1_000);
  }
}

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

const hang: Behaviour = () => {};
const drip: Behaviour = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(timer));
};
const endless: Behaviour = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const more = () => response.write(Buffer.alloc(65_536, ' '), more);
  more();
};
const status =
  (code: number, headers: Record<string, string> = {}): Behaviour =>
  (_, response) =>
    response
      .writeHead(code, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(setOf(KEY)));
const text =
  (type: string, body: string): Behaviour =>
  (_, response) =>
    response.writeHead(200, { 'content-type': type }).end(body);

const FAULTS: readonly (readonly [string, Behaviour])[] = [
  ['hangs', hang],
  ['drips', drip],
  ['never stops', endless],
  ['breaks off', (_, response) => response.writeHead(200, { 'content-length': '500' }).end('{')],
  ['closes the connection', (request) => request.socket.destroy()],
  ['answers 500', status(500)],
  ['answers 404', status(404)],
  ['redirects', status(302, { location: '/elsewhere' })],
  ['answers HTML', text('text/html', '<html></html>')],
  ['answers HTML as JSON', text('application/json', '<html></html>')],
  ['answers keys as text', text('text/plain', JSON.stringify(setOf(KEY)))],
  ['answers a list', text('application/json', '[]')],
  ['answers keys that are no list', text('application/json', '{"keys":{}}')],
  ['answers no keys', text('application/json', '{"keys":[]}')],
  ['answers keys of no use', text('application/json', '{"keys":[{"kty":"EC","use":"enc"}]}')],
  ['answers too many keys', answerJson({ keys: Array.from({ length: 101 }, () => KEY.jwk) })],
  [
    'answers compressed',
    (_, response) =>
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
        .end(Buffer.from([0x1f, 0x8b])),
  ],
];

// slow ones that end like another
const FAULTS_AGAIN = FAULTS.filter(([name]) => name !== 'drips' && name !== 'never stops');

describe('keys of an issuer', () => {
  test.each(FAULTS)(
    'fail, within a second and without admitting anyone, where the endpoint %s',
    async (_, fault) => {
      server.behave = fault;
      const { verify } = underTest();

      await withinASecond(expect(verify(KEY)).rejects.toMatchObject({ name: 'KeysUnavailable' }));
    },
  );

  test.each(FAULTS)(
    'serve on for a day after the last good fetch where the endpoint %s',
    async (_, fault) => {
      const { clock, verify } = underTest();
      await verify(KEY);
      server.behave = fault;

      clock.millis += 23 * HOUR;
      await withinASecond(expect(verify(KEY)).resolves.toMatchObject({ userId: 'alice' }));
      clock.millis += HOUR;
      await withinASecond(expect(verify(KEY)).rejects.toMatchObject({ name: 'KeysUnavailable' }));
    },
  );

  test('are fetched before anyone asks', async () => {
    const { keys, verify } = underTest();
    keys.prepare();
    await verify(KEY);
    expect(server.requests).toEqual(['GET /jwks']);

    keys.prepare();
    await new Promise(setImmediate);
    expect(server.requests).toHaveLength(1);
  });

  test('are asked for again after a second where there are none, not before', async () => {
    const { clock, verify } = underTest();
    server.behave = status(500);
    await expect(verify(KEY)).rejects.toMatchObject({ name: 'KeysUnavailable' });
    server.behave = answerJson(setOf(KEY));

    clock.millis += 999;
    await expect(verify(KEY)).rejects.toMatchObject({ name: 'KeysUnavailable' });
    expect(server.requests).toHaveLength(1);
    clock.millis += 1;
    await expect(verify(KEY)).resolves.toMatchObject({ userId: 'alice' });
    expect(server.requests).toHaveLength(2);
  });

  test('older than a day serve nobody between two attempts to fetch others, either', async () => {
    const { clock, verify } = underTest();
    await verify(KEY);
    server.behave = status(500);
    clock.millis += 24 * HOUR;

    for (let request = 0; request < 3; request += 1) {
      await expect(verify(KEY)).rejects.toMatchObject({ name: 'KeysUnavailable' });
    }
    expect(server.requests).toHaveLength(2);
  });

  test('that take longer than a request can wait serve the next one', async () => {
    let respond = () => {};
    const asked = new Promise<void>((resolve) => {
      server.behave = (request, response) => {
        respond = () => answerJson(setOf(KEY))(request, response);
        resolve();
      };
    });
    const { verify, failures } = underTest();

    await withinASecond(expect(verify(KEY)).rejects.toMatchObject({ name: 'KeysUnavailable' }));
    await asked;
    respond();
    await expect(verify(KEY)).resolves.toMatchObject({ userId: 'alice' });
    expect(server.requests).toHaveLength(1);
    expect(failures).toEqual([]);
  });

  test('are not taken from a server that nobody vouches for', async () => {
    const { verify, failures } = underTest({ agent: new Agent() });

    await expect(verify(KEY)).rejects.toMatchObject({ name: 'KeysUnavailable' });
    expect(failures[0]).toMatch(/certificate/);
    expect(server.requests).toEqual([]);
  });

  test('are not asked for over http', async () => {
    const { verify } = underTest({ configuration: { jwksUri: server.url.replace('https', 'http') } });

    await expect(verify(KEY)).rejects.toMatchObject({ name: 'KeysUnavailable' });
    expect(server.requests).toEqual([]);
  });

  test('are fetched once for all who wait at start', async () => {
    const { verify } = underTest();

    await untilKnown(() => Promise.all(Array.from({ length: 200 }, () => verify(KEY))));

    expect(server.requests).toEqual(['GET /jwks']);
  });

  test('are fetched once for a thousand unknown kids at the same time', async () => {
    const { clock, verify } = underTest();
    await verify(KEY);
    server.requests.length = 0;
    clock.millis += 30_000;
    const strangers = Array.from({ length: 1_000 }, (_, index) => ({
      ...NEXT,
      jwk: { ...NEXT.jwk, kid: `stranger-${index}` },
    }));

    const outcomes = await untilKnown(() =>
      Promise.allSettled(strangers.map((stranger) => verify(stranger))),
    );

    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    expect(server.requests).toHaveLength(1);
  });

  test('are asked for an unknown kid once in 30 seconds, not more', async () => {
    const { clock, verify } = underTest();
    await verify(KEY);
    const refused = () => expect(verify(NEXT)).rejects.toThrow('UNKNOWN_KEY');

    await refused();
    expect(server.requests).toHaveLength(1);
    clock.millis += 29_999;
    await refused();
    expect(server.requests).toHaveLength(1);
    clock.millis += 1;
    await refused();
    await refused();
    expect(server.requests).toHaveLength(2);
  });

  test('that are new are taken up when a token names them', async () => {
    const { clock, verify } = underTest();
    await verify(KEY);
    server.behave = answerJson(setOf(KEY, NEXT));
    clock.millis += 30_000;

    await expect(verify(NEXT)).resolves.toMatchObject({ userId: 'alice' });
    await expect(verify(KEY)).resolves.toMatchObject({ userId: 'alice' });
  });

  test('rotate under load without refusing anyone', async () => {
    const { clock, verify } = underTest();
    await verify(KEY);
    server.behave = answerJson(setOf(KEY, NEXT));
    clock.millis += 30_000;

    const outcomes = await untilKnown(() =>
      Promise.allSettled(
        Array.from({ length: 300 }, (_, index) => verify(index % 2 ? KEY : NEXT, { jti: String(index) })),
      ),
    );

    expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([]);
    expect(server.requests).toHaveLength(2);
  });

  test('that are withdrawn are refused once the answer is no longer fresh', async () => {
    server.behave = answerJson(setOf(KEY), { 'cache-control': 'public, max-age=600' });
    const { clock, verify } = underTest();
    await verify(KEY);
    server.behave = answerJson(setOf(NEXT));

    clock.millis += 600_000;
    await expect(verify(KEY)).rejects.toThrow('UNKNOWN_KEY');
  });

  test('that are withdrawn prove no token that was proven with them, either', async () => {
    server.behave = answerJson(setOf(KEY), { 'cache-control': 'public, max-age=600' });
    const { clock, textOf, verifyText } = underTest();
    const text = textOf(KEY);
    await verifyText(text);
    server.behave = answerJson(setOf(NEXT));

    clock.millis += 600_000;
    await expect(verifyText(text)).rejects.toThrow('UNKNOWN_KEY');
  });

  test('that are replaced, whoever brought that about, prove no token that was proven with them', async () => {
    const { clock, verify, textOf, verifyText } = underTest();
    const text = textOf(KEY);
    await verifyText(text);
    server.behave = answerJson(setOf(NEXT));
    clock.millis += 30_000;
    await verify(NEXT);

    await expect(verifyText(text)).rejects.toThrow('UNKNOWN_KEY');
  });

  test('are refreshed in the background before they are stale', async () => {
    server.behave = answerJson(setOf(KEY), { 'cache-control': 'max-age=1000' });
    const { clock, verify } = underTest();
    await verify(KEY);
    clock.millis += 800_000;
    const asked = new Promise((resolve) => {
      server.behave = (_, response) => {
        resolve(undefined);
        answerJson(setOf(KEY))(_, response);
      };
    });

    await verify(KEY);
    await asked;
    expect(server.requests).toHaveLength(2);
  });

  test.each([
    ['max-age=0', 4],
    ['max-age=999999999', 6 * 60 - 1],
    ['no-store', 59],
  ])('are kept within bounds whatever the answer says: %s', async (header, minutes) => {
    server.behave = answerJson(setOf(KEY), { 'cache-control': header });
    const { clock, verify } = underTest();
    await verify(KEY);
    server.behave = answerJson(setOf(NEXT));

    clock.millis += minutes * 60_000 * 0.79;
    await expect(verify(KEY)).resolves.toBeDefined();
    clock.millis += 2 * minutes * 60_000;
    await expect(verify(KEY)).rejects.toThrow('UNKNOWN_KEY');
  });

  test('fetched for one issuer never verify for another', async () => {
    const { verify } = underTest();

    await expect(verify(KEY, { iss: 'https://other.example.com/' })).rejects.toThrow('UNKNOWN_ISSUER');
    expect(server.requests).toEqual([]);
  });
});

describe('keys baked in', () => {
  test('serve at once, and are refreshed in the background', async () => {
    const asked = new Promise((resolve) => {
      server.behave = (_, response) => {
        resolve(undefined);
        answerJson(setOf(KEY))(_, response);
      };
    });
    const { verify } = underTest({ snapshot: { ...setOf(KEY), fetchedAt: (NOW - 60) * 1000 } });

    await expect(verify(KEY)).resolves.toBeDefined();
    await asked;
  });

  test.each(FAULTS_AGAIN)('serve for a day, not longer, where the endpoint %s', async (_, fault) => {
    server.behave = fault;
    const { clock, verify } = underTest({ snapshot: { ...setOf(KEY), fetchedAt: NOW * 1000 } });

    await withinASecond(verify(KEY));
    clock.millis += 24 * HOUR;
    await withinASecond(expect(verify(KEY)).rejects.toMatchObject({ name: 'KeysUnavailable' }));
  });

  test('wait for no fetch, and are fetched once however long it takes', async () => {
    const asked: string[] = [];
    let millis = NOW * 1000;
    const keys = new IssuerKeys(
      jwtConfiguration({ jwksUri: 'https://id.example.com/jwks' }),
      {
        fetchDocument: (url) => {
          asked.push(url);
          return new Promise(() => {});
        },
        now: () => millis,
      },
      { ...setOf(KEY), fetchedAt: millis - 60_000 },
    );

    for (let minute = 0; minute < 3; minute += 1) {
      expect(keys.find('one', 'ES256')).toBeInstanceOf(KeySet);
      await new Promise(setImmediate);
      millis += 60_000;
    }
    expect(asked).toEqual(['https://id.example.com/jwks']);
  });

  test('prove no token that was proven with them after that day, either', async () => {
    server.behave = status(500);
    const { clock, textOf, verifyText } = underTest({ snapshot: { ...setOf(KEY), fetchedAt: NOW * 1000 } });
    const text = textOf(KEY);
    await verifyText(text);

    clock.millis += 24 * HOUR;
    await expect(verifyText(text)).rejects.toMatchObject({ name: 'KeysUnavailable' });
  });

  test('in the future are no younger than now', async () => {
    server.behave = status(500);
    const { clock, verify } = underTest({ snapshot: { ...setOf(KEY), fetchedAt: (NOW + 1_000_000) * 1000 } });

    clock.millis += 24 * HOUR;
    await expect(verify(KEY)).rejects.toMatchObject({ name: 'KeysUnavailable' });
  });
});

describe('discovery', () => {
  const discovering = () => ({ configuration: { issuer: server.url, jwksUri: undefined } });

  function discover(document: unknown): void {
    server.behave = (request, response) => {
      const isDocument = request.url === '/.well-known/openid-configuration';
      answerJson(isDocument ? document : setOf(KEY))(request, response);
    };
  }

  test('finds the keys of the issuer', async () => {
    discover({ issuer: server.url, jwks_uri: `${server.url}/keys` });

    await expect(underTest(discovering()).verify(KEY)).resolves.toBeDefined();
    expect(server.requests).toEqual(['GET /.well-known/openid-configuration', 'GET /keys']);
  });

  test.each([
    [
      'speaks for another issuer',
      () => ({ issuer: 'https://other.example.com', jwks_uri: `${server.url}/keys` }),
    ],
    ['names no keys', () => ({ issuer: server.url })],
    ['names keys over http', () => ({ issuer: server.url, jwks_uri: server.url.replace('https', 'http') })],
    ['names keys in a file', () => ({ issuer: server.url, jwks_uri: 'file:///etc/passwd' })],
    ['is a list', () => []],
  ])('fails where the document %s', async (_, document) => {
    discover(document());

    await expect(underTest(discovering()).verify(KEY)).rejects.toMatchObject({ name: 'KeysUnavailable' });
    expect(server.requests).not.toContain('GET /keys');
  });

  test('and keys together take less than a second', async () => {
    server.behave = (request, response) => {
      const isDocument = request.url === '/.well-known/openid-configuration';
      if (!isDocument) return;
      setTimeout(
        () => answerJson({ issuer: server.url, jwks_uri: `${server.url}/keys` })(request, response),
        500,
      );
    };

    await withinASecond(
      expect(underTest(discovering()).verify(KEY)).rejects.toMatchObject({ name: 'KeysUnavailable' }),
    );
  });
});
