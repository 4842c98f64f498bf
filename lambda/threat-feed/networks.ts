import { containsCidr, mergeCidr } from 'cidr-tools';
import { IPv4, IPv6, isValidCIDR, parse, parseCIDR } from 'ipaddr.js';

/** Most networks an IP set holds (aws-facts 7.4). */
export const MAXIMUM_NETWORKS = 10_000;

/** Shorter prefixes are no attacker's network but a mistake. */
const SHORTEST_PREFIX = { ipv4: 10, ipv6: 20 } as const;

/** Kinds of addresses nobody on the internet calls from. ipaddr.js names them, for each family. */
const PUBLIC = 'unicast';

/** The longest way to write a network. */
const LONGEST_TEXT = 64;

/** IPv6 addresses are given out of 2000::/3 only. */
const PUBLIC_SHARE_OF_IPV6 = 2 ** -3;

export interface Networks {
  readonly ipv4: readonly string[];
  readonly ipv6: readonly string[];
}

export interface SharedNetworks extends Networks {
  /** How many a full set does not hold. */
  readonly leftOut: Readonly<Record<keyof Networks, number>>;
}

export type Verdict = { readonly network: string } | { readonly refused: string };

/** A network in canonical form, or why it may not be on a list. A single address is a network of one. */
export function judgeNetwork(text: string): Verdict {
  // a zone names an interface of somebody's machine
  if (text.length > LONGEST_TEXT || text.includes('%')) return { refused: 'is no network' };
  const isIpv6 = text.includes(':');
  const whole = text.includes('/') ? text : `${text}/${isIpv6 ? 128 : 32}`;
  if (!isValidCIDR(whole) || (!isIpv6 && !IPv4.isValidFourPartDecimal(whole.split('/', 1)[0] ?? ''))) {
    return { refused: 'is no network' };
  }

  const [address, prefix] = parseCIDR(whole);
  const kind = address.kind();
  if (prefix < SHORTEST_PREFIX[kind]) return { refused: 'is too large' };
  const first = kind === 'ipv4' ? IPv4.networkAddressFromCIDR(whole) : IPv6.networkAddressFromCIDR(whole);
  const last = kind === 'ipv4' ? IPv4.broadcastAddressFromCIDR(whole) : IPv6.broadcastAddressFromCIDR(whole);
  if (first.range() !== PUBLIC || last.range() !== PUBLIC) return { refused: 'is private or reserved' };

  return { network: `${first.toString()}/${prefix}` };
}

/** The networks as few as possible, by family, each family within what an IP set holds. */
export function aggregate(networks: readonly string[]): Networks {
  return limited(merged(networks));
}

/** The networks as few as possible, by family, however many they are. */
export function merged(networks: readonly string[]): Networks {
  const of = (isIpv6: boolean) => mergeCidr(networks.filter((text) => text.includes(':') === isIpv6));

  return { ipv4: of(false), ipv6: of(true) };
}

/** Where there are too many, the largest networks stay: each of them stands for most attackers. */
export function limited({ ipv4, ipv6 }: Networks): Networks {
  return { ipv4: largest(ipv4), ipv6: largest(ipv6) };
}

/**
 * The networks of several lists, each aggregated, as few as possible, by family. Where a set holds less, each list has
 * an equal share of it, and what one leaves goes to the others: a list that grows must not drive out another.
 */
export function sharedOut(lists: readonly (readonly string[])[]): SharedNetworks {
  const whole = merged(lists.flat());
  const of = (isIpv6: boolean) =>
    lists.map((list) => list.filter((network) => network.includes(':') === isIpv6));

  const ipv4 = fitting(whole.ipv4, of(false));
  const ipv6 = fitting(whole.ipv6, of(true));
  const leftOut = { ipv4: whole.ipv4.length - ipv4.length, ipv6: whole.ipv6.length - ipv6.length };
  return { ipv4, ipv6, leftOut };
}

function fitting(whole: readonly string[], lists: readonly (readonly string[])[]): readonly string[] {
  if (whole.length <= MAXIMUM_NETWORKS) return whole;

  let room = MAXIMUM_NETWORKS;
  const shares = [...lists]
    .sort((left, right) => left.length - right.length)
    .map((list, index) => {
      const share = largest(list, Math.floor(room / (lists.length - index)));
      room -= share.length;
      return share;
    });
  return mergeCidr(shares.flat());
}

/** Whether one network lies within the other, or is the other. */
export function contains(outer: string, inner: string): boolean {
  return outer.includes(':') === inner.includes(':') && containsCidr(outer, inner);
}

/** Share of the internet's addresses that networks without overlap hold, in the family of which they hold more. */
export function shareOfInternet({ ipv4, ipv6 }: Networks): number {
  return Math.max(shareOf(ipv4), shareOf(ipv6) / PUBLIC_SHARE_OF_IPV6);
}

function shareOf(networks: readonly string[]): number {
  return networks.reduce((sum, network) => sum + 2 ** -prefixOf(network), 0);
}

/** An address without its IPv6 spellings, that of IPv4 too; undefined where there is none. */
export function canonicalAddress(text: string): string | undefined {
  try {
    const address = parse(text);
    const isMapped = address instanceof IPv6 && address.isIPv4MappedAddress();
    return (isMapped ? address.toIPv4Address() : address).toString();
  } catch {
    return undefined;
  }
}

function largest(networks: readonly string[], most = MAXIMUM_NETWORKS): string[] {
  if (networks.length <= most) return [...networks];

  return [...networks].sort((left, right) => prefixOf(left) - prefixOf(right)).slice(0, most);
}

function prefixOf(network: string): number {
  return Number(network.split('/')[1]);
}
