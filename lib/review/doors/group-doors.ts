import type { Resource } from '../model/template';
import type { World } from '../model/world';
import { certain, type Door, unknown } from './door';
import { type Destination, maySend } from './egress';
import { type Inside, isInside } from './inside';
import { areKeptOut, isOutside } from './network-acls';
import { subnetsOf } from './places';
import { ALL_PORTS, commonPorts, isPublicRange, type PortRange, rangeOf } from './ranges';
import {
  carriersOf,
  foreignGroups,
  groupIds,
  type Ingress,
  ingressInto,
  strayRules,
} from './security-groups';

export interface GroupDoorsOptions {
  readonly groups: readonly string[];
  /** Whether the resource has an address on the internet. */
  readonly isPublic: boolean;
  /** Ports the resource listens at; undefined for any. */
  readonly ports?: readonly PortRange[];
  /** Where its addresses lie; undefined unless the templates tell. */
  readonly subnets: readonly Resource[] | undefined;
}

/** The ways that security groups open into a resource which carries them. */
export function groupDoors(world: World, inside: Inside, options: GroupDoorsOptions): Door[] {
  const handedOn = world
    .ofType('AWS::CloudFormation::Stack')
    .filter(({ properties, stack }) =>
      groupIds(world, properties['Parameters'], stack).some((id) => options.groups.includes(id)),
    )
    .map((nested) =>
      unknown({
        how: 'has a group that is handed to a nested stack',
        shownBy: nested,
        location: 'Properties.Parameters',
      }),
    );
  const admitted = ingressInto(world, options.groups).flatMap((ingress) => {
    const { ports: own = ALL_PORTS } = ingress;
    const ports = (options.ports ?? [ALL_PORTS]).flatMap((range) => commonPorts(range, own));
    return ports.length === 0 ? [] : doorsOf(world, inside, ingress, { ...options, ports });
  });
  return [...handedOn, ...admitted];
}

/** Groups whose rules the templates do not tell. */
export function foreignGroupDoors(world: World, holder: Resource, value: unknown, location: string): Door[] {
  return foreignGroups(world, value, holder.stack).map((name) =>
    unknown({
      how: `carries the security group ${name}, whose rules are not here`,
      shownBy: holder,
      location,
    }),
  );
}

/** Rules that may be for any group, as `doorsOf` sees them. */
export function strayDoors(world: World, inside: Inside, options: GroupDoorsOptions): Door[] {
  const destination = { ...options, ports: options.ports ?? [ALL_PORTS] };
  return strayRules(world)
    .flatMap((rule) => doorsOf(world, inside, rule, destination))
    .map(({ how, shownBy, location }) =>
      unknown({ how: `${how}, if that rule is for its group`, shownBy, location }),
    );
}

function doorsOf(world: World, inside: Inside, ingress: Ingress, destination: Destination): Door[] {
  const { source, shownBy, location } = ingress;
  const { isPublic, subnets, ports } = destination;
  switch (source.kind) {
    case 'cidr': {
      const range = rangeOf(source.cidr);
      const isElsewhere = range && subnets && isOutside(range, subnets);
      if (isElsewhere && areKeptOut(world, [range], subnets, ports)) return [];
      const fromInternet = isPublic && isPublicRange(range);
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
      return throughGroup(world, inside, ingress, source, destination);
  }
}

function throughGroup(
  world: World,
  inside: Inside,
  { shownBy, location }: Ingress,
  { id, group }: { readonly id: string; readonly group?: Resource },
  destination: Destination,
): Door[] {
  const name = group?.label ?? id;
  const carriers = carriersOf(world, id);
  const outsiders = carriers.filter((carrier) => !isInside(inside, carrier));
  if (outsiders.length > 0) {
    const able = outsiders.filter(
      (carrier) => maySend(world, carrier, destination) && !isCutOff(world, carrier, destination),
    );
    return able.map((through) =>
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

/** Whether network ACLs keep everything that stands where `carrier` does out of the destination. */
function isCutOff(world: World, carrier: Resource, { subnets, ports, isPublic }: Destination): boolean {
  const places = subnetsOf(world, carrier);
  if (!places || !subnets || isPublic || places.some((place) => subnets.includes(place))) return false;

  const sources = places.map(({ properties: { CidrBlock, Ipv6CidrBlock } }) =>
    Ipv6CidrBlock === undefined ? rangeOf(CidrBlock) : undefined,
  );
  const known = sources.filter((source) => source !== undefined);
  return known.length === sources.length && areKeptOut(world, known, subnets, ports);
}
