import { type App, NestedStack, PermissionsBoundary, RemovalPolicies, Stack, Stage, Tags } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import { CURRENTLY_RECOMMENDED_FLAGS } from 'aws-cdk-lib/cx-api';
import { Construct } from 'constructs';
import { ApiKeyStore, Authentication, Backend } from '../lib';
import { readStackSource } from '../lib/local/source';
import { TemplateResolver } from '../lib/local/template/resolver';
import { fullGateway } from './fixtures/full-gateway';
import { ENVIRONMENT, loadBalancerIn, quickApp, SERVER_NAME } from './fixtures/gateway';
import { codesOf } from './fixtures/problems';
import type { Resources } from './fixtures/references';

/** Characters that AWS takes of what this library names or describes. */
const LIMITS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'AWS::ApiGateway::ClientCertificate': { Description: 1024 },
  'AWS::ApiGatewayV2::VpcLink': { Name: 128 },
  'AWS::CloudWatch::Alarm': { AlarmDescription: 1024 },
  'AWS::CloudWatch::InsightRule': { RuleName: 128 },
  'AWS::EC2::SecurityGroupEgress': { Description: 255 },
  'AWS::EC2::SecurityGroupIngress': { Description: 255 },
  'AWS::Events::Rule': { Description: 512 },
  'AWS::IAM::Role': { Description: 1000 },
  'AWS::Lambda::Function': { Description: 256 },
  'AWS::Logs::QueryDefinition': { Name: 255 },
  'AWS::Logs::SubscriptionFilter': { FilterName: 512 },
  'AWS::SSM::Parameter': { Description: 1024 },
  'AWS::SecretsManager::Secret': { Description: 2048 },
};

/** What holds what nobody wants to lose, or gives clients their address. */
const STATEFUL = /::(RestApi|Table|Bucket|Key|LogGroup|Secret|ApiKey|IPSet|ClientCertificate)$/;

