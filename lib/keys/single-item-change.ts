import type { UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { importPeer } from '../local/optional-peer';
import { type StoredValue, toAttribute } from './stored-value';
import { explainTable } from './table-error';

/** A change to one item, made only if the item is still as `when` says. */
export interface Change {
  readonly set: Readonly<Record<string, StoredValue>>;
  readonly remove?: readonly string[];
  /** Attributes and the values they must have; undefined: must be absent. */
  readonly when: Readonly<Record<string, StoredValue | undefined>>;
}

/** As DynamoDB takes it. The item must exist. */
export function toUpdate(
  table: string,
  pk: string,
  { set, remove = [], when }: Change,
): UpdateItemCommandInput {
  const names = [...new Set([...Object.keys(set), ...remove, ...Object.keys(when)])];
  const conditions = Object.entries(when).map(([name, value]) =>
    value === undefined ? `attribute_not_exists(#${name})` : `#${name} = :was_${name}`,
  );
  const values = [
    ...Object.entries(set).map(([name, value]) => [`:${name}`, toAttribute(value)] as const),
    ...Object.entries(when).flatMap(([name, value]) =>
      value === undefined ? [] : [[`:was_${name}`, toAttribute(value)] as const],
    ),
  ];
  const assignments = Object.keys(set).map((name) => `#${name} = :${name}`);

  return {
    TableName: table,
    Key: { pk: { S: pk } },
    UpdateExpression: [
      ...(assignments.length > 0 ? [`SET ${assignments.join(', ')}`] : []),
      ...(remove.length > 0 ? [`REMOVE ${remove.map((name) => `#${name}`).join(', ')}`] : []),
    ].join(' '),
    ConditionExpression: ['attribute_exists(pk)', ...conditions].join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ...(values.length > 0 && { ExpressionAttributeValues: Object.fromEntries(values) }),
  };
}

/** False if the item is not, or no longer, as the write demands. */
export async function ifConditionHolds(write: () => Promise<unknown>, table: string): Promise<boolean> {
  const { ConditionalCheckFailedException } = await importPeer(
    '@aws-sdk/client-dynamodb',
    import('@aws-sdk/client-dynamodb'),
  );
  try {
    await write();
    return true;
  } catch (cause) {
    if (cause instanceof ConditionalCheckFailedException) return false;
    throw explainTable(cause, table);
  }
}
