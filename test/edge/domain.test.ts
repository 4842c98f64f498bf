import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  ApiKeyStore,
  Authentication,
  type ClientCertificateAuthenticationOptions,
  type DomainOptions,
  type MutualTlsOptions,
  Truststore,
} from '../../lib';
import type { AuthorizerConfiguration } from '../../lib/protocol';
import { issue } from '../fixtures/certificates';
import {
  DOCUMENT,
  documentOf,
  ENVIRONMENT,
  type FixtureProps,
  gatewayStack,
  quickApp,
} from '../fixtures/gateway';
import { codesOf } from '../fixtures/problems';

const NAME = 'api.example.com';
const IMPORTED = 'arn:aws:acm:eu-west-1:111111111111:certificate/11111111-1111-1111-1111-111111111111';

describe('a domain', () => {
  const template = templateOf({});

  test('is regional, with a certificate that is validated in its zone', () => {
    template.hasResourceProperties('AWS::ApiGateway::DomainName', {
      DomainName: NAME,
      EndpointConfiguration: { Types: ['REGIONAL'] },
      RegionalCertificateArn: { Ref: Match.stringLikeRegexp('Certificate') },
    });
    template.hasResourceProperties('AWS::CertificateManager::Certificate', {
      DomainName: NAME,
      ValidationMethod: 'DNS',
      DomainValidationOptions: [{ DomainName: NAME, HostedZoneId: 'Z1' }],
    });
  });

  test('has alias records for both families', () => {
    for (const Type of ['A', 'AAAA']) {
      template.hasResourceProperties('AWS::Route53::RecordSet', {
        Name: NAME,
        Type,
        HostedZoneId: 'Z1',
        AliasTarget: {
          DNSName: { 'Fn::GetAtt': [Match.anyValue(), 'RegionalDomainName'] },
          HostedZoneId: { 'Fn::GetAtt': [Match.anyValue(), 'RegionalHostedZoneId'] },
        },
      });
    }
    template.resourceCountIs('AWS::Route53::RecordSet', 2);
  });

  test('turns the default endpoint off, in the body', () => {
    expect(bodyOf(template).servers).toEqual([
      { url: '/', 'x-amazon-apigateway-endpoint-configuration': { disableExecuteApiEndpoint: true } },
    ]);
    expect(bodyOf(Template.fromStack(gatewayStack().stack)).servers).toEqual([
      { url: '/', 'x-amazon-apigateway-endpoint-configuration': { disableExecuteApiEndpoint: false } },
    ]);
  });

  test('leads to the stage once the web ACL protects it, and not before', () => {
    const [association] = Object.keys(template.findResources('AWS::WAFv2::WebACLAssociation'));

    template.hasResource('AWS::ApiGateway::BasePathMapping', {
      DependsOn: Match.arrayWith([association]),
      Properties: { Stage: { Ref: Match.stringLikeRegexp('Stage') }, BasePath: Match.absent() },
    });
  });

  test('may serve the gateway below a base path', () => {
    const { stack, gateway } = domainStack({ basePath: 'v1' });

    Template.fromStack(stack).hasResourceProperties('AWS::ApiGateway::BasePathMapping', { BasePath: 'v1' });
    expect(gateway.url).toBe('https://api.example.com/v1/');
    expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::WAFv2::WebACL'))).not.toContain(
      '/prod',
    );
  });

  test('demands TLS 1.2 with forward secrecy, of the API too, or TLS 1.3', () => {
    for (const [options, policy] of [
      [{}, 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09'],
      [{ tls13Only: true }, 'SecurityPolicy_TLS13_1_3_2025_09'],
    ] as const) {
      const made = templateOf(options);
      made.hasResourceProperties('AWS::ApiGateway::DomainName', {
        SecurityPolicy: policy,
        EndpointAccessMode: 'STRICT',
      });
      expect(bodyOf(made)).toMatchObject({
        'x-amazon-apigateway-security-policy': policy,
        'x-amazon-apigateway-endpoint-access-mode': 'STRICT',
      });
    }
  });

  test('with a certificate made elsewhere warns, and sounds an alarm before it ends', () => {
    const { stack } = gatewayStack();
    const other = domainStack({ certificate: Certificate.fromCertificateArn(stack, 'Imported', IMPORTED) });

    Annotations.fromStack(other.stack).hasWarning('*', Match.stringLikeRegexp('made elsewhere'));
    Template.fromStack(other.stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'DaysToExpiry',
      Threshold: 30,
      ComparisonOperator: 'LessThanThreshold',
    });
    template.resourceCountIs('AWS::CloudWatch::Alarm', 0);
  });

  test('is missing from a gateway that warns of its default endpoint', () => {
    Annotations.fromStack(gatewayStack().stack).hasWarning('*', Match.stringLikeRegexp('own endpoint'));
    Annotations.fromStack(domainStack({}).stack).hasNoWarning('*', Match.stringLikeRegexp('own endpoint'));
  });

  test.each<[string, Partial<DomainOptions>, string]>([
    ['no certificate and no zone', { hostedZone: undefined }, 'DOMAIN_CERTIFICATE'],
    ['a wildcard', { domainName: '*.example.com' }, 'DOMAIN_NAME'],
    ['an address', { domainName: 'https://api.example.com' }, 'DOMAIN_NAME'],
    ['another zone', { domainName: 'api.example.org' }, 'DOMAIN_ZONE'],
    ['a zone of a similar name', { domainName: 'api.myexample.com' }, 'DOMAIN_ZONE'],
    ['a base path of two segments', { basePath: 'a/b' }, 'DOMAIN_BASE_PATH'],
    ['a base path that is reserved', { basePath: 'ping' }, 'DOMAIN_BASE_PATH'],
  ])('fails with %s', (_what, options, code) => {
    expect(codesOf(() => domainStack(options))).toContain(code);
  });
});

