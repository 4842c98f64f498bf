import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { importPeer } from '../local/optional-peer';
import { CERTIFICATE_ITEMS, type RevokedCertificateItem } from '../protocol/key-table';
import { itemPages } from './item-pages';
import { keyError } from './key-error';
import { ifConditionHolds } from './single-item-change';
import { fromAttributes, type StoredItem, toAttributes } from './stored-value';
import { explainTable } from './table-error';

/** A revoked certificate as the command line shows it. */
export interface RevokedCertificate extends Omit<RevokedCertificateItem, 'pk' | 'deleteAfter'> {
  /** In alphabetical order. */
  readonly issuer: string;
  /** Hexadecimal. */
  readonly serial: string;
}

/** The items of revoked certificates in the table. */
export class CertificateTable {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly name: string,
  ) {}

  /** False if it is revoked already. */
  public async add(item: RevokedCertificateItem): Promise<boolean> {
    const { PutItemCommand } = await sdk();
    const put = new PutItemCommand({
      TableName: this.name,
      Item: toAttributes(item),
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    return ifConditionHolds(() => this.client.send(put), this.name);
  }

  public async find(pk: string): Promise<RevokedCertificate | undefined> {
    const { GetItemCommand } = await sdk();
    const get = new GetItemCommand({ TableName: this.name, Key: { pk: { S: pk } }, ConsistentRead: true });
    const { Item } = await this.explaining(this.client.send(get));
    return Item && toRevokedCertificate(fromAttributes(Item), this.name);
  }

  /** All of them, a page at a time. */
  public async *pages(): AsyncGenerator<readonly RevokedCertificate[]> {
    const { ScanCommand } = await sdk();
    const scan = {
      TableName: this.name,
      FilterExpression: 'begins_with(pk, :certificates)',
      ExpressionAttributeValues: { ':certificates': { S: CERTIFICATE_ITEMS } },
      ConsistentRead: true,
    };
    yield* itemPages(
      (from) => this.explaining(this.client.send(new ScanCommand({ ...scan, ...from }))),
      (item) => toRevokedCertificate(item, this.name),
    );
  }

  private explaining<T>(answer: Promise<T>): Promise<T> {
    return answer.catch((cause: unknown) => {
      throw explainTable(cause, this.name);
    });
  }
}

/** Throws unless the item is a revoked certificate's. */
function toRevokedCertificate(item: StoredItem, table: string): RevokedCertificate {
  const { pk, revokedAt, reason, subject, expiresAt } = item;
  // a serial holds no '#', an issuer may
  const [, issuer, serial] = (typeof pk === 'string' && /^certificate#(.*)#([0-9A-F-]+)$/s.exec(pk)) || [];
  if (issuer === undefined || serial === undefined || typeof revokedAt !== 'number') {
    throw keyError(
      'WRONG_TABLE',
      table,
      `item ${JSON.stringify(pk)} is not a revoked certificate of this library`,
      'name the table of an `ApiKeyStore`',
    );
  }

  return {
    issuer,
    serial,
    revokedAt,
    ...(typeof reason === 'string' && { reason }),
    ...(typeof subject === 'string' && { subject }),
    ...(typeof expiresAt === 'number' && { expiresAt }),
  };
}

function sdk() {
  return importPeer('@aws-sdk/client-dynamodb', import('@aws-sdk/client-dynamodb'));
}
