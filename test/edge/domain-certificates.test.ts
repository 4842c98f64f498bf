import { Stack } from 'aws-cdk-lib';
import { Certificate, DnsValidatedCertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { PrivateHostedZone, PublicHostedZone } from 'aws-cdk-lib/aws-route53';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { type DomainOptions, Truststore } from '../../lib';
import { gatewayStack, quickApp } from '../fixtures/gateway';
import { codesOf } from '../fixtures/problems';

/** Codes of the problems of a gateway in eu-west-1, on a domain. */
function problemsWith(options: (scope: Stack) => Partial<DomainOptions>): string[] {
  const app = quickApp();
  const others = new Stack(app, 'Others');
  return codesOf(() => gatewayStack({ domain: { domainName: 'api.example.com', ...options(others) } }, app));
}

function arnIn(region: string): string {
  return `arn:aws:acm:${region}:111111111111:certificate/11111111-1111-1111-1111-111111111111`;
}

function certificateOf(region: string) {
  return (scope: Stack) => ({
    certificate: Certificate.fromCertificateArn(scope, 'Certificate', arnIn(region)),
  });
}

function privateZone(scope: Stack): PrivateHostedZone {
  return new PrivateHostedZone(scope, 'Zone', {
    zoneName: 'example.com',
    vpc: new Vpc(scope, 'Network'),
  });
}

describe('the certificate of a domain', () => {
  test('is one of its region', () => {
    expect(problemsWith(certificateOf('eu-west-1'))).toEqual([]);
  });

  test('fails where it lies in another', () => {
    expect(problemsWith(certificateOf('us-east-1'))).toEqual(['DOMAIN_CERTIFICATE_REGION']);
  });

  test('may be one more in its region, which proves that the domain is ours, and in no other', () => {
    const withProof = (region: string) => (scope: Stack) => ({
      ...certificateOf('eu-west-1')(scope),
      mutualTls: {
        truststore: Truststore.fromBucket(Bucket.fromBucketName(scope, 'Bucket', 'trust'), 'all.pem', '1'),
        ownershipCertificate: Certificate.fromCertificateArn(scope, 'Ownership', arnIn(region)),
      },
    });

    expect(problemsWith(withProof('eu-west-1'))).toEqual([]);
    expect(problemsWith(withProof('us-east-1'))).toEqual(['DOMAIN_CERTIFICATE_REGION']);
  });

  test.each([
    [
      'fails where it is made in another, for a reference across regions',
      'us-east-1',
      ['DOMAIN_CERTIFICATE_REGION'],
    ],
    ['may be made in another stack of its region', 'eu-west-1', []],
    ['may be made in a stack whose region is not known', undefined, []],
  ])('%s', (_, region, codes) => {
    const certificate = (scope: Stack) => {
      const stack = new Stack(scope.node.root, 'Made', { ...(region && { env: { region } }) });
      return { certificate: new Certificate(stack, 'Certificate', { domainName: 'api.example.com' }) };
    };
    expect(problemsWith(certificate)).toEqual(codes);
  });

  test('may be made for its region from another, which its construct does not tell', () => {
    const certificate = (scope: Stack) => {
      const stack = new Stack(scope.node.root, 'Made', { env: { region: 'us-east-1' } });
      const hostedZone = PublicHostedZone.fromPublicHostedZoneAttributes(stack, 'Zone', {
        hostedZoneId: 'Z123',
        zoneName: 'example.com',
      });
      const props = { domainName: 'api.example.com', hostedZone, region: 'eu-west-1' };
      return { certificate: new DnsValidatedCertificate(stack, 'Certificate', props) };
    };
    expect(problemsWith(certificate)).toEqual([]);
  });

  test('cannot be validated in a private hosted zone', () => {
    expect(problemsWith((scope) => ({ hostedZone: privateZone(scope) }))).toEqual(['DOMAIN_ZONE_PRIVATE']);
  });

  test('may be given beside a private hosted zone, for those who resolve names in it', () => {
    expect(
      problemsWith((scope) => ({ hostedZone: privateZone(scope), ...certificateOf('eu-west-1')(scope) })),
    ).toEqual([]);
  });
});
