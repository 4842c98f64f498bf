import { NestedStack, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Construct, DependencyGroup } from 'constructs';
import { Quota } from '../../lib';
import { TIER_PLAN_OUTPUT } from '../../lib/protocol';
import { UsagePlans } from '../../lib/traffic/usage-plans';
import { gatewayStack, quickApp } from '../fixtures/gateway';
import { codesOf } from '../fixtures/problems';

const TYPES = ['UsagePlan', 'ApiKey', 'UsagePlanKey'].map((name) => `AWS::ApiGateway::${name}`);

function definePlans(gateway: Construct, tiers: UsagePlansTiers, scope = gateway): void {
  new UsagePlans(scope, 'Plans', {
    ...{
      gateway,
      tiers,
      restApiId: 'api',
      stageName: 'prod',
      revokeWithinSeconds: 30,
      after: new DependencyGroup(),
    },
  });
}

type UsagePlansTiers = ConstructorParameters<typeof UsagePlans>[2]['tiers'];

/** Plans, keys and members of a gateway `Edge/Gateway`, which the library keeps in `scopeOf`. */
function plansOf(
  scopeOf: (gateway: Construct) => Construct,
  stackName = 'Orders',
  within: (stack: Stack) => Stack = (stack) => stack,
): Record<string, unknown> {
  const stack = within(new Stack(quickApp(), stackName));
  const gateway = new Construct(new Construct(stack, 'Edge'), 'Gateway');
  definePlans(gateway, { free: { rate: 1, burst: 1 } }, scopeOf(gateway));
  const template = Template.fromStack(stack);
  return Object.assign({}, ...TYPES.map((type) => template.findResources(type)));
}

