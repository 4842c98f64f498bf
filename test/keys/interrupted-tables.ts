import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KeyTable } from '../../lib/keys/key-table';

/** Dies before it makes the change that sets an attribute to a value, or that attribute. */
export class DyingTable extends KeyTable {
  constructor(
    client: DynamoDBClient,
    name: string,
    private readonly at: string,
  ) {
    super(client, name);
  }

  public override async change(...[id, change]: Parameters<KeyTable['change']>): Promise<boolean> {
    const dies = this.at in change.set || change.set['status'] === this.at;
    if (dies) throw new Error('died');
    return super.change(id, change);
  }
}

/** Somebody else gives a successor up just before it is to work. */
export class OvertakenTable extends KeyTable {
  public override async change(...[id, change]: Parameters<KeyTable['change']>): Promise<boolean> {
    if (change.set['status'] === 'active') {
      await super.change(id, { set: { status: 'revoked' }, when: { status: 'pending' } });
    }
    return super.change(id, change);
  }
}
