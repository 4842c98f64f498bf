import type {
  DeniedNetwork,
  DenyAddRequest,
  DenyRemoveRequest,
  SetPair,
  ThreatFeedAnswer,
} from '../../lib/protocol/threat-feed';
import type { AuditEntry } from './feed-store';
import { aggregate, canonicalAddress, contains, judgeNetwork, MAXIMUM_NETWORKS, merged } from './networks';
import type { RefreshDependencies } from './refresh';

/** A year. */
const LONGEST = 366 * 24 * 60 * 60;
const LONGEST_TEXT = 256;

export interface DenyDependencies extends Pick<RefreshDependencies, 'writeSet' | 'log' | 'now'> {
  readonly store: {
    denied(now: number): Promise<DeniedNetwork[]>;
    deny(network: DeniedNetwork): Promise<void>;
    forgive(network: string): Promise<void>;
    audit(entry: AuditEntry): Promise<void>;
  };
}

/** Puts a network on the list of attackers for a time. */
export async function denyNetwork(
  request: DenyAddRequest,
  exempt: readonly string[],
  sets: SetPair,
  dependencies: DenyDependencies,
): Promise<ThreatFeedAnswer> {
  const verdict = judgeNetwork(String(request.network));
  if ('refused' in verdict) return refusal('INVALID_NETWORK', `${request.network} ${verdict.refused}`);
  const { network } = verdict;
  const fault = faultOf(request) ?? (request.force ? undefined : harmOf(network, request.ownAddress, exempt));
  if (fault) return fault;

  const { store, now } = dependencies;
  const { reason, by, forSeconds } = request;
  const at = now();
  if (isFull([...(await store.denied(at)).map((one) => one.network), network])) {
    return refusal('LIST_FULL', `more than ${MAXIMUM_NETWORKS} networks of a family cannot be denied`);
  }
  await store.audit({ change: 'add', network, reason, by, forced: request.force ?? false, at });
  await store.deny({ network, reason, by, createdAt: at, expiresAt: at + forSeconds });

  return { ok: true, denied: await writeAttackers(sets, dependencies) };
}

/** Takes a network off the list. */
export async function forgiveNetwork(
  { network: given, reason, by }: DenyRemoveRequest,
  sets: SetPair,
  dependencies: DenyDependencies,
): Promise<ThreatFeedAnswer> {
  const { store, now } = dependencies;
  const verdict = judgeNetwork(String(given));
  if ('refused' in verdict) return refusal('INVALID_NETWORK', `${given} ${verdict.refused}`);
  const { network } = verdict;
  const fault = anonymityOf({ reason, by });
  if (fault) return fault;
  const denied = await store.denied(now());
  if (!denied.some((one) => one.network === network)) {
    return refusal('NOT_DENIED', `${network} is not on the list`);
  }

  await store.audit({ change: 'remove', network, reason, by, forced: false, at: now() });
  await store.forgive(network);

  return { ok: true, denied: await writeAttackers(sets, dependencies) };
}

/** Writes the sets as the table has them by then, without what has expired; answers who is denied. */
export async function writeAttackers(
  sets: SetPair,
  { store, writeSet, now }: DenyDependencies,
): Promise<DeniedNetwork[]> {
  const wanted = async () => aggregate((await store.denied(now())).map(({ network }) => network));
  await writeSet(sets.ipv4, async () => (await wanted()).ipv4);
  await writeSet(sets.ipv6, async () => (await wanted()).ipv6);

  return store.denied(now());
}

function isFull(networks: readonly string[]): boolean {
  const { ipv4, ipv6 } = merged(networks);

  return Math.max(ipv4.length, ipv6.length) > MAXIMUM_NETWORKS;
}

function faultOf({ forSeconds, reason, by }: DenyAddRequest): ThreatFeedAnswer | undefined {
  if (!Number.isInteger(forSeconds) || forSeconds <= 0 || forSeconds > LONGEST) {
    return refusal('INVALID_DURATION', 'a network is denied for a time, of at most a year');
  }
  return anonymityOf({ reason, by });
}

/** Who changes the list without saying why, or in what a terminal would not show as it is. */
function anonymityOf(texts: Pick<DenyRemoveRequest, 'reason' | 'by'>): ThreatFeedAnswer | undefined {
  const isLine = (text: unknown) =>
    typeof text === 'string' && text.trim() !== '' && text.length <= LONGEST_TEXT && !/\p{Cc}/u.test(text);
  if (isLine(texts.reason) && isLine(texts.by)) return undefined;

  return refusal(
    'INVALID_REASON',
    `say why and who asks, in one line of at most ${LONGEST_TEXT} characters each`,
  );
}

/** Whom it would shut out who should not be. */
function harmOf(
  network: string,
  ownAddress: string | undefined,
  exempt: readonly string[],
): ThreatFeedAnswer | undefined {
  const own = ownAddress === undefined ? undefined : canonicalAddress(ownAddress);
  if (own === undefined) return refusal('OWN_ADDRESS_UNKNOWN', 'your own address is not known; use force');
  if (contains(network, own)) return refusal('OWN_ADDRESS', `${network} holds your own address; use force`);
  const met = exempt.find((one) => contains(network, one) || contains(one, network));

  return met === undefined
    ? undefined
    : refusal('EXEMPT_NETWORK', `${network} meets ${met}, which is exempt; use force`);
}

function refusal(code: string, message: string): ThreatFeedAnswer {
  return { ok: false, code, message };
}
