import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { type Running, run } from './running';
import { functionResource } from './template';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const rotated = `exports.handler = async ({ Step, SecretId, ClientRequestToken }) => {
  const call = async (operation, input) => {
    const response = await fetch(process.env.AWS_ENDPOINT_URL_SECRETS_MANAGER, {
      method: 'POST', headers: { 'X-Amz-Target': 'secretsmanager.' + operation }, body: JSON.stringify({ SecretId, ...input }),
    });
    if (!response.ok) throw new Error(await response.text());
    return response.json();
  };
  if (Step === 'createSecret') {
    await call('PutSecretValue', { ClientRequestToken, SecretString: 'rotated', VersionStages: ['AWSPENDING'] });
  }
  if (Step === 'finishSecret') {
    const { VersionId } = await call('GetSecretValue', {});
    await call('UpdateSecretVersionStage', { VersionStage: 'AWSCURRENT', MoveToVersionId: ClientRequestToken, RemoveFromVersionId: VersionId });
  }
};`;

describe('the services around a gateway', () => {
  let running: Running;
  let now = Date.parse('2026-11-22T12:00:00Z');

  beforeAll(async () => {
    running = await run(
      {
        functionProperties: { Environment: { Variables: { GREETING: { Ref: 'Keys' } } } },
        resources: {
          Keys: {
            Type: 'AWS::DynamoDB::Table',
            Properties: {
              KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
              AttributeDefinitions: [
                { AttributeName: 'pk', AttributeType: 'S' },
                { AttributeName: 'tenant', AttributeType: 'S' },
              ],
              GlobalSecondaryIndexes: [
                {
                  IndexName: 'tenant',
                  KeySchema: [{ AttributeName: 'tenant', KeyType: 'HASH' }],
                  Projection: { ProjectionType: 'ALL' },
                },
              ],
              BillingMode: 'PAY_PER_REQUEST',
              PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
              TimeToLiveSpecification: { AttributeName: 'deleteAfter', Enabled: true },
            },
          },
          Signing: { Type: 'AWS::SecretsManager::Secret', Properties: { SecretString: 'first' } },
          Rotate: functionResource('', { Code: { ZipFile: rotated } }),
          Schedule: {
            Type: 'AWS::SecretsManager::RotationSchedule',
            Properties: {
              SecretId: { Ref: 'Signing' },
              RotationLambdaARN: { 'Fn::GetAtt': ['Rotate', 'Arn'] },
            },
          },
          Public: {
            Type: 'AWS::SSM::Parameter',
            Properties: { Name: '/keys/public', Type: 'String', Value: '{}' },
          },
        },
      },
      { clock: () => now },
    );
  });
  afterAll(() => running.close());

  const call = async (target: string, body: object) => {
    const response = await fetch(running.gateway.endpoints.services, {
      method: 'POST',
      headers: { 'X-Amz-Target': target },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  };
  const control = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${running.gateway.endpoints.services}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  };

  test('are a DynamoDB with the tables of the template, indexes included', async () => {
    const { dynamodb, tables } = running.gateway.endpoints;
    const client = new DynamoDBClient({ endpoint: dynamodb, region: 'us-east-1', credentials });

    await client.send(new PutItemCommand({ TableName: tables[0], Item: { pk: { S: 'key#1' } } }));
    const { Item } = await client.send(
      new GetItemCommand({ TableName: tables[0], Key: { pk: { S: 'key#1' } } }),
    );
    const { Table } = await client.send(new DescribeTableCommand({ TableName: tables[0] }));

    expect(Item).toEqual({ pk: { S: 'key#1' } });
    expect(Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName)).toEqual(['tenant']);
    await expect(
      client.send(new CreateTableCommand({ TableName: tables[0], KeySchema: [], AttributeDefinitions: [] })),
    ).rejects.toThrow();
    client.destroy();
  });

  test('are named to functions by the variables of the SDKs, as the table by the template', async () => {
    await running.send('GET /orders');

    expect(running.gateway.endpoints.environment).toMatchObject({
      AWS_ENDPOINT_URL_DYNAMODB: running.gateway.endpoints.dynamodb,
      AWS_ENDPOINT_URL: running.gateway.endpoints.services,
    });
    expect(running.gateway.endpoints.tables).toEqual(['Local-Keys']);
  });

  test('have rotated a secret once when the gateway is up, as its schedule does', async () => {
    const SecretId = 'Local-Signing';

    const { body } = await call('secretsmanager.GetSecretValue', { SecretId });
    const previous = await call('secretsmanager.GetSecretValue', { SecretId, VersionStage: 'AWSPREVIOUS' });

    expect(body).toMatchObject({
      SecretString: 'rotated',
      VersionStages: expect.arrayContaining(['AWSCURRENT']),
    });
    expect(previous.body.SecretString).toBe('first');
  });

  test('refuse a secret they do not have', async () => {
    const { status, body } = await call('secretsmanager.GetSecretValue', { SecretId: 'other' });

    expect([status, body.__type]).toEqual([400, 'ResourceNotFoundException']);
  });

  test('are a Parameter Store that functions can write', async () => {
    await call('AmazonSSM.PutParameter', { Name: '/keys/public', Value: '{"keys":[]}', Overwrite: true });

    const { body } = await call('AmazonSSM.GetParameter', { Name: '/keys/public' });

    expect(body.Parameter).toMatchObject({ Value: '{"keys":[]}', Version: 2 });
    expect((await call('AmazonSSM.PutParameter', { Name: '/keys/public', Value: 'x' })).status).toBe(400);
  });

  test('refuse every other service, so that no call leaves this machine', async () => {
    expect((await call('AWSEvents.PutEvents', {})).status).toBe(400);
    expect((await call('constructor.Call', {})).status).toBe(400);
    expect((await control('GET', '/restapis')).status).toBe(404);
  });

  test.each([
    ['another page’s origin', { Origin: 'https://evil.example' }],
    ['the name of a page that leads here', { Host: 'evil.example' }],
  ])('answer no web page: with %s', async (_, headers) => {
    const { services } = running.gateway.endpoints;
    const { request } = await import('node:http');
    const ask = (path: string, more: object) =>
      new Promise<number | undefined>((done) => {
        request(
          `${services}${path}`,
          { method: 'POST', headers: { ...headers, ...more } },
          ({ statusCode }) => done(statusCode),
        ).end('{}');
      });

    expect(await ask('/', { 'X-Amz-Target': 'secretsmanager.GetSecretValue' })).toBe(403);
    expect(await ask('/apikeys', {})).toBe(403);
  });

  test('let a new key into a plan work after the two minutes it may take', async () => {
    const value = 'plankeyoftenant000000001';
    const { status, body: key } = await control('POST', '/apikeys', { name: 'tenant', value, enabled: true });
    const { body: plans } = await control('GET', '/usageplans');
    const joined = await control('POST', `/usageplans/${plans.item[0].id}/keys`, {
      keyId: key.id,
      keyType: 'API_KEY',
    });
    expect([status, joined.status]).toEqual([201, 201]);

    expect((await running.send('GET /orders', { play: { key: value } })).status).toBe(403);
    now += 120_000;
    expect((await running.send('GET /orders', { play: { key: value } })).status).toBe(200);

    expect((await control('DELETE', `/apikeys/${key.id}`)).status).toBe(202);
    expect((await running.send('GET /orders', { play: { key: value } })).status).toBe(403);
  });

  test('refuse keys that API Gateway would refuse', async () => {
    const value = 'plankeyofsomebody0000001';
    const { body: key } = await control('POST', '/apikeys', { value, enabled: true });
    const { body: plans } = await control('GET', '/usageplans');
    const path = `/usageplans/${plans.item[0].id}/keys`;
    await control('POST', path, { keyId: key.id, keyType: 'API_KEY' });

    expect((await control('POST', '/apikeys', { value, enabled: true })).status).toBe(409);
    expect((await control('POST', '/apikeys', { value: 'short' })).status).toBe(400);
    expect((await control('POST', path, { keyId: key.id, keyType: 'API_KEY' })).status).toBe(409);
    expect((await control('GET', '/apikeys/unknown')).status).toBe(404);
  });

  test('show the value of a key only where it is asked for', async () => {
    const { body } = await control('GET', '/apikeys?includeValues=true');
    const { body: without } = await control('GET', '/apikeys');

    expect(body.item[0].value).toEqual(expect.any(String));
    expect(without.item[0]).not.toHaveProperty('value');
  });
});
