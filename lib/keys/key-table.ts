import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { importPeer } from '../local/optional-peer';
import { type KeyItem, keyItemId, TENANT_INDEX } from '../protocol/key-table';
import { CertificateTable } from './certificate-table';
import { notAws } from './explain-aws';
import { itemPages, type Page } from './item-pages';
import { type KeyRecord, toKeyRecord } from './key-record';
import { type Change, ifConditionHolds, toUpdate } from './single-item-change';
import { fromAttributes, toAttributes } from './stored-value';
import { explainTable, wrongTable } from './table-error';
import { TenantTable } from './tenant-table';

/** The items of API keys in the table: single-item reads and conditional writes, nothing else. */
export class KeyTable {
  /** The same table's items of tenants. */
  public readonly tenants: TenantTable;

  /** The same table's items of revoked certificates. */
  public readonly certificates: CertificateTable;

  constructor(
    private readonly client: DynamoDBClient,
    public readonly name: string,
  ) {
    this.tenants = new TenantTable(client, name);
    this.certificates = new CertificateTable(client, name);
  }

  /**
   * Throws unless it is the table of a store. Others have a key named `pk` too, and would take what is written: a
   * certificate revoked in one of them would go on to work.
   */
  public async requireOurs(): Promise<void> {
    const { DescribeTableCommand } = await sdk();
    const { Table } = await this.asking(() =>
      this.client.send(new DescribeTableCommand({ TableName: this.name })),
    );
    if (!Table) throw notAws(this.name, 'it describes no table');
    if (Table.GlobalSecondaryIndexes?.some(({ IndexName }) => IndexName === TENANT_INDEX)) return;
    throw wrongTable(this.name);
  }

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
  public async change(id: string, change: Change): Promise<boolean> {
    const { UpdateItemCommand } = await sdk();
    return this.ifConditionHolds(() =>
      this.client.send(new UpdateItemCommand(toUpdate(this.name, keyItemId(id), change))),
    );
  }

  /** All keys, or those of one tenant, a page at a time; their hashes are not among what is read. */
  public async *pages(tenant?: string): AsyncGenerator<readonly KeyRecord[]> {
    const { QueryCommand, ScanCommand } = await sdk();
    const keys = { ':keys': { S: keyItemId('') } };
    const scan = {
      TableName: this.name,
      FilterExpression: 'begins_with(pk, :keys)',
      ExpressionAttributeValues: keys,
    };
    const ofTenant = tenant !== undefined && {
      TableName: this.name,
      IndexName: TENANT_INDEX,
      KeyConditionExpression: '#tenant = :tenant AND begins_with(pk, :keys)',
      ExpressionAttributeNames: { '#tenant': 'tenant' },
      ExpressionAttributeValues: { ...keys, ':tenant': { S: tenant } },
    };
    yield* itemPages(
      (from) =>
        this.asking<Page>(() =>
          ofTenant
            ? this.client.send(new QueryCommand({ ...ofTenant, ...from }))
            : this.client.send(new ScanCommand({ ...scan, ...from })),
        ),
      (item) => toKeyRecord(item, this.name),
    );
  }

  private ifConditionHolds(write: () => Promise<unknown>): Promise<boolean> {
    return ifConditionHolds(write, this.name);
  }

  private async asking<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (cause) {
      throw explainTable(cause, this.name);
    }
  }
}

function sdk() {
  return importPeer('@aws-sdk/client-dynamodb', import('@aws-sdk/client-dynamodb'));
}
