import { isOurs } from '../model/api-body';
import { listOf, type Resource } from '../model/template';
import type { World } from '../model/world';

/**
 * What may reach a backend by right: gateways of ours with their VPC links, the backend's own parts, and data stores
 * named beside it, which the backend is there to use.
 */
export interface Inside {
  readonly gateways: ReadonlySet<Resource>;
  readonly links: ReadonlySet<Resource>;
  /** Load balancers, targets and data stores. */
  readonly parts: ReadonlySet<Resource>;
}

export function insideOf(world: World, parts: readonly Resource[]): Inside {
  const gateways = world.ofType('AWS::ApiGateway::RestApi').filter(isOurs);
  const links = gateways.flatMap((gateway) =>
    world
      .references(gateway.properties['Body'], gateway.stack)
      .resources.filter(({ type }) => type === 'AWS::ApiGatewayV2::VpcLink'),
  );
  return { gateways: new Set(gateways), links: new Set(links), parts: new Set(parts) };
}

export function isInside({ gateways, links, parts }: Inside, resource: Resource): boolean {
  return gateways.has(resource) || links.has(resource) || parts.has(resource);
}

/** The load balancer and what stands behind it: ECS services, instances, functions. */
export function partsOf(world: World, loadBalancer: Resource): Resource[] {
  const listeners = world
    .referrersOf(loadBalancer)
    .filter(({ type }) => type === 'AWS::ElasticLoadBalancingV2::Listener');
  const rules = listeners.flatMap((listener) =>
    world.referrersOf(listener).filter(({ type }) => type === 'AWS::ElasticLoadBalancingV2::ListenerRule'),
  );
  const groups = [...listeners, ...rules].flatMap(({ properties, stack }) =>
    world
      .references([properties['DefaultActions'], properties['Actions']], stack)
      .resources.filter(({ type }) => type === 'AWS::ElasticLoadBalancingV2::TargetGroup'),
  );

  return [...new Set([loadBalancer, ...groups.flatMap((group) => targetsOf(world, group))])];
}

const WORKLOADS = [
  'AWS::ECS::Service',
  'AWS::AutoScaling::AutoScalingGroup',
  'AWS::EC2::Instance',
  'AWS::Lambda::Function',
  'AWS::Lambda::Alias',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
];

/** A target group names its targets, or they name it. */
export function targetsOf(world: World, group: Resource): Resource[] {
  const named = world.references(
    listOf(group.properties['Targets']).map((target) => target),
    group.stack,
  ).resources;
  return [...named, ...world.referrersOf(group)].filter(({ type }) => WORKLOADS.includes(type));
}
