import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Duration, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { type AlarmThresholds, ApiKeyStore, Authentication, Backend, SecureApiGateway } from '../../lib';
import { ApiKeys } from '../../lib/keys/api-keys';
import { KeyTable } from '../../lib/keys/key-table';
import { LocalGateway } from '../../lib/local';
import { readStackSource } from '../../lib/local/source';
import { TemplateResolver } from '../../lib/local/template/resolver';
import { documentOf, ENVIRONMENT, loadBalancerIn, quickApp, SERVER_NAME } from '../fixtures/gateway';

const DEFINITION = documentOf(`
openapi: 3.1.0
info: { title: Watched, version: 1.0.0 }
x-gateway: { backend: orders }
components:
  securitySchemes:
    customer: { type: http, scheme: bearer }
    machine: { type: apiKey, in: header, name: X-Api-Key }
    partner: { type: apiKey, in: header, name: X-Session }
security: [{ customer: [] }, { machine: [] }, { partner: [] }]
paths:
  /orders:
    get:
      operationId: listOrders
      parameters: [{ name: limit, in: query, schema: { type: integer } }]
      responses: { '200': { description: OK } }
  /admin:
    get:
      x-gateway: { roles: [admin] }
      responses: { '200': { description: OK } }
  /seldom:
    get:
      x-gateway: { rateLimit: { limit: 1, perSeconds: 600 } }
      responses: { '200': { description: OK } }
  /payouts:
    get:
      operationId: listPayouts
      x-gateway: { audit: sensitive }
      responses: { '200': { description: OK } }
`);

/** Says where a request is to come from. */
export const ADDRESS_HEADER = 'x-from';

/** A gateway that has everything there is to watch, on this machine. */
export interface WatchedGateway {
  readonly gateway: LocalGateway;
  readonly resolver: TemplateResolver;
  readonly keys: ApiKeys;
  readonly keyTable: string;
  close(): Promise<void>;
}

export interface WatchedOptions {
  readonly issuer: string;
  readonly backend: string;
  /** Where the issuer is asked about tokens; nobody answers there by default. */
  readonly endpoint?: string;
  readonly authority?: string;
  readonly thresholds?: AlarmThresholds;
  /** Milliseconds. */
  readonly clock?: () => number;
}

export async function watchedGateway(options: WatchedOptions): Promise<WatchedGateway> {
  const { issuer, backend, endpoint = 'https://localhost:9/', authority, thresholds = {}, clock } = options;
  const app = quickApp();
  const alarmTopic = new Topic(new Stack(app, 'Watch', { env: ENVIRONMENT }), 'Topic');
  const stack = new Stack(app, 'Orders', { env: ENVIRONMENT });
  const loadBalancer = loadBalancerIn(stack, new ec2.Vpc(stack, 'Vpc'));
  new SecureApiGateway(stack, 'Gateway', {
    definition: DEFINITION,
    authentication: {
      customer: Authentication.jwt({ issuer, audiences: ['orders'] }),
      machine: Authentication.apiKey({ keys: new ApiKeyStore(stack, 'Keys') }),
      partner: Authentication.introspection({
        issuer: 'https://sessions.example.com/',
        endpoint,
        audiences: ['orders'],
        clientId: 'gateway',
        clientSecret: new Secret(stack, 'Client'),
      }),
    },
    backends: { orders: Backend.applicationLoadBalancer(loadBalancer, { serverName: SERVER_NAME }) },
    revokeWithin: Duration.seconds(0),
    // a store that is late on a busy machine is a fault too, and none that is tried here
    limits: { failedAuthentications: 0 },
    audit: { alarmTopic, alarmThresholds: thresholds },
  });
  const source = { assembly: app.synth().directory, stackName: 'Orders' };
  const gateway = await LocalGateway.start(source, {
    backends: { orders: backend },
    keep: 20_000,
    sourceIpHeader: ADDRESS_HEADER,
    ...(authority && { environment: { NODE_EXTRA_CA_CERTS: authority } }),
    ...(clock && { clock }),
  });

  const { dynamodb, tables } = gateway.endpoints;
  const keyTable = tables.find((name) => name.includes('Keys')) ?? '';
  const database = new DynamoDBClient({
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    ...(dynamodb && { endpoint: dynamodb }),
  });
  const keys = new ApiKeys({
    table: new KeyTable(database, keyTable),
    prefix: 'sk',
    environment: 'live',
    now: () => Math.floor((clock ?? Date.now)() / 1000),
  });
  return {
    gateway,
    keys,
    keyTable,
    resolver: new TemplateResolver(readStackSource(source), {}),
    close: async () => {
      database.destroy();
      await gateway.close();
    },
  };
}
