import { type KeyItem, keyItemId } from '../protocol/key-table';
import { keyError } from './key-error';
import type { StoredItem, StoredValue } from './stored-value';

/** An API key as the command line shows it: all that is stored but its hash. */
export interface KeyRecord extends Omit<KeyItem, 'pk' | 'hash' | 'deleteAfter'> {
  readonly id: string;
}

/** Throws unless the item is an API key's: a table of other things must not be written to. */
export function toKeyRecord(item: StoredItem, table: string): KeyRecord {
  const { pk, tenant, status, createdAt } = item;
  const prefix = keyItemId('');
  if (
    typeof pk !== 'string' ||
    !pk.startsWith(prefix) ||
    typeof tenant !== 'string' ||
    (status !== 'active' && status !== 'pending' && status !== 'revoked') ||
    typeof createdAt !== 'number'
  ) {
    throw keyError(
      'WRONG_TABLE',
      table,
      `item ${JSON.stringify(pk)} is not an API key of this library`,
      'name the table of an `ApiKeyStore`',
    );
  }

  return {
    id: pk.slice(prefix.length),
    tenant,
    status,
    createdAt,
    ...(typeof item['tier'] === 'string' && { tier: item['tier'] }),
    ...(typeof item['planKey'] === 'string' && { planKey: item['planKey'] }),
    ...(typeof item['replaces'] === 'string' && { replaces: item['replaces'] }),
    ...(typeof item['replacedBy'] === 'string' && { replacedBy: item['replacedBy'] }),
    ...(typeof item['expiresAt'] === 'number' && { expiresAt: item['expiresAt'] }),
    ...(typeof item['activeAfter'] === 'number' && { activeAfter: item['activeAfter'] }),
    ...listOf('scopes', item['scopes']),
    ...listOf('roles', item['roles']),
    ...listOf('cidrs', item['cidrs']),
    ...limitOf(item['limit']),
  };
}

function listOf(name: 'scopes' | 'roles' | 'cidrs', value: StoredValue | undefined) {
  return isList(value) ? { [name]: value } : {};
}

function isList(value: StoredValue | undefined): value is readonly string[] {
  return Array.isArray(value);
}

function limitOf(value: StoredValue | undefined): Pick<KeyRecord, 'limit'> {
  if (typeof value !== 'object' || isList(value)) return {};
  const { limit, perSeconds } = value;
  return limit === undefined || perSeconds === undefined ? {} : { limit: { limit, perSeconds } };
}
