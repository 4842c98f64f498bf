import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditExport, Authentication } from '../../lib';
import type { LocalGateway } from '../../lib/local';
import { type IdentityProvider, startIdentityProvider } from '../../lib/local/identity-provider';
import { formatApiKey } from '../../lib/protocol';
import { runGateway } from '../fixtures/run-gateway';
import { startBackend, type TestBackend } from '../local/backend';

const KEY = formatApiKey({ prefix: 'sk', environment: 'live', id: 'tracer000000', secret: 't'.repeat(32) });
const CARD = '5555555555554444';
const EMAIL = 'tracer@customer.example.com';
const CUSTOMER = 'CUST-00007777';

/** The web ACL refuses whoever brings it, and so logs the whole request. */
const FORGED = { 'X-User-Id': 'root' };

describe('what leaves the log groups', () => {
  const folder = mkdtempSync(join(tmpdir(), 'export-'));
  let provider: IdentityProvider;
  let backend: TestBackend;
  let gateway: LocalGateway;
  let token: string;

  beforeAll(async () => {
    provider = await startIdentityProvider({ audience: 'orders', scopes: [] });
    backend = await startBackend();
    const authority = join(folder, 'authority.pem');
    writeFileSync(authority, provider.certificateAuthority);
    gateway = await start(provider.issuer, backend.url, authority);
    token = await provider.token({ subject: 'alice' });
    for (const secret of [token, KEY, CARD, EMAIL, CUSTOMER]) {
      for (const more of [
        { Authorization: `Bearer ${token}` },
        { Authorization: `Bearer ${secret}` },
        FORGED,
      ]) {
        await fetch(`${gateway.url}orders/${encodeURIComponent(secret)}`, { headers: { ...more } });
        await fetch(`${gateway.url}orders?q=${encodeURIComponent(secret)}`, {
          headers: { ...more, 'X-Tracer': secret, Cookie: `tracer=${secret}` },
        });
      }
    }
  }, 60_000);

  afterAll(async () => {
    await gateway?.close();
    await backend?.close();
    await provider?.close();
    rmSync(folder, { recursive: true });
  });

  test.each(['AccessLogs', 'AuthorizerLogs', 'aws-waf-logs-'])('has lines of %s', (group) => {
    expect(gateway.exported().filter(({ logGroup }) => logGroup.includes(group)).length).toBeGreaterThan(5);
  });

  test('is a JSON object a line, and nothing that a runtime wrote', () => {
    for (const { line } of gateway.exported()) expect(JSON.parse(line)).toEqual(expect.any(Object));
  });

  test('has no tracer in it', () => {
    const text = JSON.stringify(gateway.exported());

    for (const secret of [token, token.slice(-20), KEY, KEY.slice(-30), CARD, EMAIL, CUSTOMER]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(encodeURIComponent(secret));
    }
    expect(text).toContain('****');
  });
});

function start(issuer: string, backend: string, authority: string): Promise<LocalGateway> {
  return runGateway(
    backend,
    {
      authentication: { customer: Authentication.jwt({ issuer, audiences: ['orders'] }) },
      audit: {
        export: AuditExport.s3(),
        patterns: [{ name: 'CustomerNumber', expression: 'CUST-[0-9]{8}' }],
      },
      limits: { failedAuthentications: 0 },
    },
    { environment: { NODE_EXTRA_CA_CERTS: authority }, keep: 10_000 },
  );
}
