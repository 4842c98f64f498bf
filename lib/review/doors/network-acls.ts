import type { Fields, Resource } from '../model/template';
import type { World } from '../model/world';
import { isHandedToNestedStack } from './places';
import {
  type AddressRange,
  ALL_PORTS,
  carriesRequests,
  common,
  commonPorts,
  contains,
  isAnyProtocol,
  isPublicRange,
  mayCarryRequests,
  overlap,
  type PortRange,
  portRangeOf,
  rangeOf,
} from './ranges';

/** Ports that clients send from, and answers go to. */
const ANSWER_PORTS: PortRange = { from: 1_024, to: 65_535 };

const ANYWHERE = ['0.0.0.0/0', '::/0'].map(rangeOf).filter((range) => range !== undefined);

/** Whether network ACLs keep the internet out of every one of `subnets`; false unless the templates tell. */
export function isInternetKeptOut(
  world: World,
  subnets: readonly Resource[] | undefined,
  ports: readonly PortRange[] = [ALL_PORTS],
): boolean {
  return areKeptOut(world, ANYWHERE, subnets, ports);
}

/**
 * Whether network ACLs keep requests from these addresses out of every one of `subnets`, or answers in.
 *
 * False unless the templates tell: subnets have an ACL that lets everything through until another is associated.
 * Within a subnet no ACL holds, so an address of the subnet's own is never kept out.
 */
export function areKeptOut(
  world: World,
  sources: readonly AddressRange[],
  subnets: readonly Resource[] | undefined,
  ports: readonly PortRange[],
): boolean {
  if (!subnets || subnets.length === 0) return false;

  return subnets.every((subnet) => {
    const entries = entriesOf(world, subnet);
    if (!entries) return false;
    return sources.every(
      (source) =>
        !ports.some((range) => mayPass(entries.inbound, source, range)) ||
        !mayPass(entries.outbound, source, ANSWER_PORTS),
    );
  });
}

/** Whether a range surely lies outside every one of `subnets`. */
export function isOutside(range: AddressRange, subnets: readonly Resource[]): boolean {
  return subnets.every(({ properties: { CidrBlock, Ipv6CidrBlock } }) =>
    [CidrBlock, Ipv6CidrBlock].every((own) => {
      if (own === undefined) return true;
      const known = rangeOf(own);
      return known !== undefined && !overlap(known, range);
    }),
  );
}

interface Entries {
  readonly inbound: readonly Fields[];
  readonly outbound: readonly Fields[];
}

/** Of the one ACL that is associated with the subnet here, in the order of their numbers. */
function entriesOf(world: World, subnet: Resource): Entries | undefined {
  const associations = world
    .referrersOf(subnet)
    .filter(({ type }) => type === 'AWS::EC2::SubnetNetworkAclAssociation');
  const [association, ...others] = associations;
  if (!association || others.length > 0 || association.isConditional) return undefined;
  const [acl] = world.references(association.properties['NetworkAclId'], association.stack).resources;
  if (acl?.type !== 'AWS::EC2::NetworkAcl') return undefined;
  if (hasStrays(world) || isHandedToNestedStack(world, acl)) return undefined;

  const entries = world
    .referrersOf(acl)
    .filter(({ type }) => type === 'AWS::EC2::NetworkAclEntry')
    // one that may not be there denies nothing
    .filter(({ isConditional, properties }) => !isConditional || properties['RuleAction'] !== 'deny')
    .map(({ properties }) => properties)
    .sort((left, right) => Number(left['RuleNumber']) - Number(right['RuleNumber']));
  const isOutbound = ({ Egress }: Fields) => String(Egress) === 'true';
  // of what is in no order known here, nothing can be said
  if (entries.some(({ RuleNumber }) => !Number.isFinite(Number(RuleNumber)))) return undefined;
  return { inbound: entries.filter((one) => !isOutbound(one)), outbound: entries.filter(isOutbound) };
}

/** Whether an association or entry is for a subnet or ACL that only a deployment knows: it may be for any. */
function hasStrays(world: World): boolean {
  return world
    .ofType('AWS::EC2::SubnetNetworkAclAssociation', 'AWS::EC2::NetworkAclEntry')
    .some(({ properties, stack }) => {
      const { resources } = world.references([properties['SubnetId'] ?? properties['NetworkAclId']], stack);
      return resources.length === 0;
    });
}

/** Whether an entry may allow a part of `source` that no entry before it denies as a whole. */
function mayPass(entries: readonly Fields[], source: AddressRange, ports: PortRange): boolean {
  return entries.some((entry, index) => {
    if (entry['RuleAction'] === 'deny' || !mayCarryRequests(entry['Protocol'])) return false;
    const range = rangeOf(cidrOf(entry));
    if (range && !overlap(range, source)) return false;
    // anywhere means the internet, not the private networks that its range holds as well
    if (ANYWHERE.includes(source) && !isPublicRange(range)) return false;
    const [shared] = commonPorts(portsOf(entry) ?? ALL_PORTS, ports);
    if (!shared) return false;

    const part = range ? common(range, source) : source;
    return !entries.slice(0, index).some((before) => denies(before, part, shared));
  });
}

function denies(entry: Fields, part: AddressRange, ports: PortRange): boolean {
  const range = rangeOf(cidrOf(entry));
  const closed = portsOf(entry);
  return (
    entry['RuleAction'] === 'deny' &&
    carriesRequests(entry['Protocol']) &&
    range !== undefined &&
    contains(range, part) &&
    closed !== undefined &&
    closed.from <= ports.from &&
    ports.to <= closed.to
  );
}

const cidrOf = (entry: Fields) => entry['CidrBlock'] ?? entry['Ipv6CidrBlock'];

/** Undefined where only a deployment knows. */
function portsOf({ Protocol, PortRange: range }: Fields): PortRange | undefined {
  if (isAnyProtocol(Protocol)) return ALL_PORTS;
  const { From, To } = (range ?? {}) as Fields;
  return portRangeOf(From, To);
}
