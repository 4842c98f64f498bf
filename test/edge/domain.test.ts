import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { DomainOptions } from '../../lib';
import { gatewayStack } from '../fixtures/gateway';
import { codesOf } from '../fixtures/problems';
import { bodyOf, domainStack, IMPORTED, NAME, templateOf } from './domain-stack';

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
    const rules = JSON.stringify(Template.fromStack(stack).findResources('AWS::WAFv2::WebACL'));
    expect(rules).toContain('^(/prod|/v1)?(/orders)/*$');
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
