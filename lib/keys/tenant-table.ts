import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { importPeer } from '../local/optional-peer';
import { type TenantItem, tenantItemId } from '../protocol/key-table';
import { itemPages } from './item-pages';
import { keyError } from './key-error';
import { type Change, ifConditionHolds, toUpdate } from './single-item-change';
import { fromAttributes, type StoredItem, toAttributes } from './stored-value';
import { explainTable } from './table-error';

/** A tenant as the command line shows it. */
export interface TenantRecord extends Omit<TenantItem, 'pk'> {
  readonly tenant: string;
}

/** The items of tenants in the table: single-item reads and conditional writes, nothing else. */
export class TenantTable {
  constructor(
    private readonly client: DynamoDBClient,
    public readonly name: string,
  ) {}

  /** False if there is such a tenant already. */
  public async add({ tenant, ...more }: TenantRecord): Promise<boolean> {
    const { PutItemCommand } = await sdk();
    const item: TenantItem = { pk: tenantItemId(tenant), ...more };
    return ifConditionHolds(
      () =>
        this.client.send(
          new PutItemCommand({
            TableName: this.name,
            Item: toAttributes(item),
            ConditionExpression: 'attribute_not_exists(pk)',
          }),
        ),
      this.name,
    );
  }

  public async find(tenant: string): Promise<TenantRecord | undefined> {
    const { GetItemCommand } = await sdk();
    const Key = { pk: { S: tenantItemId(tenant) } };
    const get = new GetItemCommand({ TableName: this.name, Key, ConsistentRead: true });
    const { Item } = await this.explaining(this.client.send(get));
    return Item && toTenantRecord(fromAttributes(Item), this.name);
  }

  /** False if the tenant is not, or no longer, as the change demands. */
  public async change(tenant: string, change: Change): Promise<boolean> {
    const { UpdateItemCommand } = await sdk();
    return ifConditionHolds(
      () => this.client.send(new UpdateItemCommand(toUpdate(this.name, tenantItemId(tenant), change))),
      this.name,
    );
  }

  /** All of them, a page at a time. */
  public async *pages(): AsyncGenerator<readonly TenantRecord[]> {
    const { ScanCommand } = await sdk();
    const scan = {
      TableName: this.name,
      FilterExpression: 'begins_with(pk, :tenants)',
      ExpressionAttributeValues: { ':tenants': { S: tenantItemId('') } },
      ConsistentRead: true,
    };
    yield* itemPages(
      (from) => this.explaining(this.client.send(new ScanCommand({ ...scan, ...from }))),
      (item) => toTenantRecord(item, this.name),
    );
  }

  private explaining<T>(answer: Promise<T>): Promise<T> {
    return answer.catch((cause: unknown) => {
      throw explainTable(cause, this.name);
    });
  }
}

const TEXTS = ['planKey', 'nextTier', 'oldTier'] as const;
const TIMES = ['activeAfter', 'nextActiveAfter', 'oldUntil'] as const;

/** Throws unless the item is a tenant's: a table of other things must not be written to. */
function toTenantRecord(item: StoredItem, table: string): TenantRecord {
  const { pk, tier, createdAt } = item;
  const prefix = tenantItemId('');
  const isTenant =
    typeof pk === 'string' &&
    pk.startsWith(prefix) &&
    typeof tier === 'string' &&
    typeof createdAt === 'number';
  if (!isTenant) {
    throw keyError(
      'WRONG_TABLE',
      table,
      `item ${JSON.stringify(pk)} is not a tenant of this library`,
      'name the table of an `ApiKeyStore`',
    );
  }

  return {
    tenant: pk.slice(prefix.length),
    tier,
    createdAt,
    ...Object.fromEntries(
      TEXTS.flatMap((name) => (typeof item[name] === 'string' ? [[name, item[name]]] : [])),
    ),
    ...Object.fromEntries(
      TIMES.flatMap((name) => (typeof item[name] === 'number' ? [[name, item[name]]] : [])),
    ),
  };
}

function sdk() {
  return importPeer('@aws-sdk/client-dynamodb', import('@aws-sdk/client-dynamodb'));
}
