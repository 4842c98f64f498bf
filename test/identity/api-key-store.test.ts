import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { ApiKeyStore } from '../../lib';
import { KEY_TABLE_OUTPUT, keyTableOutput } from '../../lib/protocol';
import { quickApp } from '../fixtures/gateway';
import { codesOf } from '../fixtures/problems';

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

describe('ApiKeyStore', () => {
  let stack: Stack;

  beforeEach(() => {
    stack = new Stack(quickApp(), 'Stack');
  });

  const template = () => Template.fromStack(stack);
  const role = () => new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });

  function statements(): Statement[] {
    return Object.values(template().findResources('AWS::IAM::Policy')).flatMap(
      (policy) => policy['Properties'].PolicyDocument.Statement as Statement[],
    );
  }

  test('keeps one table that is paid by use, backed up, protected and encrypted by its own key', () => {
    new ApiKeyStore(stack, 'Keys');

    template().resourceCountIs('AWS::DynamoDB::Table', 1);
    template().hasResource('AWS::DynamoDB::Table', {
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: Match.anyValue() },
        TimeToLiveSpecification: { AttributeName: 'deleteAfter', Enabled: true },
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      },
      DeletionPolicy: 'Retain',
    });
    template().hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
  });

  test('lists keys by tenant without their hashes', () => {
    new ApiKeyStore(stack, 'Keys');

    const [table] = Object.values(template().findResources('AWS::DynamoDB::Table'));
    const index = table?.['Properties'].GlobalSecondaryIndexes[0];
    expect(index.IndexName).toBe('tenant');
    expect(index.Projection.ProjectionType).toBe('INCLUDE');
    expect(index.Projection.NonKeyAttributes).not.toContain('hash');
  });

  test('lets a reader look up single items, and neither list nor write', () => {
    const keys = new ApiKeyStore(stack, 'Keys');

    keys.grantRead(role());

    const actions = statements().flatMap(({ Action }) => Action);
    expect(actions.sort()).toEqual(['dynamodb:GetItem', 'kms:Decrypt']);
    expect(JSON.stringify(statements())).not.toContain('/index/');
    expect(JSON.stringify(statements())).not.toContain('"*"');
  });

  test('lets an administrator list and write, in this table only', () => {
    new ApiKeyStore(stack, 'Keys').grantAdministration(role());

    const actions = statements().flatMap(({ Action }) => Action);
    expect(actions).toEqual(
      expect.arrayContaining(['dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem']),
    );
    expect(actions.some((action) => action.includes('*') && action.startsWith('dynamodb'))).toBe(false);
    expect(actions.filter((action) => action.includes('Delete'))).toEqual([]);
    expect(JSON.stringify(statements())).not.toContain('"Resource":"*"');
  });

  test('uses the given key and defines no other', () => {
    new ApiKeyStore(stack, 'Keys', { encryptionKey: new Key(stack, 'Own') });

    template().resourceCountIs('AWS::KMS::Key', 1);
  });

  test('can be thrown away where that is asked for', () => {
    new ApiKeyStore(stack, 'Keys', { removalPolicy: RemovalPolicy.DESTROY });

    template().hasResource('AWS::DynamoDB::Table', {
      Properties: { DeletionProtectionEnabled: false },
      DeletionPolicy: 'Delete',
    });
  });

  test('tells the command line where its keys are and what they begin with', () => {
    new ApiKeyStore(stack, 'Keys', { prefix: 'acme', environment: 'test' });

    template().hasOutput('*', { Description: keyTableOutput('acme', 'test') });
    expect(KEY_TABLE_OUTPUT.exec(keyTableOutput('acme', 'test'))?.slice(1)).toEqual(['acme', 'test']);
  });

  test('uses a table that exists and defines nothing', () => {
    const table = Table.fromTableName(stack, 'Existing', 'keys');

    const keys = ApiKeyStore.fromTable(stack, 'Keys', { table });

    expect(keys).toMatchObject({ prefix: 'sk', environment: 'live' });
    keys.grantRead(role());
    template().resourceCountIs('AWS::DynamoDB::Table', 0);
    expect(statements().flatMap(({ Action }) => Action)).toEqual(['dynamodb:GetItem']);
  });

  test.each(['', 'SK', '1k', 'a_b', 'a'.repeat(17)])('fails when the prefix is %j', (prefix) => {
    expect(codesOf(() => new ApiKeyStore(stack, 'Keys', { prefix }))).toEqual(['INVALID_KEY_LABEL']);
    const table = Table.fromTableName(stack, 'Existing', 'keys');
    expect(codesOf(() => ApiKeyStore.fromTable(stack, 'Other', { prefix, table }))).toEqual([
      'INVALID_KEY_LABEL',
    ]);
  });
});
