import { keyItemId, TENANT_INDEX } from '../../lib/protocol/key-table';
import { WATCH_METRICS } from '../../lib/protocol/metrics';
import type { KeyExpiryConfiguration } from '../../lib/protocol/watches';
import { type AttributeValue, fromItem } from '../shared/attribute-values';
import type { AwsCall } from '../shared/aws-call';
import { watchMetric } from '../shared/watch-metric';

export interface KeyExpiryDependencies {
  readonly configuration: KeyExpiryConfiguration;
  readonly dynamodb: AwsCall;
  /** Milliseconds. */
  readonly now: () => number;
  readonly write: (line: string) => void;
}

/** Items looked at in one call, so that its answer stays below a megabyte. */
const PAGE = 1_000;

/** Two million items: far more than anybody has, and an end for a table that never ends. */
const MAXIMUM_PAGES = 2_000;

/** Keys that are named; all are counted. */
const NAMED = 100;

/**
 * Counts keys that end soon and have no successor, used or not: a key that is used once a month is missed on the
 * day it is needed. Reads the index that shows no hash.
 */
export function createHandler({ configuration, dynamodb, now, write }: KeyExpiryDependencies) {
  const { apiId, table, withinSeconds } = configuration;

  return async (): Promise<void> => {
    const seconds = Math.floor(now() / 1000);
    let count = 0;
    let from: unknown;
    for (let page = 0; page < MAXIMUM_PAGES; page += 1) {
      const { Items, LastEvaluatedKey } = await dynamodb('Scan', {
        TableName: table,
        IndexName: TENANT_INDEX,
        Limit: PAGE,
        FilterExpression:
          'begins_with(pk, :keys) AND #status = :active AND expiresAt BETWEEN :now AND :soon AND attribute_not_exists(replacedBy)',
        ProjectionExpression: 'pk, tenant, expiresAt',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: {
          ':keys': { S: keyItemId('') },
          ':active': { S: 'active' },
          ':now': { N: String(seconds) },
          ':soon': { N: String(seconds + withinSeconds) },
        },
        ...(from !== undefined && { ExclusiveStartKey: from }),
      });
      for (const item of itemsOf(Items)) {
        if (count < NAMED) write(lineOf(fromItem(item)));
        count += 1;
      }
      from = LastEvaluatedKey;
      if (from === undefined) {
        write(watchMetric(apiId, WATCH_METRICS.keysExpiring, count, now()));
        return;
      }
    }
    throw new Error(`the table has more than ${MAXIMUM_PAGES * PAGE} items`);
  };
}

function itemsOf(items: unknown): readonly Readonly<Record<string, AttributeValue>>[] {
  return Array.isArray(items) ? items : [];
}

function lineOf({ pk, tenant, expiresAt }: Readonly<Record<string, unknown>>): string {
  const key = String(pk).slice(keyItemId('').length);
  return `${JSON.stringify({ level: 'WARN', message: 'key expires', key, tenant, expiresAt })}\n`;
}
