import type { Resource } from '../model/template';
import type { World } from '../model/world';
import { certain, type Door, unknown } from './door';
import { type Inside, isInside } from './inside';
import { carriersOf, type Ingress, ingressInto, isPublicRange } from './security-groups';

export interface GroupDoorsOptions {
  readonly groups: readonly string[];
  /** Whether the resource has an address on the internet. */
  readonly isPublic: boolean;
  /** Ports the resource listens at; undefined for any. */
  readonly ports?: readonly number[];
}

/** The ways that security groups open into a resource which carries them. */
export function groupDoors(world: World, inside: Inside, options: GroupDoorsOptions): Door[] {
  const { groups, ports, isPublic } = options;

  return ingressInto(world, groups)
    .filter((ingress) => !ports || ports.some((port) => admits(ingress, port)))
    .flatMap((ingress) => doorsOf(world, inside, ingress, isPublic));
}

function doorsOf(world: World, inside: Inside, ingress: Ingress, isPublic: boolean): Door[] {
  const { source, shownBy, location } = ingress;
  switch (source.kind) {
    case 'cidr': {
      const fromInternet = isPublic && isPublicRange(source.cidr);
      return [
        certain({
          origin: fromInternet ? 'internet' : 'network',
          how: `admits addresses in ${source.cidr}`,
          shownBy,
          location,
        }),
      ];
    }
    case 'prefixList':
      return [unknown({ how: 'admits the addresses of a prefix list', shownBy, location })];
    case 'unknown':
      return [unknown({ how: `admits ${source.what}`, shownBy, location })];
    case 'group':
      return throughGroup(world, inside, ingress, source);
  }
}

function throughGroup(
  world: World,
  inside: Inside,
  { shownBy, location }: Ingress,
  { id, group }: { readonly id: string; readonly group?: Resource },
): Door[] {
  const name = group?.label ?? id;
  const carriers = carriersOf(world, id);
  const outsiders = carriers.filter((carrier) => !isInside(inside, carrier));
  if (outsiders.length > 0) {
    return outsiders.map((through) =>
      certain({
        origin: 'group',
        how: `admits the security group ${name}, which ${through.label} carries`,
        shownBy,
        location,
        through,
      }),
    );
  }
  // one of ours carries it, and nobody else here
  if (carriers.length > 0) return [];

  const how = `admits the security group ${name}`;
  // who carries a group of another template cannot be told here
  return [group ? certain({ origin: 'group', how, shownBy, location }) : unknown({ how, shownBy, location })];
}

function admits({ ports }: Ingress, port: number): boolean {
  return !ports || (ports.from <= port && port <= ports.to);
}
