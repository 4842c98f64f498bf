import { listOf, objectOf } from '../template/read';
import type { TemplateResolver } from '../template/resolver';

/** The requests that create the tables of a template. */
export function createTableRequests(resolver: TemplateResolver): readonly (object & { TableName: string })[] {
  return resolver.idsOf('AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable').map((id) => {
    const properties = resolver.properties(id);
    const globalIndexes = listOf(properties['GlobalSecondaryIndexes']).map(indexRequest);
    const localIndexes = listOf(properties['LocalSecondaryIndexes']).map(indexRequest);
    return {
      TableName: String(resolver.reference(id)),
      AttributeDefinitions: properties['AttributeDefinitions'],
      KeySchema: properties['KeySchema'],
      // capacity costs nothing here
      BillingMode: 'PAY_PER_REQUEST',
      ...(globalIndexes.length > 0 && { GlobalSecondaryIndexes: globalIndexes }),
      ...(localIndexes.length > 0 && { LocalSecondaryIndexes: localIndexes }),
    };
  });
}

function indexRequest(index: unknown): object {
  const { IndexName, KeySchema, Projection } = objectOf(index);
  return { IndexName, KeySchema, Projection };
}
