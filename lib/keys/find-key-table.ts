import { importPeer } from '../local/optional-peer';
import { KEY_TABLE_OUTPUT, TIER_PLAN_OUTPUT } from '../protocol/key-table';
import { type AwsTarget, clientOptions } from './aws-target';
import { keyError } from './key-error';
import { KeyTable } from './key-table';
import { stackOutputs } from './stack-outputs';

export interface KeyTableTarget extends AwsTarget {
  /** Stack of the `ApiKeyStore`; found by the description of its output. */
  readonly stack?: string;
  /** Its table, in place of the stack. */
  readonly table?: string;
  readonly prefix?: string;
  readonly environment?: string;
}

export interface FoundKeyTable {
  readonly table: KeyTable;
  readonly prefix: string;
  readonly environment: string;
  /** Tiers of the stack's gateways. Undefined where it has none, or is not named: they may be another's. */
  readonly tiers?: readonly string[];
}

/** The table that a person means, and what its keys begin with. */
export async function findKeyTable(target: KeyTableTarget): Promise<FoundKeyTable> {
  const { prefix = 'sk', environment = 'live' } = target;
  const { DynamoDBClient } = await importPeer('@aws-sdk/client-dynamodb', import('@aws-sdk/client-dynamodb'));
  const client = new DynamoDBClient(clientOptions(target));
  if (target.table && !target.stack) {
    const table = new KeyTable(client, target.table);
    await table.requireOurs();
    return { table, prefix, environment };
  }

  if (!target.stack) {
    throw keyError('NO_KEY_TABLE', 'keys', 'no key table is named', 'give --stack or --table');
  }
  const found = await outputOf(target.stack, target, target.table);
  return {
    table: new KeyTable(client, found.table),
    prefix: target.prefix ?? found.prefix,
    environment: target.environment ?? found.environment,
    ...(found.tiers.length > 0 && { tiers: found.tiers }),
  };
}

async function outputOf(stack: string, target: AwsTarget, named: string | undefined) {
  const outputs = await stackOutputs(stack, target);
  const tiers = outputs.flatMap(({ description }) => TIER_PLAN_OUTPUT.exec(description)?.[1] ?? []);
  const tables = outputs.flatMap(({ description, value }) => {
    const [, prefix, environment] = KEY_TABLE_OUTPUT.exec(description) ?? [];
    return prefix && environment ? [{ table: value, prefix, environment }] : [];
  });
  // what is done to one table must not look as if it were done to another
  if (named !== undefined) {
    const found = tables.find(({ table }) => table === named);
    if (found) return { ...found, tiers };
    const others = tables.map(({ table }) => table).join(', ');
    throw keyError(
      'OTHER_STACK',
      stack,
      `this stack has no key table ${named}${others && `, but ${others}`}`,
      'give --stack or --table alone; stacks of gateways that read the table go to --gateway',
    );
  }
  const [first, ...others] = tables;
  if (first && others.length === 0) return { ...first, tiers };

  throw first
    ? keyError(
        'SEVERAL_KEY_TABLES',
        stack,
        `this stack has ${tables.length} key tables: ${tables.map(({ table }) => table).join(', ')}`,
        'name one by --table, with its --prefix and --environment',
      )
    : keyError('NO_KEY_TABLE', stack, 'this stack has no ApiKeyStore', 'name its table by --table');
}
