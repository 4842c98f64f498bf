import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SecureVersion } from 'node:tls';
import { Stack } from 'aws-cdk-lib';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { type DomainOptions, Truststore } from '../../lib';
import { LocalGateway } from '../../lib/local';
import { type Issued, issue } from '../fixtures/certificates';
import { gatewayStack, quickApp } from '../fixtures/gateway';

describe('the domain of a gateway run here', () => {
  const folder = mkdtempSync(join(tmpdir(), 'secure-api-gateway-'));
  const truststore = join(folder, 'partners.pem');
  let partners: Issued;
  let strangers: Issued;

  beforeAll(async () => {
    [partners, strangers] = await Promise.all([issue({ name: 'Partners' }), issue({ name: 'Strangers' })]);
    writeFileSync(truststore, partners.pem);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('speaks TLS 1.2 and up, and nothing older', async () => {
    await serving({}, async (get) => {
      await expect(get({ maxVersion: 'TLSv1.2' })).resolves.toBeGreaterThan(0);
      await expect(get({ maxVersion: 'TLSv1.1' })).rejects.toThrow();
    });
  });

  test('speaks TLS 1.3 only where it says so', async () => {
    await serving({ tls13Only: true }, async (get) => {
      await expect(get({})).resolves.toBeGreaterThan(0);
      await expect(get({ maxVersion: 'TLSv1.2' })).rejects.toThrow();
    });
  });

  test('admits clients of its truststore, and refuses those of another authority or without a certificate', async () => {
    await serving({ mutualTls: { truststore: Truststore.fromFile(truststore) } }, async (get) => {
      await expect(get(await client(partners))).resolves.toBeGreaterThan(0);
      await expect(get(await client(strangers))).rejects.toThrow();
      await expect(get({})).rejects.toThrow();
    });
  });
});

interface Client {
  readonly cert?: string;
  readonly key?: string;
  readonly maxVersion?: SecureVersion;
}

async function client(issuer: Issued): Promise<Client> {
  const { pem, keyPem } = await issue({ name: 'Client', issuer, isAuthority: false, serialNumber: '02' });
  return { cert: pem, key: keyPem };
}

/** Runs the gateway of a domain; `get` is any request, and answers its status. */
async function serving(
  options: Partial<DomainOptions>,
  use: (get: (client: Client) => Promise<number>) => Promise<void>,
): Promise<void> {
  const app = quickApp();
  const zones = new Stack(app, 'Zones');
  const hostedZone = HostedZone.fromHostedZoneAttributes(zones, 'Zone', {
    hostedZoneId: 'Z1',
    zoneName: 'example.com',
  });
  const { stack } = gatewayStack({ domain: { domainName: 'api.example.com', hostedZone, ...options } }, app);
  app.synth();

  const gateway = await LocalGateway.start(
    { assembly: app.outdir, stackName: stack.stackName },
    { backends: { orders: 'http://127.0.0.1:9' }, tls: {} },
  );
  try {
    await use((shown) =>
      statusOf(`${gateway.url}nowhere`, { ca: gateway.authority, agent: false, ...shown }),
    );
  } finally {
    await gateway.close();
  }
}

function statusOf(url: string, options: object): Promise<number> {
  return new Promise((done, failed) => {
    request(url, options, (response) => {
      response.resume();
      done(response.statusCode ?? 0);
    })
      .on('error', failed)
      .end();
  });
}
