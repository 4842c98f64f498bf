import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CfnParameter, Duration, Fn, Stack, Token } from 'aws-cdk-lib';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Topic } from 'aws-cdk-lib/aws-sns';
import {
  ApiKeyStore,
  Authentication,
  Backend,
  type BackendOptions,
  Countries,
  LimitStore,
  Quota,
  Rate,
  SecureApiGateway,
  type SecureApiGatewayProps,
  ThreatFeed,
} from '../lib';
import {
  CUSTOMER,
  DOCUMENT,
  documentOf,
  ENVIRONMENT,
  loadBalancerIn,
  quickApp,
  SERVER_NAME,
} from './fixtures/gateway';
import { codesOf } from './fixtures/problems';

interface Known {
  readonly stack: Stack;
  readonly vpc: Vpc;
  /** Known at deployment only. */
  readonly text: string;
  readonly count: number;
  serving(options: Partial<BackendOptions>): Partial<SecureApiGatewayProps>;
}

type Props = (known: Known) => Partial<SecureApiGatewayProps>;

const jwt = (options: object): Partial<SecureApiGatewayProps> => ({
  authentication: {
    customer: Authentication.jwt({ issuer: 'https://id.example.com/', audiences: ['orders'], ...options }),
  },
});

const saying = (found: string, put: string) => ({ definition: documentOf(DOCUMENT.replace(found, put)) });

