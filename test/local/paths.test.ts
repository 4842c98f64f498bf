import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Authentication } from '../../lib';
import type { LocalGateway } from '../../lib/local';
import { type IdentityProvider, startIdentityProvider } from '../../lib/local/identity-provider';
import { documentOf } from '../fixtures/gateway';
import { runGateway } from '../fixtures/run-gateway';
import { startBackend, type TestBackend } from './backend';

const DOCUMENT = `
openapi: 3.1.0
info: { title: Paths, version: 1.0.0 }
x-gateway: { backend: orders }
components:
  securitySchemes:
    customer: { type: http, scheme: bearer }
security: [{ customer: [] }]
paths:
  /orders:
    get:
      security: []
      x-gateway: { public: paths are what is tested }
      responses: { '200': { description: OK } }
  /office:
    get:
      security: []
      x-gateway: { public: paths are what is tested, onlyFrom: office }
      responses: { '200': { description: OK } }
  /files/{name}:
    get:
      security: []
      x-gateway: { public: paths are what is tested }
      parameters: [{ name: name, in: path, required: true, schema: { type: string } }]
      responses: { '200': { description: OK } }
  /users/{id}:
    get:
      x-gateway: { owner: { parameter: id, claim: sub } }
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      responses: { '200': { description: OK } }
`;

describe('a path, through the synthesized template,', () => {
  const folder = mkdtempSync(join(tmpdir(), 'paths-'));
  let backend: TestBackend;
  let provider: IdentityProvider;
  let gateway: LocalGateway;

  beforeAll(async () => {
    backend = await startBackend();
    provider = await startIdentityProvider({ audience: 'orders', scopes: [] });
    const authority = join(folder, 'authority.pem');
    writeFileSync(authority, provider.certificateAuthority);
    gateway = await runGateway(
      backend.url,
      {
        definition: documentOf(DOCUMENT),
        authentication: {
          customer: Authentication.jwt({ issuer: provider.issuer, audiences: ['orders'] }),
        },
        edge: { networks: { office: ['192.0.2.0/24'] } },
      },
      { environment: { NODE_EXTRA_CA_CERTS: authority } },
    );
  }, 60_000);

  afterAll(async () => {
    await gateway?.close();
    await provider?.close();
    await backend?.close();
    rmSync(folder, { recursive: true });
  });

  /** The path as it is: a URL would be tidied up. */
  function get(path: string, headers: Record<string, string> = {}): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      request(new URL(gateway.url), { path, headers }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode));
      })
        .on('error', reject)
        .end();
    });
  }

  test.each(['/prod/orders', '//prod/orders', '/prod//orders', '/prod/orders/', '/prod/orders//'])(
    'is that of the operation however many slashes it begins and ends with: %s',
    async (path) => {
      expect(await get(path)).toBe(200);
      expect(backend.last().url).toBe('/orders');
    },
  );

  test.each(['/prod/files//a', '/prod/files/a//b', '/orders'])(
    'is none of the document: %s',
    async (path) => {
      expect(await get(path)).toBe(404);
    },
  );

  test.each([
    '/prod/office',
    '/prod//office',
    '//prod/office',
    '/prod/office/',
    '/prod/office//',
    '/prod/%6fffice',
    '//prod//%6fffice//',
    '/prod/./office',
    '/prod/x/../office',
  ])('leads nobody of another network to the office: %s', async (path) => {
    const { length } = backend.received;

    expect([403, 404]).toContain(await get(path));
    expect(backend.received).toHaveLength(length);
  });

  test('may be longer than what an authorizer may answer of it', async () => {
    const name = 'a'.repeat(600);

    expect(await get(`/prod/files/${name}`)).toBe(200);
    expect(backend.last().url).toBe(`/files/${name}`);
  });

  test('that is too long for an authorizer is refused before it', async () => {
    expect(await get(`/prod/files/${'a'.repeat(1_600)}`)).toBe(414);
  });

  test.each([
    ['auth0|7', '/users/auth0|7'],
    ['auth0|7', '/users/auth0%7C7'],
    ['alice@example.com', '/users/alice@example.com'],
    ['alice@example.com', '/users/alice%40example.com'],
  ])('is that of its owner %s, encoded or not: %s', async (subject, path) => {
    const token = await provider.token({ subject });

    expect(await get(`/prod${path}`, { Authorization: `Bearer ${token}` })).toBe(200);
  });

  test.each([
    ['alice', '/users/bob'],
    ['alice', '/users/%61lice'],
    ['bob?x', '/users/bob%3Fx'],
    ['bob;x', '/users/bob;x'],
  ])('is not that of %s: %s', async (subject, path) => {
    const token = await provider.token({ subject });

    expect(await get(`/prod${path}`, { Authorization: `Bearer ${token}` })).toBe(403);
  });
});
