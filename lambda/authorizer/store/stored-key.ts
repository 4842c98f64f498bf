import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';
import type { RateLimit } from '../../../lib/protocol/limits';

/** An API key as stored, made ready to compare with. */
export interface StoredKey {
  readonly hash: Buffer;
  readonly status: string;
  readonly tenant: string;
  readonly tier?: string;
  readonly planKey?: string;
  readonly activeAfter?: number;
  readonly expiresAt?: number;
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
  /** Absent: the key has none of its own. */
  readonly limit?: RateLimit;
  /** Absent: from anywhere. */
  readonly addresses?: Addresses;
}

interface Addresses {
  readonly ipv4: BlockList;
  readonly ipv6: BlockList;
}

type Item = Readonly<Record<string, unknown>>;

/** Throws where the item is not one we wrote: a key that cannot be read must not be guessed. */
export function toStoredKey(item: Item): StoredKey {
  return {
    hash: hashOf(item),
    status: required(item, 'status'),
    tenant: required(item, 'tenant'),
    tier: optional(item, 'tier', 'string'),
    planKey: optional(item, 'planKey', 'string'),
    activeAfter: optional(item, 'activeAfter', 'number'),
    expiresAt: optional(item, 'expiresAt', 'number'),
    scopes: strings(item, 'scopes') ?? [],
    roles: strings(item, 'roles') ?? [],
    limit: limitOf(item['limit']),
    addresses: addressesOf(strings(item, 'cidrs')),
  };
}

export function isAllowedFrom(address: string, { addresses }: StoredKey): boolean {
  if (addresses === undefined) return true;

  const { ipv4, ipv6 } = addresses;
  if (isIPv4(address)) return ipv4.check(address);
  // ::ffff:198.51.100.7 is 198.51.100.7
  return isIPv6(address) && (ipv4.check(address, 'ipv6') || ipv6.check(address, 'ipv6'));
}

function hashOf(item: Item): Buffer {
  const hash = required(item, 'hash');
  if (!/^[0-9a-f]{64}$/.test(hash)) throw malformed('hash');
  return Buffer.from(hash, 'hex');
}

function limitOf(value: unknown): RateLimit | undefined {
  if (value === undefined) return undefined;
  const { limit, perSeconds } = value as Readonly<Record<string, unknown>>;
  if (!isCount(limit) || !isCount(perSeconds)) throw malformed('limit');
  return { limit, perSeconds };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;
}

// an empty list is a list: a key that was cut off from every network is admitted from none
function addressesOf(cidrs: readonly string[] | undefined): Addresses | undefined {
  if (cidrs === undefined) return undefined;

  // apart, because one list takes every IPv4 address for a member of ::/0
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const cidr of cidrs) {
    const [network = '', bits = ''] = cidr.split('/');
    if (isIP(network) === 0 || !/^\d{1,3}$/.test(bits)) throw malformed('cidrs');
    const family = isIPv6(network) ? 'ipv6' : 'ipv4';
    lists[family].addSubnet(network, Number(bits), family);
  }
  return lists;
}

function required(item: Item, name: string): string {
  const value = item[name];
  if (typeof value !== 'string' || value === '') throw malformed(name);
  return value;
}

function optional(item: Item, name: string, type: 'string'): string | undefined;
function optional(item: Item, name: string, type: 'number'): number | undefined;
function optional(item: Item, name: string, type: string): unknown {
  const value = item[name];
  if (value !== undefined && (typeof value !== type || Number.isNaN(value))) throw malformed(name);
  return value;
}

function strings(item: Item, name: string): string[] | undefined {
  const value = item[name];
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every((entry) => typeof entry === 'string')) throw malformed(name);
  return value;
}

const malformed = (name: string) => new Error(`stored API key has a malformed attribute: ${name}`);
