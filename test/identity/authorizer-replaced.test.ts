import { Template } from 'aws-cdk-lib/assertions';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { Authentication, Quota } from '../../lib';
import { CUSTOMER, DOCUMENT, documentOf, type FixtureProps, gatewayStack } from '../fixtures/gateway';

const STAFF = Authentication.jwt({ issuer: 'https://staff.example.com/', audiences: ['orders'] });

const withScheme = (scheme: string, name = 'staff') =>
  documentOf(
    DOCUMENT.replace(
      'customer: { type: http, scheme: bearer }',
      `customer: { type: http, scheme: bearer }\n    ${name}: ${scheme}`,
    ).replace('security: [{ customer: [] }]', `security: [{ customer: [] }, { ${name}: [] }]`),
  );

const BEARER = '{ type: http, scheme: bearer }';

describe('a deployment that changes the authorizer', () => {
  test.each<[string, FixtureProps]>([
    [
      'a security scheme more',
      { definition: withScheme(BEARER), authentication: { ...CUSTOMER, staff: STAFF } },
    ],
    [
      'an exact limit, which needs a store',
      {
        definition: documentOf(
          DOCUMENT.replace('{ limit: 10, perSeconds: 1 }', '{ limit: 10, perSeconds: 1, by: ip }'),
        ),
      },
    ],
  ])(
    'makes another function for %s, whose settings and code fit each other at any moment',
    (_what, props) => {
      const [before, after] = [authorizerOf({}), authorizerOf(props)];

      expect(after.id).not.toBe(before.id);
      // API Gateway calls it from the next deployment on, and may
      expect(after.deployment).not.toBe(before.deployment);
      expect(after.template).not.toContain(`"${before.id}"`);
    },
  );

  test('makes another one for a scheme of another name', () => {
    const [one, other] = ['staff', 'people'].map((name) =>
      authorizerOf({ definition: withScheme(BEARER, name), authentication: { ...CUSTOMER, [name]: STAFF } }),
    );

    expect(other?.id).not.toBe(one?.id);
  });

  test.each<[string, FixtureProps]>([
    ['what an operation demands', { definition: documentOf(DOCUMENT.replace('limit: 10', 'limit: 20')) }],
    [
      'who issues tokens',
      {
        authentication: {
          customer: Authentication.jwt({ issuer: 'https://new.example.com/', audiences: ['new'] }),
        },
      },
    ],
    ['a tier', { tiers: { free: { rate: 1, burst: 1, quota: Quota.perDay(10) } } }],
    ['memory', { authorizer: { memorySize: 1024 } }],
  ])('keeps the function for %s, which any code serves', (_what, props) => {
    expect(authorizerOf(props).id).toBe(authorizerOf({}).id);
  });

  test.each<[string, (resource: CfnFunction) => void]>([
    [
      'a property',
      (resource) => {
        resource.functionName = 'authorizer';
      },
    ],
    ['an override', (resource) => resource.addPropertyOverride('FunctionName', 'authorizer')],
  ])('keeps one that was given a name by %s: two cannot have it', (_how, name) => {
    const props = { definition: withScheme(BEARER), authentication: { ...CUSTOMER, staff: STAFF } };

    expect(authorizerOf(props, name).id).toBe(authorizerOf({}, name).id);
  });

  function authorizerOf(props: FixtureProps, change: (resource: CfnFunction) => void = () => undefined) {
    const { stack, gateway } = gatewayStack(props);
    change(gateway.authorizerFunction.node.defaultChild as CfnFunction);
    const template = Template.fromStack(stack);
    const [deployment] = Object.keys(template.findResources('AWS::ApiGateway::Deployment'));
    const [id = ''] = Object.keys(template.findResources('AWS::Lambda::Function')).filter((one) =>
      one.startsWith('GatewayAuthorizerHandler'),
    );
    return { id, deployment, template: JSON.stringify(template.toJSON()) };
  }
});
