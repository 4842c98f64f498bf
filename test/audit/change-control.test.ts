import { Stack } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { AuditExport, Authentication } from '../../lib';
import { documentOf, ENVIRONMENT, quickApp } from '../fixtures/gateway';
import { by, call, controlled, DOCUMENT, rulesOf, TABLE } from './controlled-gateway';
import type { Json } from './event-pattern';

const PIPELINE = 'arn:aws:iam::111111111111:role/pipeline';

describe('a change to a gateway past its template', () => {
  const { told, resolver, ids } = controlled({ unreportedRoles: [PIPELINE] });
  const reference = (id: string) => String(resolver.reference(id));
  const rest = reference(ids('AWS::ApiGateway::RestApi'));
  const stageArn = `arn:aws:apigateway:eu-west-1::/restapis/${rest}/stages/prod`;
  const webAcl = ids('AWS::WAFv2::WebACL');
  const authorizer = reference(ids('AWS::Lambda::Function', 'AuthorizerHandler'));
  const secretArn = reference(ids('AWS::SecretsManager::Secret', 'SigningKey'));
  const logs = reference(ids('AWS::Logs::LogGroup', 'AccessLogs'));
  const rotation = resolver.attribute(ids('AWS::IAM::Role', 'Rotation'), 'Arn');
  const feeds = resolver.attribute(ids('AWS::IAM::Role', 'ThreatFeeds'), 'Arn');
  const ipSet = resolver.attribute(ids('AWS::WAFv2::IPSet', 'Attackers'), 'Id');

  test.each<[string, Json, string]>([
    ['the stage', call('apigateway', 'UpdateStage', { restApiId: rest, stageName: 'prod' }), 'Api'],
    ['a deployment by hand', call('apigateway', 'CreateDeployment', { restApiId: rest }), 'Api'],
    [
      'a plan',
      call('apigateway', 'UpdateUsagePlan', {
        usagePlanId: reference(ids('AWS::ApiGateway::UsagePlan')),
      }),
      'Api',
    ],
    ['the domain', call('apigateway', 'UpdateDomainName', { domainName: 'api.example.com' }), 'Api'],
    [
      'the code of the authorizer',
      call('lambda', 'UpdateFunctionCode20150331v2', { functionName: authorizer }),
      'Authorizer',
    ],
    [
      'the rules of the web ACL',
      call('wafv2', 'UpdateWebACL', { id: resolver.attribute(webAcl, 'Id'), name: 'x' }),
      'WebAcl',
    ],
    ['its association', call('wafv2', 'DisassociateWebACL', { resourceArn: stageArn }), 'WebAcl'],
    [
      'its log',
      call('wafv2', 'PutLoggingConfiguration', {
        loggingConfiguration: { resourceArn: resolver.attribute(webAcl, 'Arn') },
      }),
      'WebAcl',
    ],
    ['an IP set', call('wafv2', 'UpdateIPSet', { id: ipSet }), 'IpSets'],
    ['the key table', call('dynamodb', 'DeleteTable', { tableName: 'keys' }), 'KeyTable'],
    [
      'the policy of the key table',
      call('dynamodb', 'PutResourcePolicy', { resourceArn: TABLE }),
      'KeyTable',
    ],
    ['the signing key', call('secretsmanager', 'PutSecretValue', { secretId: secretArn }), 'Secrets'],
    [
      'a secret the authorizer reads, by its name',
      call('secretsmanager', 'DeleteSecret', { secretId: 'introspection' }),
      'Secrets',
    ],
    [
      'that secret, by its whole ARN',
      call('secretsmanager', 'DeleteSecret', {
        secretId: 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:introspection-AbCdEf',
      }),
      'Secrets',
    ],
    [
      'the signing key, by an ARN without what Secrets Manager adds to it',
      call('secretsmanager', 'PutSecretValue', { secretId: secretArn.slice(0, -7) }),
      'Secrets',
    ],
    [
      'the authorizer, by an ARN without its beginning',
      call('lambda', 'AddPermission20150331v2', { functionName: `111111111111:function:${authorizer}` }),
      'Authorizer',
    ],
    [
      'a copy of the key table',
      call('dynamodb', 'ExportTableToPointInTime', { tableArn: TABLE, s3Bucket: 'elsewhere' }),
      'KeyTable',
    ],
    [
      'a copy from a backup of it',
      call('dynamodb', 'RestoreTableFromBackup', {
        backupArn: `${TABLE}/backup/01`,
        targetTableName: 'mine',
      }),
      'KeyTable',
    ],
    [
      'the role without which no log is written',
      call('apigateway', 'UpdateAccount', { updateAccountInput: {} }),
      'LoggingRole',
    ],
    ['how long logs are kept', call('logs', 'PutRetentionPolicy', { logGroupName: logs }), 'Logs'],
    [
      'the masks of a log, by its ARN',
      call('logs', 'DeleteDataProtectionPolicy', {
        logGroupIdentifier: `arn:aws:logs:eu-west-1:111111111111:log-group:${logs}`,
      }),
      'Logs',
    ],
    [
      'the log of the function that keeps feeds',
      call('logs', 'DeleteLogGroup', { logGroupName: reference(ids('AWS::Logs::LogGroup', 'ThreatFeed')) }),
      'Logs3',
    ],
  ])('is told of once: %s', (_, event, rule) => {
    expect(told(event)).toEqual([rule]);
  });

  test.each<[string, Json]>([
    ['what only reads', call('apigateway', 'GetStage', { restApiId: rest }, { readOnly: true })],
    ['another API', call('apigateway', 'UpdateStage', { restApiId: 'other' })],
    ['another function', call('lambda', 'DeleteFunction20150331', { functionName: `other-${authorizer}` })],
    ['another secret', call('secretsmanager', 'DeleteSecret', { secretId: 'introspection2' })],
    ['another web ACL', call('wafv2', 'UpdateWebACL', { id: 'other' })],
    [
      'an item of the table, where an account traces them',
      call('dynamodb', 'PutItem', { tableName: 'keys' }, { eventCategory: 'Data' }),
    ],
    ['a stream of a log', call('logs', 'CreateLogStream', { logGroupName: logs })],
    ['the rotation', call('secretsmanager', 'PutSecretValue', { secretId: secretArn }, by(rotation))],
    ['a threat feed', call('wafv2', 'UpdateIPSet', { id: ipSet }, by(feeds))],
    ['the pipeline', call('apigateway', 'UpdateStage', { restApiId: rest }, by(PIPELINE))],
  ])('is not: %s', (_, event) => {
    expect(told(event)).toEqual([]);
  });

  test.each<[string, Json]>([
    ['the rotation changes an IP set', call('wafv2', 'UpdateIPSet', { id: ipSet }, by(rotation))],
    [
      'a feed writes the secret',
      call('secretsmanager', 'PutSecretValue', { secretId: secretArn }, by(feeds)),
    ],
    [
      'the record does not say whether it only reads',
      call('wafv2', 'DeleteWebACL', { id: resolver.attribute(webAcl, 'Id') }, { readOnly: undefined }),
    ],
    [
      'the account itself, which has no role',
      call('apigateway', 'DeleteRestApi', { restApiId: rest }, { userIdentity: { type: 'Root' } }),
    ],
  ])('is told of when %s', (_, event) => {
    expect(told(event)).toHaveLength(1);
  });

  test('says who, what, where and when, and what to do', () => {
    for (const { Targets } of rulesOf(resolver)) {
      const [{ InputTransformer }] = Targets;
      const message: string = JSON.parse(InputTransformer.InputTemplate);
      const paths = Object.keys(InputTransformer.InputPathsMap);

      expect([...message.matchAll(/<(\w+)>/g)].map(([, name]) => name).sort()).toEqual(paths.sort());
      expect(message).toContain('Orders/Gateway');
      expect(message).toContain('deploy the stack anew');
    }
  });

  test('keeps to the length EventBridge takes, however many IP sets there are', () => {
    const names = Array.from({ length: 24 }, (_, index) => `partner${index}`);
    const operations = names.map(
      (name) =>
        `  /${name}: { get: { x-gateway: { onlyFrom: ${name} }, responses: { '200': { description: OK } } } }`,
    );
    const many = controlled({
      definition: documentOf(`${DOCUMENT}${operations.join('\n')}\n`),
      edge: { networks: Object.fromEntries(names.map((name, index) => [name, [`192.0.2.${index}/32`]])) },
    });

    const patterns = rulesOf(many.resolver).map(({ EventPattern }) => JSON.stringify(EventPattern));
    expect(Math.max(...patterns.map(({ length }) => length))).toBeLessThanOrEqual(2048);
    expect(patterns.filter((pattern) => pattern.includes('aws.wafv2'))).toHaveLength(4);
  });

  test('keeps to it with many secrets and many roles, and takes no more roles than fit', () => {
    const issuers = Array.from({ length: 9 }, (_, index) => `issuer${index}`);
    const named = (shared: Stack) => (name: string) =>
      Authentication.introspection({
        issuer: `https://${name}.example.com/`,
        endpoint: `https://${name}.example.com/introspect`,
        audiences: ['orders'],
        clientId: 'gateway',
        clientSecret: Secret.fromSecretCompleteArn(
          shared,
          name,
          `arn:aws:secretsmanager:eu-west-1:111111111111:secret:gateways/production/introspection/clients/${name}-AbCdEf`,
        ),
      });
    const roles = (count: number) =>
      Array.from(
        { length: count },
        (_, index) => `arn:aws:iam::111111111111:role/cdk-deployment-role-${index}`,
      );
    const security = issuers.map((name) => `{ ${name}: [] }`).join(', ');
    const schemes = issuers.map((name) => `    ${name}: { type: http, scheme: bearer }`).join('\n');
    const many = (count: number) => {
      const secretOf = named(new Stack(quickApp(), 'Secrets', { env: ENVIRONMENT }));
      return controlled({
        definition: documentOf(`
openapi: 3.1.0
info: { title: Orders, version: 1.0.0 }
x-gateway: { backend: orders }
components:
  securitySchemes:
${schemes}
security: [${security}]
paths:
  /orders: { get: { responses: { '200': { description: OK } } } }
`),
        authentication: Object.fromEntries(issuers.map((name) => [name, secretOf(name)])),
        unreportedRoles: roles(count),
      });
    };

    const patterns = rulesOf(many(10).resolver).map(({ EventPattern }) => JSON.stringify(EventPattern));
    expect(Math.max(...patterns.map(({ length }) => length))).toBeLessThanOrEqual(2048);
    expect(patterns.filter((pattern) => pattern.includes('issuer8-AbCdEf'))).toHaveLength(1);
    expect(() => many(11)).toThrow(/UNREPORTED_ROLES/);
  });
});

