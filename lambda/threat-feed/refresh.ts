import {
  FEED_AGE_METRIC,
  FEED_NAMESPACE,
  type FeedConfiguration,
  type SetPair,
} from '../../lib/protocol/threat-feed';
import type { StoredFeed } from './feed-store';
import { aggregate } from './networks';
import { parseFeed } from './parse-feed';

export interface RefreshDependencies {
  readonly fetchFeed: (url: string) => Promise<string>;
  readonly store: {
    feed(name: string): Promise<StoredFeed | undefined>;
    saveFeed(name: string, feed: StoredFeed): Promise<void>;
  };
  readonly writeSet: (
    set: SetPair['ipv4'],
    wanted: (present: readonly string[]) => readonly string[],
  ) => Promise<boolean>;
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
  /** Seconds of Unix time. */
  readonly now: () => number;
  /** Tells the metrics of two gateways apart. */
  readonly functionName: string;
}

/** A list that lost more than this share of its networks is not believed. */
const LARGEST_LOSS = 0.5;

/**
 * Fetches every feed and writes the sets. A feed that fails keeps the last list it gave; one that has never given
 * any keeps what the sets hold.
 */
export async function refreshFeeds(
  feeds: readonly FeedConfiguration[],
  sets: SetPair,
  forced: readonly string[],
  dependencies: RefreshDependencies,
): Promise<void> {
  const lists = await Promise.all(
    feeds.map((feed) => currentList(feed, forced.includes(feed.name), dependencies)),
  );
  const known = lists.flatMap((list) => list ?? []);
  const isComplete = lists.every((list) => list !== undefined);
  const { ipv4, ipv6 } = aggregate(known);
  const wanted = (fresh: readonly string[], family: 'ipv4' | 'ipv6') => (present: readonly string[]) =>
    isComplete ? fresh : aggregate([...known, ...present])[family];

  // one after the other: should the second fail, the first is written
  await dependencies.writeSet(sets.ipv4, wanted(ipv4, 'ipv4'));
  await dependencies.writeSet(sets.ipv6, wanted(ipv6, 'ipv6'));
}

/** The feed's new list, or the last good one; undefined if there has never been any. */
async function currentList(
  feed: FeedConfiguration,
  isForced: boolean,
  { fetchFeed, store, log, now, functionName }: RefreshDependencies,
): Promise<readonly string[] | undefined> {
  const last = await store.feed(feed.name);
  try {
    const { networks, refused } = parseFeed(await fetchFeed(feed.url), feed.format);
    if (last && !isForced && networks.length < last.networks.length * LARGEST_LOSS) {
      throw new Error(`the list shrank from ${last.networks.length} networks to ${networks.length}`);
    }
    await store.saveFeed(feed.name, { networks, updatedAt: now() });
    log({
      ...metrics(functionName, feed.name, 0, networks.length, now()),
      level: 'info',
      message: 'feed taken',
      refused,
    });

    return networks;
  } catch (error) {
    const age = last ? now() - last.updatedAt : undefined;
    const count = last?.networks.length ?? 0;
    log({
      ...(age === undefined ? { Feed: feed.name } : metrics(functionName, feed.name, age, count, now())),
      level: 'error',
      message: 'feed not taken; its last good list stays',
      reason: error instanceof Error ? error.message : String(error),
    });

    return last?.networks;
  }
}

/** In CloudWatch's embedded metric format: counting costs no call and no permission. */
function metrics(
  functionName: string,
  feed: string,
  age: number,
  count: number,
  now: number,
): Record<string, unknown> {
  return {
    _aws: {
      Timestamp: now * 1000,
      CloudWatchMetrics: [
        {
          Namespace: FEED_NAMESPACE,
          Dimensions: [['Function', 'Feed']],
          Metrics: [
            { Name: FEED_AGE_METRIC, Unit: 'Seconds' },
            { Name: 'FeedNetworks', Unit: 'Count' },
          ],
        },
      ],
    },
    Function: functionName,
    Feed: feed,
    [FEED_AGE_METRIC]: age,
    FeedNetworks: count,
  };
}