describe('mutual TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'secure-api-gateway-'));
  const path = join(folder, 'partners.pem');
  beforeAll(async () => writeFileSync(path, (await issue({ name: 'Partners' })).pem));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('takes the only policy that goes with it, for the API too', () => {
    const template = templateOf({ mutualTls: { truststore: Truststore.fromFile(path) } });

    template.hasResourceProperties('AWS::ApiGateway::DomainName', {
      SecurityPolicy: 'TLS_1_2',
      EndpointAccessMode: Match.absent(),
    });
    expect(bodyOf(template)).toMatchObject({ 'x-amazon-apigateway-security-policy': 'TLS_1_2' });
    expect(bodyOf(template)).not.toHaveProperty('x-amazon-apigateway-endpoint-access-mode');
    expect(bodyOf(template).servers[0]).toMatchObject({
      'x-amazon-apigateway-endpoint-configuration': { disableExecuteApiEndpoint: true },
    });
  });

  test('cannot demand TLS 1.3', () => {
    const mutualTls = { truststore: Truststore.fromFile(path) };

    expect(codesOf(() => domainStack({ mutualTls, tls13Only: true }))).toEqual(['MUTUAL_TLS_POLICY']);
  });

  test('is updated when the truststore is another', async () => {
    const uri = () =>
      JSON.stringify(
        templateOf({ mutualTls: { truststore: Truststore.fromFile(path) } }).findResources(
          'AWS::ApiGateway::DomainName',
        ),
      ).match(/s3:\/\/[^"]+/)?.[0];
    const before = uri();
    expect(uri()).toBe(before);

    writeFileSync(path, (await issue({ name: 'Others' })).pem);
    expect(uri()).not.toBe(before);
    expect(uri()).toMatch(/^s3:\/\/cdk-hnb659fds-assets-.*\.pem$/);
  });

  test('takes a version of an object in a bucket', () => {
    const stack = new Stack(quickApp(), 'Buckets');
    const bucket = Bucket.fromBucketName(stack, 'Bucket', 'truststores');
    const withVersion = (version: string) => ({
      mutualTls: { truststore: Truststore.fromBucket(bucket, 'partners.pem', version) },
    });

    templateOf(withVersion('3')).hasResourceProperties('AWS::ApiGateway::DomainName', {
      MutualTlsAuthentication: { TruststoreUri: 's3://truststores/partners.pem', TruststoreVersion: '3' },
    });
    expect(codesOf(() => domainStack(withVersion('')))).toEqual(['TRUSTSTORE_VERSION']);
  });

  test('in a bucket is watched by its version, and nothing else of the bucket may be read', () => {
    const stack = new Stack(quickApp(), 'Buckets');
    const bucket = Bucket.fromBucketName(stack, 'Bucket', 'truststores');
    const template = templateOf({
      mutualTls: { truststore: Truststore.fromBucket(bucket, 'partners.pem', '3') },
    });

    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'DaysToExpiry',
      Dimensions: [{ Name: 'Certificate', Value: 'Orders-Gateway-truststore' }],
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: {
          EXPIRY_CONFIGURATION: JSON.stringify({
            clientCertificates: {},
            known: {},
            objects: {
              'Orders-Gateway-truststore': { bucket: 'truststores', key: 'partners.pem', version: '3' },
            },
          }),
        },
      },
    });
    const policies = JSON.stringify(template.findResources('AWS::IAM::Policy'));
    expect(policies.match(/"s3:[^"]*"/g)).toEqual(['"s3:GetObjectVersion"', '"s3:VersionId"']);
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          {
            Action: 's3:GetObjectVersion',
            Effect: 'Allow',
            Condition: { StringEquals: { 's3:VersionId': '3' } },
            Resource: {
              'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::truststores/partners.pem']],
            },
          },
        ]),
      },
    });
  });

  describe('hands its mutual TLS to the authorizer', () => {
    const mutualTls = () => ({ truststore: Truststore.fromFile(path) });
    const SUBJECT = 'C = GB, O = Acme, CN = batch';

    test('which demands a certificate of every request, and reads no table for that', () => {
      const template = templateOf({ mutualTls: mutualTls() });

      expect(authorizerOf(template).mutualTls).toEqual({ revocations: false });
      expect(authorizerOf(Template.fromStack(gatewayStack().stack)).mutualTls).toBeUndefined();
    });

    test('with the subjects that are allowed, and the table of revocations, which it may read', () => {
      const stack = new Stack(quickApp(), 'Stores', { env: ENVIRONMENT });
      const revocations = ApiKeyStore.fromTable(stack, 'Keys', {
        table: Table.fromTableName(stack, 'Table', 'keys'),
      });
      const template = templateOf({
        mutualTls: { ...mutualTls(), allowedSubjects: [SUBJECT], revocations },
      });

      expect(authorizerOf(template)).toMatchObject({
        mutualTls: { allowedSubjects: [SUBJECT], revocations: true },
        table: 'keys',
      });
      expect(JSON.stringify(template.findResources('AWS::IAM::Policy'))).toContain('dynamodb:GetItem');
    });

    test.each<[string, Partial<MutualTlsOptions>, ClientCertificateAuthenticationOptions, string[]]>([
      ['nothing of its own', { allowedSubjects: [SUBJECT] }, {}, []],
      [
        'fewer subjects',
        { allowedSubjects: [SUBJECT, 'CN=a'] },
        { allowedSubjects: ['C=GB,O=Acme,CN=batch'] },
        [],
      ],
      ['subjects where the domain names none', {}, { allowedSubjects: ['CN=a'] }, []],
      [
        'a subject that the domain refuses',
        { allowedSubjects: [SUBJECT] },
        { allowedSubjects: [SUBJECT, 'CN=a'] },
        ['MUTUAL_TLS_SUBJECTS'],
      ],
      ['a subject that is none', {}, { allowedSubjects: ['batch'] }, ['INVALID_SUBJECT']],
      ['no subject', {}, { allowedSubjects: [] }, ['INVALID_SUBJECT']],
    ])('beside a scheme with %s', (_, ofDomain, ofScheme, codes) => {
      const byCertificate = {
        definition: documentOf(DOCUMENT.replace('{ type: http, scheme: bearer }', '{ type: mutualTLS }')),
        authentication: { customer: Authentication.clientCertificate(ofScheme) },
      };

      expect(
        codesOf(() => domainStack({ mutualTls: { ...mutualTls(), ...ofDomain } }, byCertificate)),
      ).toEqual(codes);
    });

    test('and fails where a scheme lists revocations elsewhere, or API Gateway stays open beside it', () => {
      const stack = new Stack(quickApp(), 'Stores', { env: ENVIRONMENT });
      const store = (id: string) =>
        ApiKeyStore.fromTable(stack, id, { table: Table.fromTableName(stack, `${id}Table`, id) });
      const byCertificate = {
        definition: documentOf(DOCUMENT.replace('{ type: http, scheme: bearer }', '{ type: mutualTLS }')),
        authentication: { customer: Authentication.clientCertificate({ revocations: store('One') }) },
      };
      const domain = { mutualTls: { ...mutualTls(), revocations: store('Two') } };

      expect(codesOf(() => domainStack(domain, byCertificate))).toEqual(['MUTUAL_TLS_REVOCATIONS']);
      expect(
        codesOf(() => domainStack({ mutualTls: mutualTls() }, { disableDefaultEndpoint: false })),
      ).toEqual(['MUTUAL_TLS_ENDPOINT']);
      expect(
        codesOf(() => domainStack({ mutualTls: { ...mutualTls(), allowedSubjects: ['batch'] } })),
      ).toEqual(['INVALID_SUBJECT']);
    });
  });

  test('takes a certificate that proves the domain is ours', () => {
    const { stack } = gatewayStack();
    const ownershipCertificate = Certificate.fromCertificateArn(stack, 'Ownership', IMPORTED);

    templateOf({
      mutualTls: { truststore: Truststore.fromFile(path), ownershipCertificate },
    }).hasResourceProperties('AWS::ApiGateway::DomainName', {
      OwnershipVerificationCertificateArn: IMPORTED,
    });
  });

  test('is needed where the document asks for client certificates', () => {
    const byCertificate = {
      definition: documentOf(DOCUMENT.replace('{ type: http, scheme: bearer }', '{ type: mutualTLS }')),
      authentication: { customer: Authentication.clientCertificate() },
    };
    const mutualTls = { truststore: Truststore.fromFile(path) };

    expect(codesOf(() => gatewayStack(byCertificate))).toEqual(['MUTUAL_TLS_MISSING']);
    expect(codesOf(() => domainStack({}, byCertificate))).toEqual(['MUTUAL_TLS_MISSING']);
    expect(codesOf(() => domainStack({ mutualTls }, byCertificate))).toEqual([]);
  });

  test('is watched, so that an alarm sounds before the truststore ends', () => {
    const template = templateOf({ mutualTls: { truststore: Truststore.fromFile(path) } });

    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'DaysToExpiry',
      Dimensions: [{ Name: 'Certificate', Value: 'Orders-Gateway-truststore' }],
    });
  });

  test('warns of a truststore that ends soon', async () => {
    const soon = join(folder, 'soon.pem');
    writeFileSync(soon, (await issue({ notAfter: new Date(Date.now() + 24 * 60 * 60 * 1000) })).pem);
    const { stack } = domainStack({ mutualTls: { truststore: Truststore.fromFile(soon) } });

    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('ends on'));
  });

  test('fails with a truststore that API Gateway would refuse', async () => {
    const client = join(folder, 'client.pem');
    writeFileSync(client, (await issue({ isAuthority: false })).pem);

    expect(codesOf(() => domainStack({ mutualTls: { truststore: Truststore.fromFile(client) } }))).toEqual([
      'TRUSTSTORE_NOT_CA',
    ]);
  });
});

function domainStack(options: Partial<DomainOptions>, props: FixtureProps = {}) {
  const app = quickApp();
  const zones = new Stack(app, 'Zones');
  const hostedZone = HostedZone.fromHostedZoneAttributes(zones, 'Zone', {
    hostedZoneId: 'Z1',
    zoneName: 'example.com',
  });
  return gatewayStack({ domain: { domainName: NAME, hostedZone, ...options }, ...props }, app);
}

function templateOf(options: Partial<DomainOptions>): Template {
  return Template.fromStack(domainStack(options).stack);
}

/** Configuration of the authorizer, names that only the deployment knows left out. */
function authorizerOf(template: Template): AuthorizerConfiguration {
  const texts = Object.values(template.findResources('AWS::Lambda::Function')).flatMap(({ Properties }) => {
    const text: unknown = Properties.Environment?.Variables?.GATEWAY_CONFIGURATION;
    return text === undefined ? [] : [text];
  });
  const [text] = texts;
  const parts =
    typeof text === 'string' ? [text] : (text as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1];
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : '-')).join(''));
}

function bodyOf(template: Template): { servers: object[] } {
  const [api] = Object.values(template.findResources('AWS::ApiGateway::RestApi'));
  return api?.['Properties'].Body;
}