describe('the usage plans', () => {
  const template = Template.fromStack(
    gatewayStack({
      tiers: { free: { rate: 5, burst: 10, quota: Quota.perDay(1000) }, pro: { rate: 100, burst: 200 } },
    }).stack,
  );

  test('are one for anonymous callers, one for authenticated ones, one that refuses, and the tiers', () => {
    template.resourceCountIs('AWS::ApiGateway::UsagePlan', 5);
    template.resourceCountIs('AWS::ApiGateway::ApiKey', 5);
    template.resourceCountIs('AWS::ApiGateway::UsagePlanKey', 5);
    template.allResourcesProperties('AWS::ApiGateway::UsagePlan', {
      ApiStages: [{ ApiId: { Ref: Match.anyValue() }, Stage: { Ref: Match.stringLikeRegexp('Stage') } }],
    });
  });

  test('are replaced by no change of order, nor by a tier that comes or goes', () => {
    const free = { rate: 5, burst: 10, quota: Quota.perDay(1000) };
    const pro = { rate: 100, burst: 200 };
    const other = Template.fromStack(gatewayStack({ tiers: { extra: free, pro, free } }).stack);

    for (const type of TYPES) {
      expect(other.findResources(type)).toMatchObject(template.findResources(type));
    }
  });

  test('are called by the place of their gateway in its stack and by their name, and by nothing else', () => {
    const here = plansOf((gateway) => gateway);

    expect(Object.keys(here)).toHaveLength(3 * 4);
    expect(Object.keys(here)).toContainEqual(expect.stringMatching(/^PlanEdgeGatewaytierfree[0-9A-F]{8}$/));
    // where the library keeps them, what the stack and its stage are called
    expect(plansOf((gateway) => new Construct(new Construct(gateway, 'Traffic'), 'Inner'))).toEqual(here);
    expect(plansOf((gateway) => gateway, 'Other')).toEqual(here);
    expect(
      plansOf(
        (gateway) => gateway,
        'Orders',
        (stack) => new NestedStack(stack, 'Nested'),
      ),
    ).toEqual(here);
  });

  test('differ between gateways of one stack, and tiers that are spelt alike', () => {
    const stack = new Stack(quickApp(), 'Orders');
    const tiers = Object.fromEntries(
      ['a-b', 'ab', 'a_b', 'AB', 'anonymous'].map((name) => [name, { rate: 1, burst: 1 }]),
    );
    for (const id of ['First', 'Second']) definePlans(new Construct(stack, id), tiers);
    // the same letters in a row
    definePlans(new Construct(new Construct(stack, 'Fir'), 'st'), tiers);

    const plans = Template.fromStack(stack);
    for (const type of TYPES) plans.resourceCountIs(type, 3 * (3 + 5));
    const values = Object.values(plans.findResources('AWS::ApiGateway::ApiKey')).map(({ Properties }) =>
      JSON.stringify(Properties.Value),
    );
    expect(new Set(values).size).toBe(values.length);
  });

  test('have logical ids that CloudFormation takes, however deep the gateway lies', () => {
    const stack = new Stack(quickApp(), 'Orders');
    let scope: Construct = stack;
    for (let depth = 0; depth < 20; depth += 1) scope = new Construct(scope, `level-${depth}-of-a-deep-tree`);
    definePlans(scope, { ['t'.repeat(64)]: { rate: 1, burst: 1 } });

    const resources = TYPES.flatMap((type) => Object.keys(Template.fromStack(stack).findResources(type)));
    expect(resources).toHaveLength(12);
    for (const id of resources) expect(id).toMatch(/^[A-Za-z][A-Za-z0-9]{0,254}$/);
  });

  test('let nothing through the one that refuses', () => {
    expect(planOf('exhausted')).toMatchObject({ Throttle: { RateLimit: 0, BurstLimit: 0 } });
  });

  test('limit neither anonymous nor authenticated callers, who share them', () => {
    expect(planOf('anonymous')).not.toHaveProperty('Throttle');
    expect(planOf('authenticated')).not.toHaveProperty('Throttle');
    expect(planOf('anonymous')).not.toHaveProperty('Quota');
  });

  test('limit each tier as it says', () => {
    expect(planOf('tierfree')).toMatchObject({
      Throttle: { RateLimit: 5, BurstLimit: 10 },
      Quota: { Limit: 1000, Period: 'DAY' },
    });
    expect(planOf('tierpro')).toMatchObject({ Throttle: { RateLimit: 100, BurstLimit: 200 } });
    expect(planOf('tierpro')).not.toHaveProperty('Quota');
  });

  test('have keys that are named by value only, unique in account and region', () => {
    const keys = Object.values(template.findResources('AWS::ApiGateway::ApiKey'));
    const values = keys.map(({ Properties }) => JSON.stringify(Properties.Value));

    expect(new Set(values).size).toBe(5);
    for (const { Properties } of keys) {
      expect(Properties).not.toHaveProperty('Name');
      expect(Properties.Value['Fn::Join'][1][0]).toMatch(/^plan[0-9a-f]{24}$/);
      expect(JSON.stringify(Properties.Value)).toContain('AWS::StackId');
    }
  });

  test('have the keys that the authorizer answers with, but for the one that is never created', () => {
    const [handler] = Object.values(
      template.findResources('AWS::Lambda::Function', { Properties: { MemorySize: 512 } }),
    );
    const configuration = JSON.stringify(handler?.['Properties'].Environment.Variables);
    const stems = Object.values(template.findResources('AWS::ApiGateway::ApiKey')).map(
      ({ Properties }) => Properties.Value['Fn::Join'][1][0] as string,
    );

    for (const stem of stems) expect(configuration).toContain(stem);
    expect(configuration.match(/plan[0-9a-f]{24}/g)).toHaveLength(6);
  });

  test('keep a tier called like a plan of the gateway apart from it', () => {
    const { stack } = gatewayStack({ tiers: { exhausted: { rate: 1, burst: 1 } } });
    const values = Object.values(Template.fromStack(stack).findResources('AWS::ApiGateway::ApiKey')).map(
      ({ Properties }) => JSON.stringify(Properties.Value),
    );

    expect(new Set(values).size).toBe(4);
  });

  test('of tiers are outputs by which the command line finds them, with how long authorizers remember', () => {
    const outputs = Object.values(template.findOutputs('*'))
      .map(({ Description = '', Value }) => ({ match: TIER_PLAN_OUTPUT.exec(Description), Value }))
      .filter(({ match }) => match);

    expect(outputs.map(({ match }) => match?.slice(1))).toEqual([
      ['free', '30'],
      ['pro', '30'],
    ]);
    for (const { Value } of outputs) expect(Value.Ref).toMatch(/^PlanGatewaytier(free|pro)[0-9A-F]{8}$/);
  });

  test.each([
    ['a rate of 0', { rate: 0, burst: 1 }],
    ['a burst of 0', { rate: 1, burst: 0 }],
    ['half a request at once', { rate: 1, burst: 0.5 }],
    ['a quota of 0', { rate: 1, burst: 1, quota: Quota.perMonth(0) }],
    ['no number', { rate: Number.NaN, burst: 1 }],
  ])('fail with %s', (_what, tier) => {
    expect(codesOf(() => gatewayStack({ tiers: { free: tier } }))).toEqual(['TIER_LIMIT']);
  });

  test.each([
    { rate: -1, burst: 500 },
    { rate: 1000, burst: -1 },
    { rate: Number.NaN, burst: 500 },
    { rate: Number.POSITIVE_INFINITY, burst: 500 },
  ])('fail beside a throttle of %j, which API Gateway would take for none', (throttle) => {
    expect(codesOf(() => gatewayStack({ throttle }))).toEqual(['THROTTLE']);
  });

  test.each(['a tier', '', '-free', '_free', 'x'.repeat(65)])(
    'fail with a tier whose name is none, or none for the command line: %j',
    (name) => {
      expect(codesOf(() => gatewayStack({ tiers: { [name]: { rate: 1, burst: 1 } } }))).toEqual([
        'TIER_NAME',
      ]);
    },
  );

  function planOf(id: string): Record<string, unknown> | undefined {
    const plans = Object.entries(template.findResources('AWS::ApiGateway::UsagePlan'));
    return plans.find(([logicalId]) => logicalId.startsWith(`PlanGateway${id}`))?.[1]['Properties'];
  }
});
