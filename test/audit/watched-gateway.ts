import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Duration, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import {
  type AlarmThresholds,
  ApiKeyStore,
  AuditExport,
  Authentication,
  type AuthorizerOptions,
  Backend,
  type LimitOptions,
  SecureApiGateway,
  ThreatFeed,
} from '../../lib';
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
  /counted:
    get:
      x-gateway: { rateLimit: { limit: 1, perSeconds: 600, by: caller } }
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
  readonly database: DynamoDBClient;
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
  /** Milliseconds. */
  readonly stopwatch?: () => number;
  readonly limits?: (stack: Stack, vpc: ec2.IVpc) => LimitOptions;
  readonly authorizer?: AuthorizerOptions;
  /** What somebody changes of it past this library. */
  readonly spoil?: (stack: Stack) => void;
}

export async function watchedGateway(options: WatchedOptions): Promise<WatchedGateway> {
  const { issuer, backend, endpoint = 'https://localhost:9/', authority, thresholds = {} } = options;
  const { clock, stopwatch, authorizer, spoil } = options;
  const app = quickApp();
  const alarmTopic = new Topic(new Stack(app, 'Watch', { env: ENVIRONMENT }), 'Topic');
  const stack = new Stack(app, 'Orders', { env: ENVIRONMENT });
  const vpc = new ec2.Vpc(stack, 'Vpc');
  const loadBalancer = loadBalancerIn(stack, vpc);
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
    backends: {
      orders: Backend.applicationLoadBalancer(loadBalancer, {
        serverName: SERVER_NAME,
        clientCertificate: true,
      }),
    },
    domain: {
      domainName: 'api.example.com',
      certificate: Certificate.fromCertificateArn(
        stack,
        'Imported',
        `arn:aws:acm:eu-west-1:${ENVIRONMENT.account}:certificate/00000000-0000-0000-0000-000000000000`,
      ),
    },
    edge: { threatFeeds: [ThreatFeed.lines('own', 'https://feeds.example.com/own.txt')] },
    revokeWithin: Duration.seconds(0),
    // a store that is late on a busy machine is a fault too, and none that is tried here
    limits: { failedAuthentications: 0, ...options.limits?.(stack, vpc) },
    audit: { alarmTopic, alarmThresholds: thresholds, export: AuditExport.s3() },
    ...(authorizer && { authorizer }),
  });
  spoil?.(stack);
  const source = { assembly: app.synth().directory, stackName: 'Orders' };
  const gateway = await LocalGateway.start(source, {
    backends: { orders: backend },
    keep: 50_000,
    sourceIpHeader: ADDRESS_HEADER,
    ...(authority && { environment: { NODE_EXTRA_CA_CERTS: authority } }),
    ...(clock && { clock }),
    ...(stopwatch && { stopwatch }),
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
    database,
    resolver: new TemplateResolver(readStackSource(source), {}),
    close: async () => {
      database.destroy();
      await gateway.close();
    },
  };
}
