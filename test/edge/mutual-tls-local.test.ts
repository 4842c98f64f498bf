import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { ApiKeyStore, Backend, type MutualTlsOptions, SecureApiGateway, Truststore } from '../../lib';
import { LocalGateway } from '../../lib/local';
import { closeServer } from '../../lib/local/server/close';
import { listen } from '../../lib/local/server/listen';
import { type Issued, issue } from '../fixtures/certificates';
import { commandLine } from '../fixtures/command-line';
import {
  CUSTOMER,
  documentOf,
  ENVIRONMENT,
  loadBalancerIn,
  quickApp,
  SERVER_NAME,
} from '../fixtures/gateway';

const ISSUER = 'Partners\\, Inc.,O=Acme,C=GB';

describe('mutual TLS of a gateway run here', () => {
  const folder = mkdtempSync(join(tmpdir(), 'secure-api-gateway-'));
  const truststore = join(folder, 'partners.pem');
  const served: string[] = [];
  const service = createServer(({ url = '' }, response) => {
    served.push(url);
    response.end('{}');
  });
  let partners: Issued;
  let gateway: LocalGateway | undefined;

  beforeAll(async () => {
    partners = await issue({ name: ISSUER });
    writeFileSync(truststore, partners.pem);
    await listen(service, 0, 'service');
  });
  beforeEach(() => {
    served.length = 0;
  });
  afterEach(async () => {
    await gateway?.close();
    gateway = undefined;
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await closeServer(service);
  });

  test('serves no revoked certificate, on a public operation either, and all others', async () => {
    await start({ withStore: true });
    // the owner of a certificate names it, with what a terminal obeys too
    const [first, second] = [await client('0a1b2c3d', 'Evil\u009b2J'), await client('11')];
    expect([await statusOf(first), await statusOf(second)]).toEqual([200, 200]);

    writeFileSync(join(folder, 'client.pem'), first.pem);
    const revoked = await certificates(
      'revoke',
      join(folder, 'client.pem'),
      '--reason',
      'lost',
      '--yes',
      '--json',
    );
    expect(revoked.code).toBe(0);
    expect((await certificates('list')).stdout).toContain('  CN=Evil\\u{9b}2J  ');

    expect([await statusOf(first), await statusOf(second)]).toEqual([401, 200]);
    expect(served).toEqual(['/health', '/health', '/health']);
    expect(JSON.stringify(gateway?.logs())).toMatch(/REVOKED.*A1B2C3D/);
  });

  test('serves none that was revoked by issuer and serial, in whatever notation', async () => {
    await start({ withStore: true });
    const issuerFile = join(folder, 'partners.pem');
    for (const [serial, name, written] of [
      ['0a1b2c3d', 'C = GB, O = Acme, CN = "Partners, Inc."', '0A1B2C3D'],
      ['11', 'CN=Partners\\, Inc.,O=Acme,C=GB', 'dec:17'],
      ['00fa10', '/C=GB/O=Acme/CN=Partners, Inc.', 'fa:10'],
      ['77', issuerFile, '0x77'],
    ] as const) {
      const shown = await client(serial);
      expect(await statusOf(shown)).toBe(200);
      expect((await certificates('revoke', '--issuer', name, '--serial', written, '--yes')).code).toBe(0);
      expect(await statusOf(shown)).toBe(401);
    }
    const { stdout } = await certificates('list', '--json');
    expect(
      JSON.parse(stdout)
        .certificates.map(({ serial }: { serial: string }) => serial)
        .sort(),
    ).toEqual(['11', '77', 'A1B2C3D', 'FA10']);
  });

  test('serves allowed subjects only, whatever scheme the operation has', async () => {
    await start({ allowedSubjects: ['CN=batch, O=Acme\\, Inc.'] });

    expect(await statusOf(await client('02', 'batch,O=Acme\\, Inc.'))).toBe(200);
    expect(await statusOf(await client('03', 'other,O=Acme\\, Inc.'))).toBe(401);
    // the same text, in one attribute
    expect(await statusOf(await client('04', 'batch\\,O=Acme\\, Inc.'))).toBe(401);
    expect(served).toEqual(['/health']);
  });

  test('serves nobody without a certificate where the handshake did not ask for one', async () => {
    await start({}, { tls: false });

    expect((await fetch(`${gateway?.url}health`)).status).toBe(401);
    expect(served).toEqual([]);
  });

  async function client(serialNumber: string, name = 'Client'): Promise<Issued> {
    return issue({ name, issuer: partners, isAuthority: false, serialNumber });
  }

  async function start(
    { withStore = false, ...mutualTls }: Partial<MutualTlsOptions> & { readonly withStore?: boolean },
    { tls = true } = {},
  ): Promise<void> {
    const app = quickApp();
    const stack = new Stack(app, 'Orders', { env: ENVIRONMENT });
    const loadBalancer = loadBalancerIn(stack, new ec2.Vpc(stack, 'Vpc'));
    const zone = { hostedZoneId: 'Z1', zoneName: 'example.com' };
    new SecureApiGateway(stack, 'Gateway', {
      definition: documentOf(),
      authentication: CUSTOMER,
      backends: { orders: Backend.applicationLoadBalancer(loadBalancer, { serverName: SERVER_NAME }) },
      domain: {
        domainName: 'api.example.com',
        hostedZone: HostedZone.fromHostedZoneAttributes(stack, 'Zone', zone),
        mutualTls: {
          truststore: Truststore.fromFile(truststore),
          ...(withStore && { revocations: new ApiKeyStore(stack, 'Keys') }),
          ...mutualTls,
        },
      },
      revokeWithin: Duration.seconds(0),
    });
    app.synth();
    const { port } = service.address() as { port: number };
    gateway = await LocalGateway.start(
      { assembly: app.outdir, stackName: stack.stackName },
      { backends: { orders: `http://127.0.0.1:${port}` }, ...(tls && { tls: {} }) },
    );
  }

  function statusOf({ pem, keyPem }: Issued): Promise<number> {
    const options = { ca: gateway?.authority, cert: pem, key: keyPem, agent: false };
    return new Promise((done, failed) => {
      request(`${gateway?.url}health`, options, (response) => {
        response.resume();
        done(response.statusCode ?? 0);
      })
        .on('error', failed)
        .end();
    });
  }

  function certificates(...given: string[]) {
    const { dynamodb = '', tables = [] } = gateway?.endpoints ?? {};
    const table = tables.find((name) => name.includes('Keys')) ?? '';
    return commandLine(['certificates', ...given, '--table', table, '--endpoint', dynamodb]);
  }
});
