import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** What an item of ours may hold. */
export type StoredValue = string | number | readonly string[] | { readonly [name: string]: number };

export type StoredItem = Readonly<Record<string, StoredValue | undefined>>;

/** As DynamoDB takes it; undefined members are left out. */
export function toAttributes(item: object): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(item as StoredItem).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, toAttribute(value)]],
    ),
  );
}

export function toAttribute(value: StoredValue): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (Array.isArray(value)) return { L: value.map((entry) => ({ S: entry })) };
  return { M: toAttributes(value) };
}

export function fromAttributes(item: Readonly<Record<string, AttributeValue>>): StoredItem {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, fromAttribute(value)]));
}

function fromAttribute(value: AttributeValue): StoredValue | undefined {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (value.SS) return value.SS;
  if (value.L) return value.L.flatMap(({ S }) => S ?? []);
  if (value.M) return fromAttributes(value.M) as { readonly [name: string]: number };
  return undefined;
}
