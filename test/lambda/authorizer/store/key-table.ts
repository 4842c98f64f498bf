import type { AddressInfo } from 'node:net';
import {
  type AttributeValue,
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { formatApiKey, hashApiKey } from '../../../../lib/protocol/api-key';
import { keyItemId } from '../../../../lib/protocol/key-table';

export const TABLE = 'keys';

/** An API key and its id; `seed` makes it another one. */
export function apiKey(seed: string, prefix = 'sk', environment = 'test'): { id: string; key: string } {
  const id = seed.padEnd(12, '0');
  return { id, key: formatApiKey({ prefix, environment, id, secret: seed.padEnd(32, 's') }) };
}

/** The item of a key, as the command line writes it. */
export function keyItem(
  { id, key }: { id: string; key: string },
  changes: Record<string, AttributeValue> = {},
): Record<string, AttributeValue> {
  return {
    pk: { S: keyItemId(id) },
    hash: { S: hashApiKey(key) },
    tenant: { S: 'acme' },
    tier: { S: 'pro' },
    status: { S: 'active' },
    createdAt: { N: '1700000000' },
    ...changes,
  };
}

export interface KeyTable {
  readonly endpoint: string;
  readonly put: (item: Record<string, AttributeValue>) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A table in an embedded DynamoDB on loopback. */
export async function startKeyTable(): Promise<KeyTable> {
  // dynalite has no types
  const server = require('dynalite')({ createTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new DynamoDBClient({ endpoint, region: 'eu-west-1', credentials });
  await client.send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    }),
  );
  return {
    endpoint,
    put: async (Item) => {
      await client.send(new PutItemCommand({ TableName: TABLE, Item }));
    },
    close: async () => {
      client.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
