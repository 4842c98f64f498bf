import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { WebAcl } from '../lib';
import { DOCUMENT, documentOf, type FixtureProps, gatewayStack } from './fixtures/gateway';
import { type Resources, referencesIn } from './fixtures/references';

const REDACTED = DOCUMENT.replace('item: { type: string }', 'item: { type: string, x-gateway-redact: true }');

/** Properties by which users name what is otherwise named by CloudFormation. */
const NAMES: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::KMS::Key': 'KeyId',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::S3::Bucket': 'BucketName',
};

describe('while a deployment turns the default endpoint off', () => {
  const CLOSED = DOCUMENT.replace(
    'operationId: listOrders',
    'operationId: listOrders\n      x-gateway: { onlyFrom: office }',
  );

  test.each<[string, FixtureProps]>([
    ['a domain', { domain: { domainName: 'api.example.com', certificate: certificate() } }],
    ['one that is defined elsewhere', { disableDefaultEndpoint: true, basePaths: ['v1'] }],
  ])('the rules on paths still know the stage’s name, beside %s', (_what, props) => {
    const { stack } = gatewayStack({
      definition: documentOf(CLOSED),
      edge: { networks: { office: ['203.0.113.0/24'] } },
      ...props,
    });
    const [acl] = Object.values(Template.fromStack(stack).findResources('AWS::WAFv2::WebACL'));
    const rule = acl?.['Properties'].Rules.find(
      ({ Name }: { Name: string }) => Name === 'operation-only-from-office',
    );

    expect(JSON.stringify(rule)).toMatch(/"\^\(\/prod[|)]/);
  });

  function certificate() {
    return Certificate.fromCertificateArn(
      new Stack(),
      'Certificate',
      'arn:aws:acm:eu-west-1:111111111111:certificate/1',
    );
  }
});

describe('what is retained', () => {
  const here = resourcesOf({});

  test.each<[string, FixtureProps]>([
    ['execution logs that are switched off', { audit: { executionLogs: false } }],
    ['a body that no log may show', { definition: documentOf(REDACTED) }],
    ['a web ACL of somebody else', { webAcl: elsewhere() }],
  ])('is in nobody’s way when it comes back after %s', (_what, props) => {
    const meanwhile = resourcesOf(props);
    const gone = Object.entries(here).filter(([id]) => !(id in meanwhile));
    const kept = gone.filter(([, { DeletionPolicy = 'Delete' }]) => DeletionPolicy.startsWith('Retain'));

    for (const [id, { Type, Properties }] of kept) {
      const name = Properties?.[NAMES[Type] ?? 'Name'];
      // named after something that is made anew with it, or by CloudFormation
      const isNew =
        name === undefined || referencesIn(name).some((other) => gone.some(([one]) => one === other));
      expect([id, isNew]).toEqual([id, true]);
    }
  });

  test('has no name that the next stack of this name would give', () => {
    for (const [id, { DeletionPolicy = 'Delete', Type, Properties }] of Object.entries(here)) {
      if (!DeletionPolicy.startsWith('Retain')) continue;
      const name = Properties?.[NAMES[Type] ?? 'Name'];
      const isNew = name === undefined || referencesIn(name).some((other) => other in here);
      expect([id, isNew]).toEqual([id, true]);
    }
  });

  function resourcesOf(props: FixtureProps): Resources {
    return Template.fromStack(gatewayStack(props).stack).toJSON()['Resources'];
  }

  function elsewhere() {
    return WebAcl.fromWebAclArn(new Stack(), 'Elsewhere', 'arn:aws:wafv2:eu-west-1:111111111111:regional/x');
  }
});
