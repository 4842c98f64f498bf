import { randomBytes } from 'node:crypto';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { LocalGateway } from 'cdk-secure-api-gateway/local';
import { formatApiKey, hashApiKey, keyItemId } from '../../../lib/protocol';

/** API keys of the sample's machines. */
export interface Machines {
  /** May read shipments. */
  readonly carrier: string;
  /** May read orders. */
  readonly reader: string;
  /** The carrier's of last year. */
  readonly revoked: string;
}

/** Gives the machines of the sample their keys. */
export async function registerMachines({ endpoints }: LocalGateway): Promise<Machines> {
  const table = endpoints.tables.find((name) => name.includes('Keys'));
  const client = new DynamoDBClient({
    endpoint: endpoints.dynamodb,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const register = async (tenant: string, scope: string, status: 'active' | 'revoked') => {
    const id = randomText(12);
    const key = formatApiKey({ prefix: 'sk', environment: 'live', id, secret: randomText(32) });
    await client.send(
      new PutItemCommand({
        TableName: table,
        Item: {
          pk: { S: keyItemId(id) },
          hash: { S: hashApiKey(key) },
          tenant: { S: tenant },
          scopes: { L: [{ S: scope }] },
          status: { S: status },
          createdAt: { N: String(Math.floor(Date.now() / 1000)) },
        },
      }),
    );
    return key;
  };

  const machines = {
    carrier: await register('carrier', 'shipments:read', 'active'),
    reader: await register('statistics', 'orders:read', 'active'),
    revoked: await register('carrier', 'shipments:read', 'revoked'),
  };
  client.destroy();
  return machines;
}

function randomText(length: number): string {
  return randomBytes(length).toString('hex').slice(0, length);
}
