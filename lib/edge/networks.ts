import * as ipaddr from 'ipaddr.js';
import type { Problem } from '../errors';

/** Networks of both families, in canonical form. */
export interface Networks {
  readonly ipv4: readonly string[];
  readonly ipv6: readonly string[];
}

/** Most networks an IP set holds (aws-facts 7.4). */
export const MAXIMUM_NETWORKS = 10_000;

/**
 * Sorts networks and single addresses by family, each once.
 *
 * `/0` is refused: AWS takes it in no IP set, and it is never meant.
 */
export function parseNetworks(given: readonly string[], at: string, problems: Problem[]): Networks {
  const parsed = given.flatMap((text) => parseNetwork(text, at, problems));
  const family = (kind: 'ipv4' | 'ipv6') => [
    ...new Set(parsed.filter((network) => network.kind === kind).map(({ text }) => text)),
  ];

  return { ipv4: family('ipv4'), ipv6: family('ipv6') };
}

function parseNetwork(text: string, at: string, problems: Problem[]) {
  const network = canonicalNetwork(text);
  if (network) return [network];

  problems.push({
    code: 'INVALID_NETWORK',
    at,
    message: `'${text}' is no network or address AWS WAF takes`,
    remedy: "write for example '192.0.2.0/24' or '2001:db8::/32', with a prefix length above 0",
  });

  return [];
}

/** The network with its host bits cleared; undefined where there is none. */
export function canonicalNetwork(text: string): { kind: 'ipv4' | 'ipv6'; text: string } | undefined {
  const [address = '', length] = text.split('/');
  if (!ipaddr.isValid(address) || (address.includes('.') && !ipaddr.IPv4.isValidFourPartDecimal(address))) {
    return undefined;
  }

  const parsed = ipaddr.parse(address);
  const kind = parsed.kind();
  // AWS WAF sees callers over IPv4 as such: neither these nor zones would ever match
  if (address.includes('%') || (parsed instanceof ipaddr.IPv6 && parsed.range() === 'ipv4Mapped')) {
    return undefined;
  }
  const whole = length === undefined ? text.concat(kind === 'ipv4' ? '/32' : '/128') : text;
  if (!ipaddr.isValidCIDR(whole) || ipaddr.parseCIDR(whole)[1] === 0) return undefined;

  const prefix = ipaddr.parseCIDR(whole)[1];
  const network =
    kind === 'ipv4' ? ipaddr.IPv4.networkAddressFromCIDR(whole) : ipaddr.IPv6.networkAddressFromCIDR(whole);

  return { kind, text: `${network.toString()}/${prefix}` };
}

/** Where callers on the internet have their addresses: unicast IPv4, and the part of IPv6 that is given out. */
const INTERNET = {
  ipv4: ['1.0.0.0', '223.255.255.255'],
  ipv6: ['2000::', '3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
} as const;

/** The families of which the networks together hold the whole internet. */
export function wholeInternet(networks: Networks): ('ipv4' | 'ipv6')[] {
  return (['ipv4', 'ipv6'] as const).filter((kind) => {
    const [first, last] = INTERNET[kind];
    let next = numberOf(first);
    for (const { start, end } of networks[kind]
      .map(rangeOf)
      .sort((one, other) => (one.start < other.start ? -1 : 1))) {
      if (start > next) return false;
      if (end >= next) next = end + 1n;
    }

    return next > numberOf(last);
  });
}

function rangeOf(network: string): { start: bigint; end: bigint } {
  const [address = '', length] = network.split('/');
  const start = numberOf(address);
  const bits = address.includes(':') ? 128 : 32;

  return { start, end: start + (1n << BigInt(bits - Number(length))) - 1n };
}

function numberOf(address: string): bigint {
  return ipaddr
    .parse(address)
    .toByteArray()
    .reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}