describe('a gateway', () => {
  const plain = resourcesOf(synthesized(quickApp()));

  test('keeps to the lengths AWS takes, however deep it stands', () => {
    const stage = new Stage(quickApp(), 'Production'.repeat(5), { env: ENVIRONMENT });
    const stack = new Stack(stage, 'Orders'.repeat(8));
    let scope: Construct = stack;
    for (const level of [1, 2, 3, 4, 5]) scope = new Construct(scope, `Level${level}`.repeat(7));
    fullGateway(scope, 'Gateway'.repeat(4));
    const { Outputs, ...template } = Template.fromStack(stack).toJSON();

    const found: string[] = [];
    for (const [id, { Type, Properties = {} }] of Object.entries<Resources[string]>(template['Resources'])) {
      if (id.length > 255) found.push(id);
      for (const [name, longest] of Object.entries(LIMITS[Type] ?? {})) {
        const value = Properties[name];
        if (typeof value === 'string' && value.length > longest) found.push(`${Type} ${name}: ${value}`);
      }
    }
    for (const [id, { Description = '' }] of Object.entries<{ Description?: string }>(Outputs)) {
      if (id.length > 255 || Description.length > 1024) found.push(id);
    }
    expect(found).toEqual([]);
  });

  test('keeps to the patterns EventBridge takes too, by the names CloudFormation makes, however many roles there are', () => {
    const app = quickApp();
    const stack = new Stack(app, 'Production-Orders', { env: ENVIRONMENT });
    let scope: Construct = stack;
    for (const level of [1, 2, 3, 4]) scope = new Construct(scope, `Level${level}`.repeat(7));
    const unreportedRoles = Array.from(
      { length: 11 },
      (_, index) => `arn:aws:iam::111111111111:role/deployment-${index}`,
    );
    const keys = new ApiKeyStore(scope, 'Keys');
    const alarmTopic = new sns.Topic(stack, 'Topic');
    const customer = Authentication.introspection({
      issuer: 'https://id.example.com/',
      endpoint: 'https://id.example.com/introspect',
      audiences: ['orders'],
      clientId: 'gateway',
      clientSecret: new Secret(scope, 'Client'),
    });
    fullGateway(
      scope,
      'Gateway',
      {},
      {
        audit: { alarmTopic, unreportedRoles },
        authentication: { customer, machine: Authentication.apiKey({ keys }) },
      },
    );

    const resolver = new TemplateResolver(
      readStackSource({ assembly: app.synth().directory, stackName: stack.stackName }),
      {},
    );
    const lengths = resolver
      .idsOf('AWS::Events::Rule')
      .map((id) => [id, JSON.stringify(resolver.properties(id)['EventPattern'] ?? {}).length] as const);
    expect(lengths.filter(([, length]) => length > 2048)).toEqual([]);
    expect(lengths.filter(([id]) => /KeyTable/.test(id)).length).toBeGreaterThan(1);
  });

  test('has the same stateful resources under all flags the CDK recommends', () => {
    // one of them prints the warnings of a template
    const context = { ...CURRENTLY_RECOMMENDED_FLAGS, '@aws-cdk/core:annotationsInValidationReport': false };
    const flagged = resourcesOf(synthesized(quickApp({ context })));

    expect(statefulIn(flagged)).toEqual(statefulIn(plain));
    expect(statefulIn(plain).length).toBeGreaterThan(15);
  });

  test.each(['cn-north-1', 'us-gov-west-1', undefined])(
    'names no partition of its own accord, nor a suffix: %s',
    (region) => {
      const stack = new Stack(quickApp(), 'Orders', region ? { env: { ...ENVIRONMENT, region } } : {});
      fullGateway(stack, 'Gateway');
      const resources = resourcesOf(stack);
      // the fixture's certificate
      const others = Object.values(resources).filter(({ Type }) => !/Listener$/.test(Type));

      expect(JSON.stringify(others)).not.toContain('arn:aws:');
      expect(JSON.stringify(others)).not.toMatch(/\.amazonaws\.com\.cn|[a-z]-\d\.amazonaws\.com/);
    },
  );

  test('lets CloudWatch Logs use the key by the name it has in the partition', () => {
    Template.fromStack(synthesized(quickApp())).hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal: { Service: { 'Fn::Join': ['', ['logs.eu-west-1.', { Ref: 'AWS::URLSuffix' }]] } },
          }),
        ]),
      },
    });
  });

  test('takes a permissions boundary for each role, and tags that only the deployment knows', () => {
    const stack = new Stack(quickApp(), 'Orders', {
      env: ENVIRONMENT,
      permissionsBoundary: PermissionsBoundary.fromName('boundary'),
    });
    fullGateway(stack, 'Gateway');
    Tags.of(stack).add('owner', stack.stackId, { excludeResourceTypes: ['aws:cdk:stack'] });

    const roles = Object.values(resourcesOf(stack)).filter(({ Type }) => Type === 'AWS::IAM::Role');
    expect(roles.length).toBeGreaterThan(8);
    for (const { Properties } of roles) expect(Properties).toHaveProperty('PermissionsBoundary');
  });

  test('leaves nothing behind where all is to be destroyed', () => {
    const stack = synthesized(quickApp());
    RemovalPolicies.of(stack).destroy();

    const kept = Object.values(resourcesOf(stack)).filter(
      ({ DeletionPolicy = 'Delete' }) => DeletionPolicy !== 'Delete',
    );
    expect(kept).toEqual([]);
  });

  test('stands in a nested stack, and beside another in one stack', () => {
    const stack = new Stack(quickApp(), 'Orders', { env: ENVIRONMENT });
    const nested = new NestedStack(stack, 'Nested');
    fullGateway(nested, 'Gateway');
    expect(statefulIn(resourcesOf(nested)).length).toBe(statefulIn(plain).length);

    const two = new Stack(quickApp(), 'Orders', { env: ENVIRONMENT });
    const vpc = new ec2.Vpc(two, 'Vpc', { maxAzs: 2 });
    for (const id of ['One', 'Two']) fullGateway(two, id, { vpc });
    expect(() => resourcesOf(two)).not.toThrow();
  });

  test('takes all it needs from another stack, which needs nothing of its own', () => {
    const app = quickApp();
    const shared = new Stack(app, 'Shared', { env: ENVIRONMENT });
    const vpc = new ec2.Vpc(shared, 'Vpc', { maxAzs: 2 });
    const stack = new Stack(app, 'Orders', { env: ENVIRONMENT });
    fullGateway(stack, 'Gateway', {
      vpc,
      keys: new ApiKeyStore(shared, 'Keys'),
      encryptionKey: new kms.Key(shared, 'LogKey'),
      alarmTopic: new sns.Topic(shared, 'Topic'),
      backend: Backend.applicationLoadBalancer(loadBalancerIn(shared, vpc), { serverName: SERVER_NAME }),
    });
    app.synth();

    expect(stack.dependencies).toContain(shared);
    expect(shared.dependencies).toEqual([]);
  });

  test.each<[string, string, object]>([
    ['BACKEND_ENVIRONMENT', 'another account', { account: '222222222222' }],
    ['BACKEND_ENVIRONMENT', 'another region', { region: 'us-east-1' }],
  ])('fails with %s before a load balancer of %s', (code, _where, env) => {
    const app = quickApp();
    const far = new Stack(app, 'Far', { env: { ...ENVIRONMENT, ...env } });
    const backend = Backend.applicationLoadBalancer(loadBalancerIn(far, new ec2.Vpc(far, 'Vpc')), {
      serverName: SERVER_NAME,
    });

    const stack = new Stack(app, 'Orders', { env: ENVIRONMENT });
    expect(codesOf(() => fullGateway(stack, 'Gateway', { backend }))).toEqual([code]);
  });

  test('fails with a topic that its alarms cannot publish to', () => {
    const app = quickApp();
    const far = new Stack(app, 'Far', {
      env: { ...ENVIRONMENT, region: 'us-east-1' },
      crossRegionReferences: true,
    });
    const stack = new Stack(app, 'Orders', { env: ENVIRONMENT, crossRegionReferences: true });

    const alarmTopic = new sns.Topic(far, 'Topic');
    expect(codesOf(() => fullGateway(stack, 'Gateway', { alarmTopic }))).toEqual(['ALARM_TOPIC_REGION']);
  });

  function synthesized(app: App): Stack {
    const stack = new Stack(app, 'Orders', { env: ENVIRONMENT });
    fullGateway(stack, 'Gateway');
    return stack;
  }

  function resourcesOf(stack: Stack): Resources {
    return Template.fromStack(stack).toJSON()['Resources'];
  }

  function statefulIn(resources: Resources): string[] {
    return Object.keys(resources)
      .filter((id) => STATEFUL.test(resources[id]?.Type ?? ''))
      .sort();
  }
});
