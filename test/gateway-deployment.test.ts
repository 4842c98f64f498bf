import { Aspects, CfnParameter, CfnResource, Stack, Tags } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { Backend, SecureApiGateway } from '../lib';
import { gatewayBefore } from './backend/gateways';
import {
  CUSTOMER,
  DOCUMENT,
  documentOf,
  ENVIRONMENT,
  gatewayStack,
  loadBalancerIn,
  quickApp,
} from './fixtures/gateway';
import { bodyOf } from './fixtures/gateway-body';

describe('the deployment', () => {
  test('stays the same for the same gateway', () => {
    expect(deploymentOf(gatewayStack())).toBe(deploymentOf(gatewayStack()));
  });

  test('is replaced when the document changes', () => {
    const changed = DOCUMENT.replace(
      'operationId: listOrders',
      'operationId: listOrders\n      x-gateway: { timeout: 5s }',
    );

    expect(deploymentOf(gatewayStack({ definition: documentOf(changed) }))).not.toBe(
      deploymentOf(gatewayStack()),
    );
  });

  test.each<[string, (restApi: apigateway.CfnRestApi) => void]>([
    [
      'a property override',
      (restApi) => restApi.addPropertyOverride('Body.paths./orders.get.summary', 'Lists'),
    ],
    ['a deletion', (restApi) => restApi.addPropertyDeletionOverride('Body.paths./orders.get')],
    ['a property', (restApi) => restApi.addPropertyOverride('MinimumCompressionSize', 0)],
  ])('is replaced when %s amends the API', (_what, amend) => {
    const plain = deploymentOf(gatewayStack());
    const amended = gatewayStack();
    amend(amended.gateway.node.defaultChild as apigateway.CfnRestApi);

    expect(deploymentOf(amended)).not.toBe(plain);
  });

  test('is replaced when an aspect amends the API at the last moment', () => {
    const amended = gatewayStack();
    Aspects.of(amended.stack).add({
      visit: (node) => {
        if (node instanceof CfnResource && node.cfnResourceType === 'AWS::ApiGateway::RestApi') {
          node.addPropertyOverride('Body.info.description', 'amended');
        }
      },
    });

    expect(deploymentOf(amended)).not.toBe(deploymentOf(gatewayStack()));
  });

  test('carries amendments of the body into the template', () => {
    const { stack, gateway } = gatewayStack();
    const restApi = gateway.node.defaultChild as apigateway.CfnRestApi;
    restApi.addPropertyOverride('Body.paths./orders.get.summary', 'Lists');
    restApi.addPropertyDeletionOverride('Body.paths./orders.post');

    const { paths } = bodyOf(Template.fromStack(stack));
    expect(paths['/orders']?.['get']?.['summary']).toBe('Lists');
    expect(paths['/orders']).not.toHaveProperty('post');
  });

  test('is replaced together with the VPC link', () => {
    const two = gatewayStack({ backend: { linkSubnets: { availabilityZones: ['dummy1a', 'dummy1b'] } } });
    const other = gatewayStack({ backend: { linkSubnets: { availabilityZones: ['dummy1b', 'dummy1c'] } } });

    expect(linkOf(two)).not.toBe(linkOf(other));
    expect(deploymentOf(two)).not.toBe(deploymentOf(other));
  });

  test.each([
    ['Name', 'orders-2'],
    ['Scheme', 'internet-facing'],
  ])('is replaced together with a load balancer whose %s changes', (property, value) => {
    const changed = gatewayStack({ backend: { allowInternetFacing: true } });
    const resource = changed.loadBalancer.node.defaultChild as CfnResource;
    resource.addPropertyOverride(property, value);

    expect(deploymentOf(changed)).not.toBe(
      deploymentOf(gatewayStack({ backend: { allowInternetFacing: true } })),
    );
  });

  test.each<[string, string, unknown]>([
    ['AWS::Lambda::Function', 'FunctionName', 'named'],
    ['AWS::ApiGatewayV2::VpcLink', 'SubnetIds', ['subnet-1', 'subnet-2']],
    ['AWS::ApiGatewayV2::VpcLink', 'SecurityGroupIds', ['sg-1']],
  ])('is replaced together with what it refers to: %s, by another %s', (type, property, value) => {
    expect(deploymentOf(withProperty(type, property, value))).not.toBe(deploymentOf(gatewayStack()));
  });

  test.each<[string, string, unknown]>([
    ['AWS::Lambda::Function', 'MemorySize', 1024],
    ['AWS::Logs::LogGroup', 'LogGroupName', 'named'],
    ['AWS::SSM::Parameter', 'Name', 'named'],
  ])('stays when something else changes: %s, by another %s', (type, property, value) => {
    expect(deploymentOf(withProperty(type, property, value))).toBe(deploymentOf(gatewayStack()));
  });

  test('stays when a function of the gateway that the API does not call gets a name', () => {
    const changed = gatewayStack();
    const rotation = changed.gateway.node
      .findAll()
      .find(({ node }) => /Rotation\/Handler\/Resource$/.test(node.path));
    (rotation as CfnResource).addPropertyOverride('FunctionName', 'named');

    expect(deploymentOf(changed)).toBe(deploymentOf(gatewayStack()));
  });

  test('stays when tags change', () => {
    const tagged = gatewayStack();
    Tags.of(tagged.app).add('commit', '4693c79');

    expect(Template.fromStack(tagged.stack).toJSON()['Resources']).toMatchObject({
      [tagged.stack.resolve(tagged.gateway.restApi.logicalId)]: { Properties: { Tags: expect.anything() } },
    });
    expect(deploymentOf(tagged)).toBe(deploymentOf(gatewayStack()));
  });

  test('cannot follow a parameter, and says so', () => {
    const parameters = new Stack(quickApp(), 'Orders', { env: ENVIRONMENT });
    const serverName = new CfnParameter(parameters, 'ServerName').valueAsString;
    const vpc = new Vpc(parameters, 'Vpc');
    gatewayBefore(parameters, 'Gateway', {
      orders: Backend.applicationLoadBalancer(loadBalancerIn(parameters, vpc), { serverName }),
    });

    Annotations.fromStack(parameters).hasWarning('/Orders/Gateway', Match.stringLikeRegexp('ServerName'));
    Annotations.fromStack(gatewayStack().stack).hasNoWarning(
      '*',
      Match.stringLikeRegexp('serves the old one until'),
    );
  });

  test('has, as VPC link and authorizer have, an id CloudFormation takes, however deep the gateway stands', () => {
    const stack = new Stack(quickApp(), 'Orders', { env: ENVIRONMENT });
    const deep = Array.from(
      { length: 12 },
      (_, index) => `Level${index}OfADeepTree${'x'.repeat(20)}`,
    ).reduce<Construct>((scope, id) => new Construct(scope, id), stack);
    const orders = Backend.applicationLoadBalancer(loadBalancerIn(stack, new Vpc(stack, 'Vpc')), {
      serverName: 'orders.internal.example.com',
    });
    for (const id of ['One', 'Two']) {
      new SecureApiGateway(deep, id, {
        definition: documentOf(),
        authentication: CUSTOMER,
        backends: { orders },
      });
    }

    const template = Template.fromStack(stack);
    for (const [type, properties] of [
      ['AWS::ApiGateway::Deployment', {}],
      ['AWS::ApiGatewayV2::VpcLink', {}],
      ['AWS::Lambda::Function', { Description: Match.stringLikeRegexp('^Authorizer of') }],
    ] as const) {
      const ids = Object.keys(template.findResources(type, { Properties: properties }));
      expect(ids).toHaveLength(2);
      for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9]{1,255}$/);
    }
  });

  test('stays when only the stage changes', () => {
    expect(deploymentOf(gatewayStack({ throttle: { rate: 1, burst: 1 } }))).toBe(
      deploymentOf(gatewayStack()),
    );
  });

  function withProperty(type: string, property: string, value: unknown): ReturnType<typeof gatewayStack> {
    const changed = gatewayStack();
    for (const child of changed.gateway.node.findAll()) {
      if (CfnResource.isCfnResource(child) && child.cfnResourceType === type) {
        child.addPropertyOverride(property, value);
      }
    }
    return changed;
  }

  function linkOf({ stack }: ReturnType<typeof gatewayStack>): string | undefined {
    return Object.keys(Template.fromStack(stack).findResources('AWS::ApiGatewayV2::VpcLink'))[0];
  }

  function deploymentOf({ stack }: ReturnType<typeof gatewayStack>): string | undefined {
    return Object.keys(Template.fromStack(stack).findResources('AWS::ApiGateway::Deployment'))[0];
  }
});
