import { type CfnResource, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IConstruct } from 'constructs';
import { Backend, type BackendOptions, SecureApiGateway } from '../../lib';
import {
  CUSTOMER,
  certificateOf,
  DOCUMENT,
  documentOf,
  ENVIRONMENT,
  quickApp,
  SERVER_NAME,
} from '../fixtures/gateway';

export const ALB_ARN = 'arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/orders/1';

export const TWO_BACKENDS = DOCUMENT.replace(
  'public: for load balancers',
  'public: for all, backend: payments',
);

export function twoBackends(
  orders: elbv2.IApplicationLoadBalancer,
  payments: elbv2.IApplicationLoadBalancer,
): Record<string, Backend> {
  return {
    orders: Backend.applicationLoadBalancer(orders, { serverName: SERVER_NAME }),
    payments: Backend.applicationLoadBalancer(payments, { serverName: 'payments.internal.example.com' }),
  };
}

/** A gateway before these backends. */
export function gatewayBefore(
  stack: Stack,
  id: string,
  backends: Record<string, Backend>,
  document: string = DOCUMENT,
): SecureApiGateway {
  return new SecureApiGateway(stack, id, {
    definition: documentOf(document),
    authentication: CUSTOMER,
    backends,
  });
}

export function resourceOf(construct: IConstruct): CfnResource {
  return construct.node.defaultChild as CfnResource;
}

/** A stack with a gateway before a load balancer of these properties. */
export function stackBefore(
  props: Partial<elbv2.ApplicationLoadBalancerProps>,
  options: Partial<BackendOptions> = {},
  listener: Partial<elbv2.BaseApplicationListenerProps> = {},
): Stack {
  const stack = new Stack(quickApp(), 'Orders', { env: ENVIRONMENT });
  const vpc = new ec2.Vpc(stack, 'Vpc');
  const loadBalancer = new elbv2.ApplicationLoadBalancer(stack, 'Alb', { vpc, ...props });
  loadBalancer.addListener('Listener', {
    port: 443,
    certificates: [certificateOf(stack)],
    open: false,
    defaultAction: elbv2.ListenerAction.fixedResponse(404),
    ...listener,
  });
  gatewayBefore(stack, 'Gateway', {
    orders: Backend.applicationLoadBalancer(loadBalancer, { serverName: SERVER_NAME, ...options }),
  });
  return stack;
}

/** A gateway before a Network Load Balancer. */
export function networkStack(withGroup: boolean) {
  const stack = new Stack(quickApp(), 'Orders', { env: ENVIRONMENT });
  const vpc = new ec2.Vpc(stack, 'Vpc');
  const loadBalancer = new elbv2.NetworkLoadBalancer(stack, 'Nlb', {
    vpc,
    ...(withGroup
      ? { securityGroups: [new ec2.SecurityGroup(stack, 'NlbGroup', { vpc })] }
      : { disableSecurityGroups: true }),
  });
  const targets = new elbv2.NetworkTargetGroup(stack, 'Targets', { vpc, port: 443 });
  loadBalancer.addListener('Tls', { port: 443, defaultTargetGroups: [targets] });
  gatewayBefore(stack, 'Gateway', {
    orders: Backend.networkLoadBalancer(loadBalancer, { serverName: SERVER_NAME }),
  });
  return { stack };
}

/** The integration of an operation, of the stack's gateways the one at `index`. */
export function integrationOf(
  stack: Stack,
  path: string,
  method: string,
  index = 0,
): Record<string, unknown> | undefined {
  const apis = Object.values(Template.fromStack(stack).findResources('AWS::ApiGateway::RestApi'));
  return apis[index]?.['Properties'].Body.paths[path]?.[method]?.['x-amazon-apigateway-integration'];
}
