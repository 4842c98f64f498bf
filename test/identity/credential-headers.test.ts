import type { LocalGateway } from '../../lib/local';
import {
  CREDENTIAL_HEADERS,
  FOREIGN_CREDENTIAL_HEADERS,
  TOKEN_HEADERS,
} from '../../lib/protocol/credential-names';
import { DOCUMENT, documentOf } from '../fixtures/gateway';
import { runGateway } from '../fixtures/run-gateway';
import { startBackend, type TestBackend } from '../local/backend';

const SECRET = 'opaque';

const definition = documentOf(
  DOCUMENT.replace(
    '  /orders:\n',
    `  /observed:
    get:
      security: []
      x-gateway: { public: for a test, contract: observe }
      responses: { '200': { description: OK } }
  /declared:
    get:
      security: []
      x-gateway: { public: for a test }
      parameters:
${CREDENTIAL_HEADERS.map((name) => `        - { name: ${name}, in: header, schema: { type: string } }\n`).join('')}
      responses: { '200': { description: OK } }
  /orders:
`,
  ),
);

describe('a header for credentials', () => {
  let backend: TestBackend;
  let gateway: LocalGateway;

  beforeAll(async () => {
    backend = await startBackend();
    gateway = await runGateway(backend.url, { definition });
  }, 60_000);

  afterAll(async () => {
    await gateway?.close();
    await backend?.close();
  });

  beforeEach(() => {
    backend.received.length = 0;
  });

  const spellings = (names: readonly string[]) => names.flatMap((name) => [name, name.toLowerCase()]);
  const statusOf = async (path: string, name: string) =>
    (await fetch(`${gateway.url}${path}`, { headers: { [name]: SECRET } })).status;

  test.each(spellings([...FOREIGN_CREDENTIAL_HEADERS, ...TOKEN_HEADERS]))(
    'reaches no service that did not ask for it: the request is refused (%s)',
    async (name) => {
      expect(await statusOf('health', name)).toBe(400);
      expect(backend.received).toEqual([]);
    },
  );

  test.each(spellings(['X-Api-Key']))(
    'reaches none either where clients send it by habit: another value does (%s)',
    async (name) => {
      expect(await statusOf('health', name)).toBe(200);
      expectReplaced(name);
    },
  );

  test.each(spellings([...TOKEN_HEADERS, 'X-Api-Key']))(
    'keeps nobody out where the contract is only observed: another value does (%s)',
    async (name) => {
      expect(await statusOf('observed', name)).toBe(200);
      expectReplaced(name);
    },
  );

  test.each(FOREIGN_CREDENTIAL_HEADERS)('for somebody else is refused there, too (%s)', async (name) => {
    expect(await statusOf('observed', name)).toBe(400);
    expect(backend.received).toEqual([]);
  });

  test.each(CREDENTIAL_HEADERS)('reaches the service that asks for it (%s)', async (name) => {
    expect(await statusOf('declared', name)).toBe(200);
    expect(backend.last().header(name)).toBe(SECRET);
  });

  function expectReplaced(name: string): void {
    const { rawHeaders } = backend.last();
    const at = rawHeaders.findIndex((text) => text.toLowerCase() === name.toLowerCase());
    expect(rawHeaders[at + 1]).toBe('-');
    expect(rawHeaders).not.toContain(SECRET);
  }
});
