import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { LocalGateway } from 'cdk-secure-api-gateway/local';
import { ApiKeys } from '../../../lib/keys/api-keys';
import { KeyTable } from '../../../lib/keys/key-table';

/** API keys of the sample's machines. */
export interface Machines {
  /** May read shipments. */
  readonly carrier: string;
  /** May read orders. */
  readonly reader: string;
  /** Of a tenant on trial, who may ask twice a day. */
  readonly trial: string;
  /** Of a partner, who may ask as often as he likes. */
  readonly partner: string;
  /** The store they come from, as the command line manages it. */
  readonly keys: ApiKeys;
  /** Its table. */
  readonly table: string;
  /** Every key that was made, as it was shown. */
  readonly shown: string[];
  close(): void;
}

/** Gives the machines of the sample their keys. */
export async function registerMachines({ endpoints }: LocalGateway): Promise<Machines> {
  const client = new DynamoDBClient({
    endpoint: endpoints.dynamodb,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const table = endpoints.tables.find((name) => name.includes('Keys')) ?? '';
  const keys = new ApiKeys({
    table: new KeyTable(client, table),
    prefix: 'sk',
    environment: 'live',
    now: () => Math.floor(Date.now() / 1000),
  });

  const carrier = await keys.create({ tenant: 'carrier', scopes: ['shipments:read'] });
  const reader = await keys.create({ tenant: 'statistics', scopes: ['orders:read'] });
  const trial = await keys.create({ tenant: 'newcomer', tier: 'trial', scopes: ['shipments:read'] });
  const partner = await keys.create({ tenant: 'partner', tier: 'partner', scopes: ['shipments:read'] });

  return {
    carrier: carrier.key,
    reader: reader.key,
    trial: trial.key,
    partner: partner.key,
    keys,
    table,
    shown: [carrier.key, reader.key, trial.key, partner.key],
    close: () => client.destroy(),
  };
}
