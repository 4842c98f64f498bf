import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { fromItem } from './attribute-values';

/** Reads one item by its partition key, consistently; undefined where there is none. */
export type ReadItem = (pk: string) => Promise<Readonly<Record<string, unknown>> | undefined>;

/** For the call and its retries: a caller must have an answer within a second. */
const TIME_LIMIT_MILLIS = 800;

export function itemReader(table: string): ReadItem {
  const client = new DynamoDBClient({ maxAttempts: 2 });

  return async (pk) => {
    const { Item } = await client.send(
      // a revoked key must be refused at once
      new GetItemCommand({ TableName: table, Key: { pk: { S: pk } }, ConsistentRead: true }),
      { abortSignal: AbortSignal.timeout(TIME_LIMIT_MILLIS) },
    );
    return Item && fromItem(Item);
  };
}
