import {
  FEED_AGE_METRIC,
  FEED_NAMESPACE,
  type FeedConfiguration,
  type FeedNotTaken,
  type SetPair,
  type SetReference,
} from '../../lib/protocol/threat-feed';
import type { StoredFeed } from './feed-store';
import type { Wanted } from './ip-sets';
import { type SharedNetworks, sharedOut } from './networks';
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

/** A loss is measured by the most of so long: one in small steps is a loss too. */
const PEAK_SECONDS = 7 * 24 * 60 * 60;

/**
 * Fetches every feed and writes the sets. A feed that fails keeps the last list it gave; one that has never given
 * any keeps what the sets hold. Answers which were not taken, and why.
 */
export async function refreshFeeds(
  feeds: readonly FeedConfiguration[],
  sets: SetPair,
  forced: readonly string[],
  dependencies: RefreshDependencies,
): Promise<FeedNotTaken[]> {
  const { log, functionName, now } = dependencies;
  const reports = await Promise.all(
    feeds.map((feed) => takeFeed(feed, forced.includes(feed.name), dependencies)),
  );
  for (const { line, feed } of reports) log({ ...line, Feed: feed });

  await writeFeeds(feeds, sets, dependencies);
  // a list that is not in force is not fresh, and the alarm hears nothing
  for (const { feed, age, count } of reports) {
    if (age !== undefined) log(metrics(functionName, feed, age, count, now()));
  }
  return reports.flatMap(({ feed, reason }) => (reason === undefined ? [] : [{ feed, reason }]));
}

/** Writes the sets as the table has the lists. */
export async function writeFeeds(
  feeds: readonly FeedConfiguration[],
  sets: SetPair,
  { store, writeSet, log }: Pick<RefreshDependencies, 'store' | 'writeSet' | 'log'>,
): Promise<void> {
  // one after the other: should the second fail, the first is written
  const leftOut = { ipv4: 0, ipv6: 0 };
  for (const family of ['ipv4', 'ipv6'] as const) {
    await writeSet(sets[family], async (present) => {
      const wanted = await wantedOf(feeds, present, store);
      leftOut[family] = wanted.leftOut[family];
      return wanted[family];
    });
  }
  if (leftOut.ipv4 + leftOut.ipv6 > 0) log({ level: 'warn', message: 'feeds share full sets', leftOut });
}

/** What became of a feed. */
interface Report {
  readonly feed: string;
  readonly line: Readonly<Record<string, unknown>>;
  /** Why it was not taken, if so. */
  readonly reason?: string;
  /** Of its last good list, in seconds; undefined if there is none. */
  readonly age: number | undefined;
  readonly count: number;
}

/** As the table has the lists by then: another run may have taken a newer one meanwhile. */
async function wantedOf(
  feeds: readonly FeedConfiguration[],
  present: readonly string[],
  store: RefreshDependencies['store'],
): Promise<SharedNetworks> {
  const lists = await Promise.all(feeds.map(({ name }) => store.feed(name)));
  const known = lists.map((list) => list?.networks ?? []);
  const isComplete = lists.every((list) => list !== undefined);

  return sharedOut(isComplete ? known : [...known, present]);
}

/** Puts the feed's new list into the table, if it is to be believed. */
async function takeFeed(
  feed: FeedConfiguration,
  isForced: boolean,
  { fetchFeed, store, now }: RefreshDependencies,
): Promise<Report> {
  const last = await store.feed(feed.name);
  try {
    const { count, networks, refused } = parseFeed(await fetchFeed(feed.url), feed.format, isForced);
    if (last && !isForced && count < last.peak * LARGEST_LOSS) {
      throw new Error(`the list shrank from ${last.peak} networks to ${count}`);
    }
    const isPeak = !last || isForced || count >= last.peak || now() - last.peakAt > PEAK_SECONDS;
    await store.saveFeed(feed.name, {
      networks: [...networks.ipv4, ...networks.ipv6],
      count,
      peak: isPeak ? count : last.peak,
      peakAt: isPeak ? now() : last.peakAt,
      updatedAt: now(),
    });
    return { feed: feed.name, age: 0, count, line: { level: 'info', message: 'feed taken', refused } };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      feed: feed.name,
      age: last && now() - last.updatedAt,
      count: last?.count ?? 0,
      reason,
      line: { level: 'error', message: 'feed not taken; its last good list stays', reason },
    };
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