describe('a value that only the deployment knows', () => {
  test.each<[string, Props]>([
    ['issuer', ({ text }) => jwt({ issuer: text })],
    ['audiences', ({ text }) => jwt({ audiences: [text] })],
    ['a list of audiences', ({ text }) => jwt({ audiences: Token.asList(Fn.split(',', text)) })],
    ['requiredClaims', ({ text }) => jwt({ requiredClaims: { org: text } })],
    ['maximumLifetime', ({ count }) => jwt({ maximumLifetime: Duration.seconds(count) })],
    ['serverName', ({ text, serving }) => serving({ serverName: text })],
    ['basePath of a backend', ({ text, serving }) => serving({ basePath: text })],
    ['headers of a backend', ({ text, serving }) => serving({ headers: { 'X-Region': text } })],
    [
      'tiers',
      ({ count }) => ({ tiers: { free: { rate: count, burst: count, quota: Quota.perDay(count) } } }),
    ],
    ['throttle', ({ count }) => ({ throttle: { rate: count, burst: count } })],
    ['revokeWithin', ({ count }) => ({ revokeWithin: Duration.seconds(count) })],
    ['identityIssuer', ({ text }) => ({ identityIssuer: text })],
    ['memorySize', ({ count }) => ({ authorizer: { memorySize: count } })],
    ['stageName', ({ text }) => ({ stageName: text })],
    ['title', ({ text }) => saying('title: Orders', `title: "${text}"`)],
    [
      'limits.store',
      ({ vpc, text, count }) => ({
        limits: {
          store: LimitStore.redis({ host: text, port: count, vpc, securityGroup: groupOf(vpc) }),
        },
        ...saying(
          'operationId: listOrders',
          'operationId: listOrders\n      x-gateway: { rateLimit: { limit: 1, perSeconds: 1, by: ip } }',
        ),
      }),
    ],
  ])('is taken as %s, and goes into the template', (_prop, propsOf) => {
    const { app, stack } = gatewayOf(propsOf);
    const { directory } = app.synth();
    const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.json') && !/(^|\/)(tree|manifest)\.json$/.test(name),
    );

    expect(JSON.stringify(app.synth().getStackByName(stack.stackName).template.Resources)).toMatch(
      /\{"Ref":"(Text|Count)"\}/,
    );
    for (const file of files) {
      expect([file, readFileSync(join(directory, file), 'utf8').match(/[$#]\{Token\[|e\+?289/)]).toEqual([
        file,
        null,
      ]);
    }
  });

  test.each<[string, string, Props]>([
    [
      'an enumeration',
      'DOCUMENT_TOKEN',
      ({ text }) => saying('schema: { type: string } }', `schema: { type: string, enum: ["${text}"] } }`),
    ],
    [
      'a scope',
      'DOCUMENT_TOKEN',
      ({ text }) =>
        saying(
          'operationId: listOrders',
          `operationId: listOrders\n      security: [{ customer: ["${text}"] }]`,
        ),
    ],
    ['a network', 'INVALID_NETWORK', ({ text }) => ({ edge: { deny: [text] } })],
    [
      'a list of networks',
      'INVALID_NETWORK',
      ({ text }) => ({ edge: { onlyFrom: Token.asList(Fn.split(',', text)) } }),
    ],
    ['a country', 'INVALID_COUNTRIES', ({ text }) => ({ edge: { countries: Countries.only(text) } })],
    ['a rate', 'INVALID_RATE', ({ count }) => ({ edge: { rates: [Rate.perAddress(count)] } })],
    ['a feed', 'INVALID_FEED', ({ text }) => ({ edge: { threatFeeds: [ThreatFeed.lines('own', text)] } })],
    ['the name of a tier', 'TIER_NAME', ({ text }) => ({ tiers: { [text]: { rate: 1, burst: 1 } } })],
    ['an origin', 'CORS_ORIGIN', ({ text }) => ({ cors: { origins: [text] } })],
    [
      'failedAuthentications',
      'FAILED_AUTHENTICATIONS',
      ({ count }) => ({ limits: { failedAuthentications: count } }),
    ],
  ])('is refused as %s, where it would be written down as it is: %s', (_prop, code, propsOf) => {
    expect(codesOf(() => gatewayOf(propsOf))).toContain(code);
  });

  test('is refused as label of keys made here, which an output tells the command line', () => {
    const stack = new Stack(quickApp(), 'Orders');
    const label = new CfnParameter(stack, 'Label').valueAsString;

    expect(codesOf(() => new ApiKeyStore(stack, 'Keys', { prefix: label }))).toEqual(['INVALID_KEY_LABEL']);
    expect(codesOf(() => new ApiKeyStore(stack, 'Others', { environment: label }))).toEqual([
      'INVALID_KEY_LABEL',
    ]);
  });

  test('is refused as port of a load balancer whose listeners are to be seen', () => {
    const { app } = gatewayOf(({ count, serving }) => serving({ port: count }));

    expect(() => app.synth()).toThrow('[BACKEND_PORT]');
  });

  test('is not what tells accounts and regions apart', () => {
    const app = quickApp();
    const shared = new Stack(app, 'Shared');
    const alarmTopic = new Topic(shared, 'Topic');

    expect(codesOf(() => gatewayOf(() => ({ audit: { alarmTopic } }), new Stack(app, 'Orders')))).toEqual([]);
  });

  function gatewayOf(propsOf: Props, stack = new Stack(quickApp(), 'Orders', { env: ENVIRONMENT })) {
    const vpc = new Vpc(stack, 'Vpc');
    const loadBalancer = loadBalancerIn(stack, vpc);
    const serving = (options: Partial<BackendOptions>) => ({
      backends: {
        orders: Backend.applicationLoadBalancer(loadBalancer, { serverName: SERVER_NAME, ...options }),
      },
    });
    const text = new CfnParameter(stack, 'Text').valueAsString;
    const count = new CfnParameter(stack, 'Count', { type: 'Number' }).valueAsNumber;
    new SecureApiGateway(stack, 'Gateway', {
      definition: documentOf(),
      authentication: CUSTOMER,
      ...serving({}),
      ...propsOf({ stack, vpc, text, count, serving }),
    });
    const app = stack.node.root as ReturnType<typeof quickApp>;
    return { app, stack };
  }
});

function groupOf(vpc: Vpc): SecurityGroup {
  return new SecurityGroup(vpc, 'Redis', { vpc });
}
