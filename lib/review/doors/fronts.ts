import type { Resource } from '../model/template';
import type { World } from '../model/world';
import { certain, type Door, unknown } from './door';
import { type Inside, isInside } from './inside';

const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const LISTENER_RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';

/** Load balancers outside that send requests to a target group, by a listener or by one of its rules. */
export function targetGroupDoors(world: World, inside: Inside, group: Resource): Door[] {
  return world.referrersOf(group).flatMap((referrer) => {
    const fronts = frontsOf(world, referrer);
    if (!fronts) return [];
    if (fronts.length === 0) {
      return [
        unknown({
          how: 'is a target of a listener defined elsewhere',
          shownBy: referrer,
          location: 'Properties',
        }),
      ];
    }

    return fronts
      .filter((front) => !isInside(inside, front))
      .map((through) =>
        certain({
          origin: 'network',
          how: `is a target of the load balancer ${through.label} too`,
          shownBy: referrer,
          location: 'Properties',
          through,
        }),
      );
  });
}

/** Load balancers of a listener or rule, none where they are not here; undefined for anything else. */
function frontsOf(world: World, { type, properties, stack }: Resource): Resource[] | undefined {
  if (type === LISTENER) return [...world.references(properties['LoadBalancerArn'], stack).resources];
  if (type !== LISTENER_RULE) return undefined;

  const listeners = world.references(properties['ListenerArn'], stack).resources;
  return listeners.flatMap((listener) => frontsOf(world, listener) ?? []);
}
