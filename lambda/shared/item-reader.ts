import { type AttributeValue, fromItem } from './attribute-values';
import { awsCaller } from './aws-call';
import { DYNAMODB } from './dynamodb';
import { patiently } from './patient-call';

/** Reads one item by its partition key, consistently; undefined where there is none. */
export type ReadItem = (pk: string) => Promise<Readonly<Record<string, unknown>> | undefined>;

/** A reader of the function's own table, with the function's own credentials. */
export function itemReader(table: string): ReadItem {
  const call = patiently(awsCaller(DYNAMODB));

  return async (pk) => {
    // consistent: a revoked key must be refused at once
    const { Item } = await call('GetItem', {
      TableName: table,
      Key: { pk: { S: pk } },
      ConsistentRead: true,
    });
    return isItem(Item) ? fromItem(Item) : undefined;
  };
}

const isItem = (item: unknown): item is Readonly<Record<string, AttributeValue>> =>
  typeof item === 'object' && item !== null;
