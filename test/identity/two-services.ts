import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { awsCaller } from '../../lambda/shared/aws-call';
import { rotate } from '../../lambda/signing-key-rotation/rotate';
import { ApiKeyStore, Authentication, Backend, SecureApiGateway } from '../../lib';
import { LocalGateway, type LocalGatewayOptions } from '../../lib/local';
import { type IdentityProvider, startIdentityProvider } from '../../lib/local/identity-provider';
import { documentOf, ENVIRONMENT, loadBalancerIn, quickApp } from '../fixtures/gateway';
import { startBackend, type TestBackend } from '../local/backend';

const DOCUMENT = `
openapi: 3.1.0
info: { title: Two services, version: 1.0.0 }
x-gateway: { backend: orders }
components:
  securitySchemes:
    customer: { type: http, scheme: bearer }
    machine: { type: apiKey, in: header, name: X-Api-Key }
security: [{ customer: [] }, { machine: [] }]
paths:
  /health:
    get:
      operationId: health
      security: []
      x-gateway: { public: for load balancers }
      responses: { '200': { description: OK } }
  /orders:
    get:
      operationId: listOrders
      parameters: [{ name: after, in: query, schema: { type: string, maxLength: 20 } }]
      responses: { '200': { description: OK } }
  /orders/{orderId}:
    delete:
      operationId: deleteOrder
      parameters: [{ name: orderId, in: path, required: true, schema: { type: string, maxLength: 20 } }]
      responses: { '204': { description: Gone } }
  /invoices:
    get:
      operationId: listInvoices
      x-gateway: { backend: billing }
      responses: { '200': { description: OK } }
`;

/** Two private services, and an OpenID provider, for gateways from one template. */
export class TwoServices {
  public static async start(): Promise<TwoServices> {
    const [provider, orders, billing] = await Promise.all([
      startIdentityProvider({ audience: 'orders', scopes: [] }),
      startBackend(),
      startBackend(),
    ]);
    return new TwoServices(provider, orders, billing);
  }

  private readonly folder = mkdtempSync(join(tmpdir(), 'identity-'));
  private readonly gateways: LocalGateway[] = [];
  private whole = '';

  private constructor(
    public readonly provider: IdentityProvider,
    public readonly orders: TestBackend,
    public readonly billing: TestBackend,
  ) {
    writeFileSync(join(this.folder, 'authority.pem'), provider.certificateAuthority);
    this.synthesize();
  }

  /** Starts a gateway from the template as it is now. */
  public async gateway(options: Pick<LocalGatewayOptions, 'tls'> = {}): Promise<LocalGateway> {
    const gateway = await LocalGateway.start(
      { assembly: join(this.folder, 'cdk.out') },
      {
        backends: { orders: this.orders.url, billing: this.billing.url },
        environment: { NODE_EXTRA_CA_CERTS: join(this.folder, 'authority.pem') },
        clock: () => Date.now(),
        ...options,
      },
    );
    this.gateways.push(gateway);
    return gateway;
  }

  /** Takes the resources of a type out of the template that the next gateway is started from. */
  public remove(type: string): void {
    const changed = this.template();
    for (const id of this.idsOf(type)) delete changed.Resources[id];
    writeFileSync(this.templatePath, JSON.stringify(changed));
  }

  /** Puts back what was taken out. */
  public restore(): void {
    writeFileSync(this.templatePath, this.whole);
  }

  /** Steps of the function that rotates a gateway's key, on the services that gateway runs with. */
  public rotationOf({ endpoints }: LocalGateway): (step: string) => Promise<void> {
    const environment = { ...endpoints.environment, AWS_ACCESS_KEY_ID: 'local', AWS_REGION: 'eu-west-1' };
    const caller = (name: string, variable: string, target: string) =>
      awsCaller({ name, variable, target, contentType: 'application/x-amz-json-1.1' }, environment);
    const dependencies = {
      secrets: caller('secretsmanager', 'SECRETS_MANAGER', 'secretsmanager'),
      parameters: caller('ssm', 'SSM', 'AmazonSSM'),
      now: Date.now,
      parameter: `Two-${this.idsOf('AWS::SSM::Parameter')[0]}`,
    };
    const SecretId = `Two-${this.idsOf('AWS::SecretsManager::Secret')[0]}`;
    return (Step) => rotate({ Step, SecretId, ClientRequestToken: 'the-second-rotation' }, dependencies);
  }

  public async close(): Promise<void> {
    const { gateways, provider, orders, billing } = this;
    await Promise.all([...gateways, provider, orders, billing].map((running) => running.close()));
    rmSync(this.folder, { recursive: true });
  }

  private synthesize(): void {
    const app = quickApp({ outdir: join(this.folder, 'cdk.out') });
    const stack = new Stack(app, 'Two', { env: ENVIRONMENT });
    const vpc = new Vpc(stack, 'Vpc');
    const backend = (name: string) =>
      Backend.applicationLoadBalancer(loadBalancerIn(stack, vpc, name), {
        serverName: `${name}.internal.example.com`,
      });
    new SecureApiGateway(stack, 'Gateway', {
      definition: documentOf(DOCUMENT),
      authentication: {
        customer: Authentication.jwt({ issuer: this.provider.issuer, audiences: ['orders'] }),
        machine: Authentication.apiKey({ keys: new ApiKeyStore(stack, 'Keys') }),
      },
      backends: { orders: backend('orders'), billing: backend('billing') },
      throttle: { rate: 5_000, burst: 5_000 },
    });
    app.synth();
    this.whole = readFileSync(this.templatePath, 'utf8');
  }

  private get templatePath(): string {
    return join(this.folder, 'cdk.out', 'Two.template.json');
  }

  private template() {
    return JSON.parse(readFileSync(this.templatePath, 'utf8'));
  }

  /** Logical ids of the resources of a type. */
  private idsOf(type: string): string[] {
    return Object.entries<{ Type: string }>(this.template().Resources).flatMap(([id, { Type }]) =>
      Type === type ? [id] : [],
    );
  }
}