describe('a change to where the trail goes', () => {
  const { told, resolver, ids } = controlled({ export: AuditExport.s3() });
  const bucketName = String(resolver.reference(ids('AWS::S3::Bucket')));
  const keyId = String(resolver.reference(ids('AWS::KMS::Key')));
  const deliveryStreamName = String(resolver.reference(ids('AWS::KinesisFirehose::DeliveryStream')));

  test.each<[string, Json, string[]]>([
    ['the lock', call('s3', 'PutBucketObjectLockConfiguration', { bucketName }), ['Archive']],
    ['who may write', call('s3', 'DeleteBucketPolicy', { bucketName }), ['Archive']],
    ['another bucket', call('s3', 'DeleteBucketPolicy', { bucketName: 'other' }), []],
    ['its key', call('kms', 'ScheduleKeyDeletion', { keyId }), ['ArchiveKey']],
    ['a grant, which services make', call('kms', 'CreateGrant', { keyId }), []],
    ['the stream', call('firehose', 'DeleteDeliveryStream', { deliveryStreamName }), ['Stream']],
    ['another stream', call('firehose', 'DeleteDeliveryStream', { deliveryStreamName: 'other' }), []],
  ])('is told of: %s', (_, event, rules) => {
    expect(told(event)).toEqual(rules);
  });
});
