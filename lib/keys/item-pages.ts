import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { fromAttributes, type StoredItem } from './stored-value';

type Attributes = Record<string, AttributeValue>;

/** What DynamoDB answers to a scan or a query. */
export interface Page {
  readonly Items?: Attributes[];
  readonly LastEvaluatedKey?: Attributes;
}

/** All items that `ask` finds, made ready, a page at a time. */
export async function* itemPages<T>(
  ask: (from: { readonly ExclusiveStartKey?: Attributes }) => Promise<Page>,
  prepare: (item: StoredItem) => T,
): AsyncGenerator<readonly T[]> {
  let from: Attributes | undefined;
  do {
    const page: Page = await ask({ ...(from && { ExclusiveStartKey: from }) });
    yield (page.Items ?? []).map((item) => prepare(fromAttributes(item)));
    from = page.LastEvaluatedKey;
  } while (from);
}
