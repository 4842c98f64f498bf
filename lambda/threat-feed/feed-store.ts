import { randomUUID } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import {
  AUDIT_PARTITION,
  DENIED_PARTITION,
  type DeniedNetwork,
  FEED_PARTITION,
} from '../../lib/protocol/threat-feed';
import { fromItem } from '../shared/attribute-values';
import type { AwsCall } from '../shared/aws-call';

/** How long the audit of changes is kept. */
const AUDIT_SECONDS = 400 * 24 * 60 * 60;

/** With the longest reasons they are 400 KB. */
const DENIED_IN_A_PAGE = 500;

/** The last good list of a feed. */
export interface StoredFeed {
  /** Aggregated, as many as the sets hold. */
  readonly networks: readonly string[];
  /** How many the feed named. */
  readonly count: number;
  /** The most it named of late, by which a loss is measured, and since when. */
  readonly peak: number;
  readonly peakAt: number;
  /** Seconds of Unix time. */
  readonly updatedAt: number;
}

/** One change of the list of attackers. */
export interface AuditEntry {
  readonly change: 'add' | 'remove';
  readonly network: string;
  readonly reason: string;
  readonly by: string;
  readonly forced: boolean;
  readonly at: number;
}

type Item = Readonly<Record<string, object>>;

/** The function's table: what must outlive it. */
export class FeedStore {
  constructor(
    private readonly call: AwsCall,
    private readonly table: string,
  ) {}

  public async feed(name: string): Promise<StoredFeed | undefined> {
    const { Item: item } = await this.call('GetItem', {
      TableName: this.table,
      Key: key(FEED_PARTITION, name),
      ConsistentRead: true,
    });
    if (!item) return undefined;
    const { networks, count, peak = count, updatedAt, peakAt = updatedAt } = fromItem(item as Item);

    return {
      networks: unpack(String(networks)),
      count: Number(count),
      peak: Number(peak),
      peakAt: Number(peakAt),
      updatedAt: Number(updatedAt),
    };
  }

  /** With what the feed contributed, so that a listing of the table tells it. */
  public async saveFeed(
    name: string,
    { networks, count, peak, peakAt, updatedAt }: StoredFeed,
  ): Promise<void> {
    await this.put({
      ...key(FEED_PARTITION, name),
      networks: { S: pack(networks) },
      count: { N: String(count) },
      peak: { N: String(peak) },
      peakAt: { N: String(peakAt) },
      updatedAt: { N: String(updatedAt) },
    });
  }

  /** Denied networks whose time is not over. */
  public async denied(now: number): Promise<DeniedNetwork[]> {
    const found: DeniedNetwork[] = [];
    let start: unknown;
    do {
      const { Items, LastEvaluatedKey } = await this.call('Query', {
        TableName: this.table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: DENIED_PARTITION } },
        ConsistentRead: true,
        // an answer of ours has at most a megabyte
        Limit: DENIED_IN_A_PAGE,
        ExclusiveStartKey: start,
      });
      found.push(...(Array.isArray(Items) ? Items : []).map((item) => deniedOf(fromItem(item))));
      start = LastEvaluatedKey;
    } while (start);

    // the table deletes what has expired only some days later
    return found.filter(({ expiresAt }) => expiresAt > now);
  }

  public async deny({ network, reason, by, createdAt, expiresAt }: DeniedNetwork): Promise<void> {
    await this.put({
      ...key(DENIED_PARTITION, network),
      reason: { S: reason },
      by: { S: by },
      createdAt: { N: String(createdAt) },
      expiresAt: { N: String(expiresAt) },
      deleteAfter: { N: String(expiresAt) },
    });
  }

  public async forgive(network: string): Promise<void> {
    await this.call('DeleteItem', { TableName: this.table, Key: key(DENIED_PARTITION, network) });
  }

  public async audit({ change, network, reason, by, forced, at }: AuditEntry): Promise<void> {
    await this.put({
      // two changes of one second are two entries
      ...key(AUDIT_PARTITION, `${new Date(at * 1000).toISOString()}#${network}#${randomUUID()}`),
      change: { S: change },
      reason: { S: reason },
      by: { S: by },
      forced: { BOOL: forced },
      deleteAfter: { N: String(at + AUDIT_SECONDS) },
    });
  }

  private async put(item: Item): Promise<void> {
    await this.call('PutItem', { TableName: this.table, Item: item });
  }
}

function key(pk: string, sk: string) {
  return { pk: { S: pk }, sk: { S: sk } };
}

function deniedOf({ sk, reason, by, createdAt, expiresAt }: Record<string, unknown>): DeniedNetwork {
  return {
    network: String(sk),
    reason: String(reason),
    by: String(by),
    createdAt: Number(createdAt),
    expiresAt: Number(expiresAt),
  };
}

/** Ten thousand IPv6 networks are more than an item holds, and a tenth of it compressed. */
function pack(networks: readonly string[]): string {
  return gzipSync(networks.join('\n')).toString('base64');
}

function unpack(text: string): string[] {
  return gunzipSync(Buffer.from(text, 'base64'))
    .toString('utf8')
    .split('\n')
    .filter((network) => network !== '');
}
