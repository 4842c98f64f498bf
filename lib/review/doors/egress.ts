import { type Fields, fieldsOf, listOf, type Resource } from '../model/template';
import type { World } from '../model/world';
import { carriedGroups, isHandedToNestedStack } from './places';
import {
  ALL_PORTS,
  isAnyProtocol,
  mayCarryRequests,
  overlap,
  type PortRange,
  portRangeOf,
  portsOverlap,
  rangeOf,
} from './ranges';

/** What is to be reached. */
export interface Destination {
  readonly groups: readonly string[];
  readonly ports: readonly PortRange[];
  /** Where its addresses lie; undefined unless the templates tell. */
  readonly subnets: readonly Resource[] | undefined;
  readonly isPublic: boolean;
}

/**
 * Whether the groups that `carrier` carries let it send to `destination`. False only where every one of them is here
 * and has rules that surely forbid it: what is not known is allowed.
 */
export function maySend(world: World, carrier: Resource, destination: Destination): boolean {
  const groups = carriedGroups(world, carrier);
  if (!groups) return true;

  return groups.some((id) => {
    const group = world.resources.find(({ key }) => key === id);
    const rules = group && rulesOf(world, group);
    return !rules || rules.some((rule) => mayAllow(world, rule, destination));
  });
}

interface EgressRule {
  readonly fields: Fields;
  readonly stack: string;
}

/** Undefined where the group lets everything out, as it does unless rules are written within it. */
function rulesOf(world: World, group: Resource): EgressRule[] | undefined {
  const inline = group.properties['SecurityGroupEgress'];
  if (listOf(inline).length === 0) return undefined;

  if (isHandedToNestedStack(world, group)) return undefined;

  // a rule of a group that only a deployment knows may be this one's
  const separate = world.ofType('AWS::EC2::SecurityGroupEgress').filter(({ properties, stack }) => {
    const { resources } = world.references(properties['GroupId'], stack);
    return resources.length === 0 || resources.includes(group);
  });
  return [
    ...listOf(inline).map((rule) => ({ fields: fieldsOf(rule), stack: group.stack })),
    ...separate.map(({ properties, stack }) => ({ fields: properties, stack })),
  ];
}

function mayAllow(world: World, { fields, stack }: EgressRule, destination: Destination): boolean {
  const { IpProtocol: protocol, FromPort, ToPort } = fields;
  if (!mayCarryRequests(protocol)) return false;
  const ports = isAnyProtocol(protocol) ? ALL_PORTS : (portRangeOf(FromPort, ToPort) ?? ALL_PORTS);
  if (!destination.ports.some((range) => portsOverlap(range, ports))) return false;

  const cidr = fields['CidrIp'] ?? fields['CidrIpv6'];
  if (cidr !== undefined) return mayHold(cidr, destination);
  const group = fields['DestinationSecurityGroupId'];
  if (group === undefined) return true;

  const { resources, unknown } = world.references(group, stack);
  const isKnown =
    unknown.length === 0 &&
    resources.length > 0 &&
    resources.every(({ type }) => type === 'AWS::EC2::SecurityGroup');
  return !isKnown || resources.some(({ key }) => destination.groups.includes(key));
}

/** Whether a range may hold an address of the destination's. */
function mayHold(cidr: unknown, { subnets, isPublic }: Destination): boolean {
  const range = rangeOf(cidr);
  if (!range || !subnets || isPublic) return true;

  return subnets.some(({ properties }) => {
    const { CidrBlock, Ipv6CidrBlock } = properties;
    const own = range[0].kind() === 'ipv4' ? CidrBlock : Ipv6CidrBlock;
    if (own === undefined) return range[0].kind() === 'ipv4';
    const known = rangeOf(own);
    return !known || overlap(range, known);
  });
}
