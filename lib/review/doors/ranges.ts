import * as ipaddr from 'ipaddr.js';

/** A range of addresses, and how many of its bits are fixed. */
export type AddressRange = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Undefined where the text is none, or only a deployment knows it. */
export function rangeOf(cidr: unknown): AddressRange | undefined {
  return typeof cidr === 'string' && ipaddr.isValidCIDR(cidr) ? ipaddr.parseCIDR(cidr) : undefined;
}

/** Whether every address of `inner` is one of `outer`. */
export function contains([outer, outerBits]: AddressRange, [inner, innerBits]: AddressRange): boolean {
  return outer.kind() === inner.kind() && outerBits <= innerBits && inner.match(outer, outerBits);
}

/** Ranges lie within one another or apart. */
export function overlap(one: AddressRange, other: AddressRange): boolean {
  return contains(one, other) || contains(other, one);
}

const PRIVATE = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '127.0.0.0/8',
  'fc00::/7',
  'fe80::/10',
  '::1/128',
]
  .map(rangeOf)
  .filter((range) => range !== undefined);

/** Whether a range holds addresses of the internet; one that is not known may. */
export function isPublicRange(range: AddressRange | undefined): boolean {
  return !range || !PRIVATE.some((own) => contains(own, range));
}

/** The smaller of two ranges that overlap. */
export function common(one: AddressRange, other: AddressRange): AddressRange {
  return contains(one, other) ? other : one;
}

/** Ports from one to another, both counted. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

export const ALL_PORTS: PortRange = { from: 0, to: 65_535 };

/** The ports of both; none where they have none in common. */
export function commonPorts(one: PortRange, other: PortRange): PortRange[] {
  const shared = { from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) };
  return shared.from <= shared.to ? [shared] : [];
}

export function portsOverlap(one: PortRange, other: PortRange): boolean {
  return commonPorts(one, other).length > 0;
}

/** As rules write them, by number or text; undefined where only a deployment knows. */
export function portRangeOf(from: unknown, to: unknown): PortRange | undefined {
  const [first, last] = [from, to].map((port) => (typeof port === 'string' ? Number(port) : port));
  const isKnown = Number.isInteger(first) && Number.isInteger(last);
  return isKnown ? { from: Number(first), to: Number(last) } : undefined;
}

const ANY_PROTOCOL = '-1';
const ICMP = ['1', '58', 'icmp', 'icmpv6'];
const TCP = ['6', 'tcp'];

/** Whether a rule's protocol may be one that requests come by. */
export function mayCarryRequests(protocol: unknown): boolean {
  return !ICMP.includes(String(protocol).toLowerCase());
}

/** Whether a rule's protocol is surely one that requests come by. */
export function carriesRequests(protocol: unknown): boolean {
  return isAnyProtocol(protocol) || TCP.includes(String(protocol).toLowerCase());
}

export function isAnyProtocol(protocol: unknown): boolean {
  return String(protocol) === ANY_PROTOCOL;
}
