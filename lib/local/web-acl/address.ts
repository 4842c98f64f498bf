import * as ipaddr from 'ipaddr.js';

/** An address as a number in its family; IPv4 within IPv6 counts as IPv4. */
export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
  /** The address in its usual form. */
  readonly normal: string;
}

/** Reads an address; undefined where there is none. */
export function parseAddress(text: string): Address | undefined {
  const address = text.trim();
  if (!ipaddr.isValid(address)) return undefined;
  if (!address.includes(':') && !ipaddr.IPv4.isValidFourPartDecimal(address)) return undefined;
  const parsed = ipaddr.process(address);

  return {
    family: parsed.kind() === 'ipv4' ? 4 : 6,
    value: numberOf(parsed.toByteArray()),
    normal: parsed.toString(),
  };
}

/** A set of networks that answers in the time of a binary search. */
export class AddressSet {
  private readonly families: Readonly<Record<4 | 6, Ranges>>;

  constructor(networks: readonly string[]) {
    const ranges = networks.flatMap((network) => rangeOf(network));
    this.families = {
      4: merged(ranges.filter(({ family }) => family === 4)),
      6: merged(ranges.filter(({ family }) => family === 6)),
    };
  }

  public has({ family, value }: Address): boolean {
    const { starts, ends } = this.families[family];
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] ?? 0n) <= value) low = middle + 1;
      else high = middle;
    }

    return low > 0 && value <= (ends[low - 1] ?? -1n);
  }
}

interface Ranges {
  readonly starts: readonly bigint[];
  readonly ends: readonly bigint[];
}

interface Range {
  readonly family: 4 | 6;
  readonly start: bigint;
  readonly end: bigint;
}

function rangeOf(network: string): Range[] {
  const [text = '', length] = network.split('/');
  if (!ipaddr.isValid(text)) return [];
  const parsed = ipaddr.parse(text);
  const family = parsed.kind() === 'ipv4' ? 4 : 6;
  const bits = family === 4 ? 32 : 128;
  const prefix = length === undefined ? bits : Number(length);
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > bits) return [];
  const size = 1n << BigInt(bits - prefix);
  const start = (numberOf(parsed.toByteArray()) / size) * size;

  return [{ family, start, end: start + size - 1n }];
}

function merged(ranges: readonly Range[]): Ranges {
  const starts: bigint[] = [];
  const ends: bigint[] = [];
  for (const { start, end } of [...ranges].sort((left, right) => (left.start < right.start ? -1 : 1))) {
    const last = ends.at(-1);
    if (last !== undefined && start <= last + 1n) {
      if (end > last) ends[ends.length - 1] = end;
    } else {
      starts.push(start);
      ends.push(end);
    }
  }

  return { starts, ends };
}

function numberOf(bytes: readonly number[]): bigint {
  return bytes.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n);
}
