import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  ApiKeyStore,
  Authentication,
  type ClientCertificateAuthenticationOptions,
  type MutualTlsOptions,
  Truststore,
} from '../../lib';
import type { AuthorizerConfiguration } from '../../lib/protocol';
import { issue } from '../fixtures/certificates';
import { DOCUMENT, documentOf, ENVIRONMENT, gatewayStack, quickApp } from '../fixtures/gateway';
import { codesOf } from '../fixtures/problems';
import { bodyOf, domainStack, IMPORTED, templateOf } from './domain-stack';

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

  test('is uploaded without a key that hides in the text beside its certificates', async () => {
    const { pem, keyPem } = await issue({ name: 'Partners' });
    writeFileSync(path, `${pem}\n${keyPem.replaceAll('-----', '----')}`);
    const { stack } = domainStack({ mutualTls: { truststore: Truststore.fromFile(path) } });
    const { directory } = Stage.of(stack)!.synth();

    const [name = ''] = readdirSync(directory).filter((file) => file.endsWith('.pem'));
    expect(readFileSync(join(directory, name), 'utf8')).toBe(`${pem.trim()}\n`);
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
      Dimensions: [{ Name: 'Certificate', Value: 'Orders/Gateway/truststore' }],
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: {
          EXPIRY_CONFIGURATION: JSON.stringify({
            clientCertificates: {},
            known: {},
            objects: {
              'Orders/Gateway/truststore': { bucket: 'truststores', key: 'partners.pem', version: '3' },
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
      Dimensions: [{ Name: 'Certificate', Value: 'Orders/Gateway/truststore' }],
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
