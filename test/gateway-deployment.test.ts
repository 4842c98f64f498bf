import { Aspects, CfnResource } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { DOCUMENT, documentOf, gatewayStack } from './fixtures/gateway';
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

  test('stays when only the stage changes', () => {
    expect(deploymentOf(gatewayStack({ throttle: { rate: 1, burst: 1 } }))).toBe(
      deploymentOf(gatewayStack()),
    );
  });

  function linkOf({ stack }: ReturnType<typeof gatewayStack>): string | undefined {
    return Object.keys(Template.fromStack(stack).findResources('AWS::ApiGatewayV2::VpcLink'))[0];
  }

  function deploymentOf({ stack }: ReturnType<typeof gatewayStack>): string | undefined {
    return Object.keys(Template.fromStack(stack).findResources('AWS::ApiGateway::Deployment'))[0];
  }
});
