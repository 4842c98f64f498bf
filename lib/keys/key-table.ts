import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { importPeer } from '../local/optional-peer';
import { type KeyItem, keyItemId, TENANT_INDEX } from '../protocol/key-table';
import { explainAws } from './key-error';
import { type KeyRecord, toKeyRecord } from './key-record';
import { fromAttributes, type StoredValue, toAttribute, toAttributes } from './stored-value';

/** A change to one item, made only if the item is still as `when` says. */
export interface Change {
  readonly set: Readonly<Record<string, StoredValue>>;
  readonly remove?: readonly string[];
  /** Attributes and the values they must have; undefined: must be absent. */
  readonly when: Readonly<Record<string, StoredValue | undefined>>;
}

/** The items of API keys in the table: single-item reads and conditional writes, nothing else. */
export class KeyTable {
  constructor(
    private readonly client: DynamoDBClient,
    public readonly name: string,
  ) {}

  /** False if there is such a key already. */
  public async add(item: KeyItem): Promise<boolean> {
    const { PutItemCommand } = await sdk();
    return this.ifConditionHolds(() =>
      this.client.send(
        new PutItemCommand({
          TableName: this.name,
          Item: toAttributes(item),
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      ),
    );
  }

  public async find(id: string): Promise<KeyRecord | undefined> {
    const { GetItemCommand } = await sdk();
    const { Item } = await this.asking(() =>
      this.client.send(
        new GetItemCommand({
          TableName: this.name,
          Key: { pk: { S: keyItemId(id) } },
          ConsistentRead: true,
        }),
      ),
    );
    return Item && toKeyRecord(fromAttributes(Item), this.name);
  }

  /** False if the key is not, or no longer, as the change demands. */
  public async change(id: string, { set, remove = [], when }: Change): Promise<boolean> {
    const { UpdateItemCommand } = await sdk();
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

    return this.ifConditionHolds(() =>
      this.client.send(
        new UpdateItemCommand({
          TableName: this.name,
          Key: { pk: { S: keyItemId(id) } },
          UpdateExpression: [
            `SET ${Object.keys(set)
              .map((name) => `#${name} = :${name}`)
              .join(', ')}`,
            ...(remove.length > 0 ? [`REMOVE ${remove.map((name) => `#${name}`).join(', ')}`] : []),
          ].join(' '),
          ConditionExpression: ['attribute_exists(pk)', ...conditions].join(' AND '),
          ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
          ExpressionAttributeValues: Object.fromEntries(values),
        }),
      ),
    );
  }

  /** All keys, or those of one tenant, a page at a time; their hashes are not among what is read. */
  public async *pages(tenant?: string): AsyncGenerator<readonly KeyRecord[]> {
    const { QueryCommand, ScanCommand } = await sdk();
    const keys = { ':keys': { S: keyItemId('') } };
    let from: Attributes | undefined;
    do {
      const page: Page = await this.asking<Page>(() =>
        tenant === undefined
          ? this.client.send(
              new ScanCommand({
                TableName: this.name,
                FilterExpression: 'begins_with(pk, :keys)',
                ExpressionAttributeValues: keys,
                ExclusiveStartKey: from,
              }),
            )
          : this.client.send(
              new QueryCommand({
                TableName: this.name,
                IndexName: TENANT_INDEX,
                KeyConditionExpression: '#tenant = :tenant AND begins_with(pk, :keys)',
                ExpressionAttributeNames: { '#tenant': 'tenant' },
                ExpressionAttributeValues: { ...keys, ':tenant': { S: tenant } },
                ExclusiveStartKey: from,
              }),
            ),
      );
      yield (page.Items ?? []).map((item) => toKeyRecord(fromAttributes(item), this.name));
      from = page.LastEvaluatedKey;
    } while (from);
  }

  private async ifConditionHolds(write: () => Promise<unknown>): Promise<boolean> {
    const { ConditionalCheckFailedException } = await sdk();
    try {
      await write();
      return true;
    } catch (cause) {
      if (cause instanceof ConditionalCheckFailedException) return false;
      throw explainAws(cause, this.name);
    }
  }

  private async asking<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (cause) {
      throw explainAws(cause, this.name);
    }
  }
}

type Attributes = Record<string, AttributeValue>;

interface Page {
  readonly Items?: Attributes[];
  readonly LastEvaluatedKey?: Attributes;
}

function sdk() {
  return importPeer('@aws-sdk/client-dynamodb', import('@aws-sdk/client-dynamodb'));
}
