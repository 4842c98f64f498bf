import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { whereInstalled } from '../fixtures/installed';
import { run } from './running';

const withJava = whereInstalled(spawnSync('java', ['-version']).status === 0, 'Java (default-jre-headless)');

const Keys = {
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  },
};

describe('DynamoDB Local around a gateway', () => {
  withJava(
    'holds the tables of the template, transactions included, and ends with it',
    async () => {
      const { gateway, close } = await run({ resources: { Keys } }, { dynamodb: 'local' });
      const { dynamodb: endpoint = '', tables } = gateway.endpoints;
      const [TableName = ''] = tables;
      const client = new DynamoDBClient({
        endpoint,
        region: 'local',
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      });
      const put = (id: string) => ({
        Put: {
          TableName,
          Item: { pk: { S: id } },
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      });
      const read = (id: string) => client.send(new GetItemCommand({ TableName, Key: { pk: { S: id } } }));

      await client.send(new TransactWriteItemsCommand({ TransactItems: [put('a')] }));
      const failing = client.send(new TransactWriteItemsCommand({ TransactItems: [put('b'), put('a')] }));

      await expect(failing).rejects.toMatchObject({ name: 'TransactionCanceledException' });
      expect((await read('a')).Item).toEqual({ pk: { S: 'a' } });
      expect((await read('b')).Item).toBeUndefined();
      client.destroy();
      await close();
      await expect(fetch(endpoint)).rejects.toThrow('fetch failed');
    },
    90_000,
  );

  test('says so where Java is missing, and does not wait for it', () => {
    const database = JSON.stringify(join(__dirname, '../../lib/local/emulated/database.ts'));
    const program = `require(${database}).startDatabase('local', []).catch(({ message }) => console.log(message))`;
    const { stdout } = spawnSync(process.execPath, ['--require', 'tsx/cjs', '--eval', program], {
      env: { ...process.env, PATH: '/nowhere' },
      encoding: 'utf8',
      timeout: 20_000,
    });

    expect(stdout).toContain('DynamoDB Local does not answer');
    expect(stdout).toContain('see that Java runs, or use dynalite');
  });
});
