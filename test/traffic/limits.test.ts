import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Authentication, type IApiKeyStore, LimitStore, StoreFailure, UnknownTenant } from '../../lib';
import {
  DOCUMENT,
  documentOf,
  ENVIRONMENT,
  type FixtureProps,
  gatewayStack,
  quickApp,
} from '../fixtures/gateway';
import { codesOf } from '../fixtures/problems';

const LIMITED = documentOf(DOCUMENT.replace('perSeconds: 1 }', 'perSeconds: 60, by: tenant }'));

/** What the authorizer is told; names only the deployment knows are left out. */
function configurationOf(template: Template): Record<string, unknown> {
  const [handler] = Object.values(
    template.findResources('AWS::Lambda::Function', { Properties: { MemorySize: 512 } }),
  );
  const parts: unknown[] = handler?.['Properties'].Environment.Variables.GATEWAY_CONFIGURATION['Fn::Join'][1];
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : 'TOKEN')).join(''));
}

function templateOf(props: FixtureProps = {}): Template {
  return Template.fromStack(gatewayStack(props).stack);
}

function keyStore(scope: Stack): IApiKeyStore {
  const table = new dynamodb.Table(scope, 'Keys', {
    partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
  });
  return {
    table,
    prefix: 'sk',
    environment: 'test',
    grantRead: (grantee) => table.grant(grantee, 'dynamodb:GetItem'),
  };
}

describe('exact limits', () => {
  test('need nothing where there are none', () => {
    const template = templateOf();

    template.resourceCountIs('AWS::DynamoDB::Table', 0);
    expect(configurationOf(template)).not.toHaveProperty('limits');
  });

  test('are counted in a table of their own by default, which forgets', () => {
    const template = templateOf({ definition: LIMITED });

    template.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Delete',
      Properties: {
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
        TimeToLiveSpecification: { AttributeName: 'deleteAfter', Enabled: true },
      },
    });
    expect(configurationOf(template)).toMatchObject({
      limits: {
        store: { kind: 'dynamodb' },
        onStoreFailure: 'allow',
        failedAuthentications: { limit: 100, perSeconds: 300 },
      },
    });
  });

  test('may be read and written, one item at a time, and nothing else', () => {
    const statements = Object.values(
      templateOf({ definition: LIMITED }).findResources('AWS::IAM::Policy'),
    ).flatMap(({ Properties }) => Properties.PolicyDocument.Statement);

    expect(statements.filter(({ Action }) => JSON.stringify(Action).includes('dynamodb'))).toEqual([
      {
        Action: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
        Effect: 'Allow',
        Resource: [{ 'Fn::GetAtt': [expect.stringMatching(/Limits/), 'Arn'] }],
      },
    ]);
  });

  test('are ready for API keys that carry one', () => {
    const app = quickApp();
    const keys = keyStore(new Stack(app, 'Store', { env: ENVIRONMENT }));
    const { stack } = gatewayStack(
      { authentication: { customer: Authentication.apiKey({ keys }) }, definition: keyDocument() },
      app,
    );

    expect(configurationOf(Template.fromStack(stack))).toHaveProperty('limits.store.kind', 'dynamodb');
  });

  test('do what they are told', () => {
    const template = templateOf({
      definition: LIMITED,
      limits: { onStoreFailure: StoreFailure.REFUSE, failedAuthentications: 0 },
    });

    expect(configurationOf(template)['limits']).toEqual({
      store: { kind: 'dynamodb', table: 'TOKEN' },
      onStoreFailure: 'refuse',
    });
  });

  test.each([-1, 0.5, Number.NaN])('fail with %s failed authentications', (failedAuthentications) => {
    expect(codesOf(() => gatewayStack({ limits: { failedAuthentications } }))).toEqual([
      'FAILED_AUTHENTICATIONS',
    ]);
  });

  test('share counters where a path or the document states them, and not where an operation does', () => {
    const shared = DOCUMENT.replace(
      'x-gateway: { backend: orders }',
      'x-gateway: { backend: orders, rateLimit: { limit: 9, perSeconds: 60, by: caller } }',
    );
    const { app } = gatewayStack({ definition: documentOf(shared) });
    const policy = policyOf(app);

    expect(policy['GET /orders']?.rateLimit).toEqual({
      scope: '/x-gateway/rateLimit',
      limit: 9,
      perSeconds: 60,
      by: 'caller',
    });
    expect(policy['POST /orders']?.rateLimit).toEqual(policy['GET /orders']?.rateLimit);
  });
});

