import { spawnSync } from 'node:child_process';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { TENANT_INDEX } from '../../lib/protocol';

export const TABLE = 'keys';

/** The table of an `ApiKeyStore`, as its template defines it. */
export const DEFINITION = {
  TableName: TABLE,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'tenant', AttributeType: 'S' },
  ],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  GlobalSecondaryIndexes: [
    {
      IndexName: TENANT_INDEX,
      KeySchema: [
        { AttributeName: 'tenant', KeyType: 'HASH' },
        { AttributeName: 'pk', KeyType: 'RANGE' },
      ],
      Projection: {
        ProjectionType: 'INCLUDE',
        NonKeyAttributes: [
          'tier',
          'scopes',
          'roles',
          'cidrs',
          'status',
          'createdAt',
          'expiresAt',
          'replacedBy',
        ],
      },
    },
  ],
};

const HAS_JAVA = spawnSync('java', ['-version']).status === 0;
if (!HAS_JAVA) console.warn('skipped against DynamoDB Local: there is no java here');

/** What a test is run against: the one in process, and AWS's own. */
export const DATABASES = [
  ['dynalite', 'dynalite'] as const,
  ...(HAS_JAVA ? [['DynamoDB Local', 'local'] as const] : []),
];

export function clientOf(endpoint: string): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
}
