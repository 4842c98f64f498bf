import type { Certainty } from '../finding';
import { listOf, type Resource } from '../model/template';
import type { World } from '../model/world';
import { dataStoreDoors, isDataStore } from './data-store-doors';
import type { Door, Origin } from './door';
import { functionDoors } from './function-doors';
import { type Inside, insideOf, isInside, partsOf } from './inside';
import { loadBalancerDoors } from './load-balancer-doors';
import { networkDoors } from './routes';
import { isWorkload, workloadDoors } from './workload-doors';

/** A way to a backend that does not lead through the gateway. */
export interface Path {
  readonly origin: Origin;
  readonly certainty: Certainty;
  /** What is reached: the load balancer, a target behind it, or a data store. */
  readonly to: Resource;
  /** How, from the outside in. */
  readonly steps: readonly string[];
  /** Where the templates show the last step. */
  readonly shownBy: Resource;
  readonly location: string;
}

/**
 * Every way to a load balancer, what stands behind it, and data stores, that does not lead through a gateway.
 *
 * Only what the templates given tell: what lies outside them comes as unknown.
 */
export function pathsTo(world: World, backend: Resource, dataStores: readonly Resource[] = []): Path[] {
  const parts = [...new Set([...partsOf(world, backend), ...dataStores])];
  const inside = insideOf(world, parts);

  const direct = parts.flatMap((part) => pathsInto(world, inside, part, []));
  const around = networkDoors(world, parts).map((door) => pathOf(backend, door, []));
  return distinct([...direct, ...around]);
}

function pathsInto(world: World, inside: Inside, to: Resource, visited: readonly Resource[]): Path[] {
  return doorsOf(world, inside, to).flatMap((door) => {
    const { through } = door;
    if (!through || visited.includes(through) || isInside(inside, through)) return [pathOf(to, door, [])];

    // what leads to whatever stands before the door leads here too
    const farther = pathsInto(world, inside, through, [...visited, to]);
    if (farther.length === 0) return [pathOf(to, door, [])];
    return farther.map(({ origin, certainty, steps }) => ({
      ...pathOf(to, door, steps),
      origin,
      certainty,
    }));
  });
}

function doorsOf(world: World, inside: Inside, resource: Resource): Door[] {
  if (resource.type === 'AWS::ElasticLoadBalancingV2::LoadBalancer') {
    return loadBalancerDoors(world, inside, resource);
  }
  if (isDataStore(resource)) return dataStoreDoors(world, inside, resource);
  if (isWorkload(resource)) return workloadDoors(world, inside, resource);
  if (/^AWS::Lambda::(Function|Alias)$/.test(resource.type)) return functionDoors(world, inside, resource);
  return [];
}

function pathOf(
  to: Resource,
  { origin, certainty, how, shownBy, location }: Door,
  before: readonly string[],
): Path {
  return { origin, certainty, to, steps: [...before, `${to.label} ${how}`], shownBy, location };
}

function distinct(paths: readonly Path[]): Path[] {
  return [...new Map(paths.map((path) => [`${path.shownBy.key} ${path.steps.join()}`, path])).values()];
}

/** The load balancers that gateways of ours send requests to; those of other templates are left out. */
export function backendsOf(world: World): Resource[] {
  const { gateways } = insideOf(world, []);
  const named = [...gateways].flatMap(
    ({ properties, stack }) => world.references(listOf(properties['Body']), stack).resources,
  );
  return [...new Set(named)].filter(({ type }) => type === 'AWS::ElasticLoadBalancingV2::LoadBalancer');
}
