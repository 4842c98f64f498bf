import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { ApiKeyStore, Authentication, Backend, BackendResponses, SecureApiGateway } from '../../lib';
import { LocalGateway } from '../../lib/local';
import { type IdentityProvider, startIdentityProvider } from '../../lib/local/identity-provider';
import { documentOf, loadBalancerIn, quickApp, SERVER_NAME } from '../fixtures/gateway';
import { startBackend, type TestBackend } from '../local/backend';

const DEFINITION = documentOf(`
openapi: 3.1.0
info: { title: Traced, version: 1.0.0 }
x-gateway: { backend: orders }
components:
  securitySchemes:
    customer: { type: http, scheme: bearer }
    machine: { type: apiKey, in: header, name: X-Api-Key }
security: [{ customer: [] }, { machine: [] }]
paths:
  /orders:
    parameters:
      - { name: reference, in: query, x-gateway-redact: true, schema: { type: string } }
      - { name: X-Reference, in: header, x-gateway-redact: true, schema: { type: string } }
      - { name: reference, in: cookie, x-gateway-redact: true, schema: { type: string } }
      - { name: note, in: query, schema: { type: string } }
    get:
      responses: { '200': { description: OK } }
    post:
      requestBody:
        content:
          application/json:
            schema: { type: object, additionalProperties: false, properties: { note: { type: string } } }
      responses: { '200': { description: OK } }
  /notes:
    post:
      x-gateway: { uninspected: free text }
      requestBody:
        content:
          text/plain: {}
          application/x-www-form-urlencoded: {}
      responses: { '200': { description: OK } }
  /exchange:
    post:
      x-gateway: { credentialsInBody: it exchanges tokens }
      requestBody:
        content:
          application/json:
            schema: { type: object, additionalProperties: false, properties: { subject: { type: string } } }
      responses: { '200': { description: OK } }
  /ledger:
    parameters:
      - { name: note, in: query, schema: { type: string } }
      - { name: X-Reference, in: header, x-gateway-redact: true, schema: { type: string } }
    get:
      x-gateway: { backend: ledger }
      responses: { '200': { description: OK } }
  /health:
    get:
      security: []
      x-gateway: { public: for load balancers }
      responses: { '200': { description: OK } }
  /orders/{orderId}:
    get:
      parameters: [{ name: orderId, in: path, required: true, schema: { type: string } }]
      responses: { '200': { description: OK } }
`);

/** A gateway that writes down all it can, whoever issues tokens for it, and what is behind it. */
export interface TracedGateway {
  readonly gateway: LocalGateway;
  readonly provider: IdentityProvider;
  readonly backend: TestBackend;
  /** Its requests are mapped. */
  readonly mapped: TestBackend;
  close(): Promise<void>;
}

export async function startTracedGateway(): Promise<TracedGateway> {
  const folder = mkdtempSync(join(tmpdir(), 'tracer-'));
  const provider = await startIdentityProvider({ audience: 'orders', scopes: [] });
  const backend = await startBackend();
  const mapped = await startBackend();
  const authority = join(folder, 'authority.pem');
  writeFileSync(authority, provider.certificateAuthority);
  const gateway = await start(provider.issuer, { orders: backend.url, ledger: mapped.url }, authority);
  return {
    gateway,
    provider,
    backend,
    mapped,
    async close() {
      await gateway.close();
      await backend.close();
      await mapped.close();
      await provider.close();
      rmSync(folder, { recursive: true });
    },
  };
}

async function start(
  issuer: string,
  backends: Readonly<Record<'orders' | 'ledger', string>>,
  authority: string,
): Promise<LocalGateway> {
  const app = quickApp();
  const stack = new Stack(app, 'Traced');
  const vpc = new ec2.Vpc(stack, 'Vpc');
  new SecureApiGateway(stack, 'Gateway', {
    definition: DEFINITION,
    authentication: {
      customer: Authentication.jwt({
        issuer,
        audiences: ['orders'],
        tenantClaim: 'tenant',
        clientIdClaim: 'client',
      }),
      machine: Authentication.apiKey({ keys: new ApiKeyStore(stack, 'Keys') }),
    },
    backends: {
      orders: Backend.applicationLoadBalancer(loadBalancerIn(stack, vpc), { serverName: SERVER_NAME }),
      ledger: Backend.applicationLoadBalancer(loadBalancerIn(stack, vpc, 'Ledger'), {
        serverName: 'ledger.internal.example.com',
        responses: BackendResponses.MAPPED,
      }),
    },
    // this one caller must fail often
    limits: { failedAuthentications: 0 },
  });
  return LocalGateway.start(
    { assembly: app.synth().directory, stackName: 'Traced' },
    {
      backends,
      environment: { NODE_EXTRA_CA_CERTS: authority },
      keep: 10_000,
    },
  );
}