describe('LimitStore.redis', () => {
  function redisStack(options: Partial<Parameters<typeof LimitStore.redis>[0]> = {}) {
    const app = quickApp();
    const store = new Stack(app, 'Store', { env: ENVIRONMENT });
    const vpc = new ec2.Vpc(store, 'StoreVpc');
    const securityGroup = new ec2.SecurityGroup(store, 'ServerGroup', { vpc, allowAllOutbound: false });
    const credentials = new secretsmanager.Secret(store, 'Password');
    const limits = {
      store: LimitStore.redis({ host: 'cache.example.com', vpc, securityGroup, credentials, ...options }),
    };
    const { stack } = gatewayStack({ definition: LIMITED, limits }, app);
    return { gateway: Template.fromStack(stack), server: Template.fromStack(store) };
  }

  test('tells the authorizer where it is, and to speak TLS', () => {
    const { gateway } = redisStack();

    expect(configurationOf(gateway)).toHaveProperty('limits.store', {
      kind: 'redis',
      host: 'cache.example.com',
      port: 6379,
      tls: true,
      secretArn: 'TOKEN',
    });
    gateway.resourceCountIs('AWS::DynamoDB::Table', 0);
  });

  test('places the function in the network: out to the server and to HTTPS, in from nowhere', () => {
    const { gateway } = redisStack({ port: 6380 });
    const egress = Object.values(gateway.findResources('AWS::EC2::SecurityGroup')).filter(({ Properties }) =>
      String(Properties.GroupDescription).startsWith('Authorizer'),
    );

    expect(egress).toHaveLength(1);
    expect(egress[0]?.['Properties'].SecurityGroupEgress).toEqual([
      { CidrIp: '0.0.0.0/0', Description: 'HTTPS', FromPort: 443, IpProtocol: 'tcp', ToPort: 443 },
    ]);
    expect(egress[0]?.['Properties']).not.toHaveProperty('SecurityGroupIngress');
    gateway.hasResourceProperties('AWS::EC2::SecurityGroupEgress', { FromPort: 6380, ToPort: 6380 });
    gateway.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: 6380, ToPort: 6380 });
    const [handler] = Object.values(
      gateway.findResources('AWS::Lambda::Function', { Properties: { MemorySize: 512 } }),
    );
    expect(handler?.['Properties'].VpcConfig.SubnetIds[0]).toEqual({
      'Fn::ImportValue': expect.stringMatching(/PrivateSubnet/),
    });
    expect(handler?.['DependsOn']).toContainEqual(expect.stringMatching(/NetworkPolicy/));
  });

  test('reads the password at run time, out of the secret', () => {
    const { gateway } = redisStack();
    const statements = Object.values(gateway.findResources('AWS::IAM::Policy')).flatMap(
      ({ Properties }) => Properties.PolicyDocument.Statement,
    );

    expect(statements).toContainEqual(
      expect.objectContaining({ Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'] }),
    );
  });

  test('goes without TLS when told so', () => {
    const { gateway } = redisStack({ allowPlainText: true, credentials: undefined });

    expect(configurationOf(gateway)).toHaveProperty('limits.store', {
      kind: 'redis',
      host: 'cache.example.com',
      port: 6379,
      tls: false,
    });
  });

  test.each([
    ['LIMIT_STORE_HOST', { host: 'rediss://cache.example.com' }],
    ['LIMIT_STORE_HOST', { host: 'user:password@cache' }],
    ['LIMIT_STORE_PORT', { port: 70_000 }],
    ['LIMIT_STORE_PORT', { port: 0.5 }],
  ])('fails with %s for %j', (code, options) => {
    expect(codesOf(() => redisStack(options))).toEqual([code]);
  });
});

describe('tenants of callers with tokens', () => {
  const tenantCustomer = (tenantClaim?: string) => ({
    customer: Authentication.jwt({
      issuer: 'https://id.example.com/',
      audiences: ['orders'],
      ...(tenantClaim === undefined ? {} : { tenantClaim }),
    }),
  });
  const tiers = { free: { rate: 1, burst: 1 } };

  function configuration(props: FixtureProps, withStore = true) {
    const app = quickApp();
    const tenants = keyStore(new Stack(app, 'Store', { env: ENVIRONMENT }));
    const { stack } = gatewayStack({ ...props, ...(withStore ? { tenants } : {}) }, app);
    return configurationOf(Template.fromStack(stack))['tenants'];
  }

  test('are looked up, and unknown ones refused', () => {
    expect(configuration({ authentication: tenantCustomer('tenant'), tiers })).toEqual({});
  });

  test('get a tier where told so', () => {
    const onUnknownTenant = UnknownTenant.tier('free');

    expect(configuration({ authentication: tenantCustomer('tenant'), tiers, onUnknownTenant })).toEqual({
      unknownTier: 'free',
    });
  });

  test.each<[string, FixtureProps, boolean]>([
    ['tokens name none', { authentication: tenantCustomer(), tiers }, true],
    ['there are no tiers', { authentication: tenantCustomer('tenant') }, true],
    ['there is no store', { authentication: tenantCustomer('tenant'), tiers }, false],
  ])('are not looked up where %s', (_, props, withStore) => {
    expect(configuration(props, withStore)).toBeUndefined();
  });

  test('fail with a tier that does not exist', () => {
    const onUnknownTenant = UnknownTenant.tier('gold');

    expect(codesOf(() => gatewayStack({ tiers, onUnknownTenant }))).toEqual(['UNKNOWN_TIER']);
  });
});

function keyDocument() {
  return documentOf(
    DOCUMENT.replace('{ type: http, scheme: bearer }', '{ type: apiKey, in: header, name: X-Api-Key }'),
  );
}

/** The policy beside the authorizer's code. */
function policyOf(app: App): Readonly<Record<string, { readonly rateLimit?: object }>> {
  const { directory } = app.synth();
  const file = readdirSync(directory)
    .map((name) => join(directory, name, 'policy.json'))
    .find((path) => existsSync(path));
  return JSON.parse(readFileSync(file ?? '', 'utf8')).operations;
}
