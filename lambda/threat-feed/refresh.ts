import {
  FEED_AGE_METRIC,
  FEED_NAMESPACE,
  type FeedConfiguration,
  type SetPair,
  type SetReference,
} from '../../lib/protocol/threat-feed';
import type { StoredFeed } from './feed-store';
import type { Wanted } from './ip-sets';
import { aggregate, type Networks } from './networks';
import { parseFeed } from './parse-feed';

export interface RefreshDependencies {
  readonly fetchFeed: (url: string) => Promise<string>;
  readonly store: {
    feed(name: string): Promise<StoredFeed | undefined>;
    saveFeed(name: string, feed: StoredFeed): Promise<void>;
  };
  readonly writeSet: (set: SetReference, wanted: Wanted) => Promise<boolean>;
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
  await Promise.all(feeds.map((feed) => takeFeed(feed, forced.includes(feed.name), dependencies)));

  const { store, writeSet } = dependencies;
  // one after the other: should the second fail, the first is written
  await writeSet(sets.ipv4, async (present) => (await wantedOf(feeds, present, store)).ipv4);
  await writeSet(sets.ipv6, async (present) => (await wantedOf(feeds, present, store)).ipv6);
}

/** As the table has the lists by then: another run may have taken a newer one meanwhile. */
async function wantedOf(
  feeds: readonly FeedConfiguration[],
  present: readonly string[],
  store: RefreshDependencies['store'],
): Promise<Networks> {
  const lists = await Promise.all(feeds.map(({ name }) => store.feed(name)));
  const known = lists.flatMap((list) => list?.networks ?? []);
  const isComplete = lists.every((list) => list !== undefined);

  return aggregate(isComplete ? known : [...known, ...present]);
}

/** Puts the feed's new list into the table, if it is to be believed. */
async function takeFeed(
  feed: FeedConfiguration,
  isForced: boolean,
  { fetchFeed, store, log, now, functionName }: RefreshDependencies,
): Promise<void> {
  const last = await store.feed(feed.name);
  try {
    const { count, networks, refused } = parseFeed(await fetchFeed(feed.url), feed.format, isForced);
    if (last && !isForced && count < last.count * LARGEST_LOSS) {
      throw new Error(`the list shrank from ${last.count} networks to ${count}`);
    }
    await store.saveFeed(feed.name, {
      networks: [...networks.ipv4, ...networks.ipv6],
      count,
      updatedAt: now(),
    });
    log({
      ...metrics(functionName, feed.name, 0, count, now()),
      level: 'info',
      message: 'feed taken',
      refused,
    });
  } catch (error) {
    const age = last ? now() - last.updatedAt : undefined;
    log({
      ...(age === undefined
        ? { Feed: feed.name }
        : metrics(functionName, feed.name, age, last?.count ?? 0, now())),
      level: 'error',
      message: 'feed not taken; its last good list stays',
      reason: error instanceof Error ? error.message : String(error),
    });
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
