import type { FeedFormat } from '../../lib/protocol/threat-feed';
import { judgeNetwork, limited, merged, type Networks, shareOfInternet } from './networks';

/** More lines than this that are no networks: the list is something else, an error page for example. */
const TOLERATED_GARBAGE = 0.1;

/** A list that names more of the internet than this was not made by who it is said to be. */
const MAXIMUM_SHARE = 1 / 32;

/** Ten times what a set holds. More is no list for AWS WAF, and takes a function minutes to aggregate. */
const MAXIMUM_CANDIDATES = 100_000;

export interface ParsedFeed {
  /** How many networks it names, each counted once. */
  readonly count: number;
  /** They, aggregated, as many as a set holds. */
  readonly networks: Networks;
  /** How many lines were left out, by reason. */
  readonly refused: Readonly<Record<string, number>>;
}

/** Reads a feed; throws where it cannot be trusted as a whole. By force it may be empty, and nothing else. */
export function parseFeed(text: string, format: FeedFormat, isForced = false): ParsedFeed {
  const candidates = candidatesOf(linesOf(text), format);
  if (candidates.length > MAXIMUM_CANDIDATES) {
    throw new Error(`the list names ${candidates.length} networks, more than ${MAXIMUM_CANDIDATES}`);
  }
  const networks = new Set<string>();
  const refused: Record<string, number> = {};
  for (const candidate of candidates) {
    const verdict = judgeNetwork(candidate);
    if ('network' in verdict) networks.add(verdict.network);
    else refused[verdict.refused] = (refused[verdict.refused] ?? 0) + 1;
  }
  if ((refused['is no network'] ?? 0) > candidates.length * TOLERATED_GARBAGE) {
    throw new Error('the list holds something else than networks');
  }
  if (networks.size === 0 && !isForced) throw new Error('the list is empty');
  const whole = merged([...networks]);
  if (shareOfInternet(whole) > MAXIMUM_SHARE) {
    throw new Error('the list names too much of the internet');
  }

  return { count: networks.size, networks: limited(whole), refused };
}

function linesOf(text: string): string[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function candidatesOf(lines: readonly string[], format: FeedFormat): string[] {
  switch (format.kind) {
    case 'lines':
      return lines.map((line) => (line.split(/[#;]/, 1)[0] ?? '').trim()).filter((line) => line !== '');
    case 'exitAddresses':
      return exitAddresses(lines);
    case 'jsonLines':
      return jsonLines(lines, format.field);
  }
}

/** Tor writes four lines for each exit, or, in its short list, the address alone. */
function exitAddresses(lines: readonly string[]): string[] {
  const isLong = lines.some((line) => line.startsWith('ExitNode '));
  if (!isLong) return lines.filter((line) => !line.startsWith('#'));

  return lines.flatMap((line) => {
    const [keyword, address] = line.split(/\s+/);
    return keyword === 'ExitAddress' && address ? [address] : [];
  });
}

/** The last line of Spamhaus's lists is about the list: it says how many records there must be. */
function jsonLines(lines: readonly string[], field: string): string[] {
  const candidates: string[] = [];
  let announced: number | undefined;
  for (const line of lines) {
    const record = objectOf(line);
    const value = record[field];
    if (record['type'] === 'metadata') announced = numberOf(record['records']);
    else candidates.push(typeof value === 'string' ? value : '');
  }
  if (announced !== undefined && announced !== candidates.length) {
    throw new Error('the list is not whole');
  }

  return candidates;
}

function objectOf(line: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(line));
  } catch {
    return {};
  }
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
