import { type CfnElement, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ApiVersions, type ApiVersionsProps, Backend, SecureApiGateway, Truststore } from '../lib';
import { VersionedCatalogue } from './examples/versions';
import { CUSTOMER, documentOf, ENVIRONMENT, gatewayStack, quickApp, SERVER_NAME } from './fixtures/gateway';
import { codesOf } from './fixtures/problems';

const CERTIFICATE_ARN = 'arn:aws:acm:eu-west-1:111111111111:certificate/00000000-0000-0000-0000-000000000000';

describe('versions of an API', () => {
  test('stand side by side on one domain, chosen by base path or header, one serving the rest', () => {
    const template = Template.fromStack(versions());

    template.resourceCountIs('AWS::ApiGateway::DomainName', 1);
    template.hasResourceProperties('AWS::ApiGateway::DomainName', { RoutingMode: 'ROUTING_RULE_ONLY' });
    template.resourceCountIs('AWS::ApiGateway::BasePathMapping', 0);
    template.resourceCountIs('AWS::ApiGatewayV2::RoutingRule', 2);
    template.hasResourceProperties('AWS::ApiGatewayV2::RoutingRule', {
      Priority: 100,
      Conditions: [
        { MatchBasePaths: { AnyOf: ['v2'] } },
        { MatchHeaders: { AnyOf: [{ Header: 'Accept-Version', ValueGlob: '2*' }] } },
      ],
      Actions: [{ InvokeApi: { StripBasePath: true, Stage: { Ref: Match.stringLikeRegexp('V2Stage') } } }],
    });
    template.hasResourceProperties('AWS::ApiGatewayV2::RoutingRule', {
      Priority: 200,
      Conditions: [],
      Actions: [
        {
          InvokeApi: {
            StripBasePath: Match.absent(),
            Stage: { Ref: Match.stringLikeRegexp('GatewayStage') },
          },
        },
      ],
    });
  });

  test('stand side by side in the example', () => {
    const app = quickApp();
    const { stack, loadBalancer } = gatewayStack({}, app);
    const hostedZone = HostedZone.fromHostedZoneAttributes(stack, 'Zone', {
      hostedZoneId: 'Z1',
      zoneName: 'example.com',
    });
    const example = new VersionedCatalogue(app, 'Versioned', { env: ENVIRONMENT, loadBalancer, hostedZone });

    Template.fromStack(example).resourceCountIs('AWS::ApiGatewayV2::RoutingRule', 3);
  });

  test('are served once their web ACLs stand, and at no other endpoint', () => {
    const template = Template.fromStack(versions());

    template.allResources('AWS::ApiGatewayV2::RoutingRule', {
      DependsOn: [Match.stringLikeRegexp('WebAclAssociation')],
    });
    // an address that answers nobody is told to nobody
    expect(
      Object.values(template.findOutputs('*')).filter(({ Value }) =>
        JSON.stringify(Value).includes('execute-api'),
      ),
    ).toEqual([]);
    for (const { Properties } of Object.values(template.findResources('AWS::ApiGateway::RestApi'))) {
      expect(Properties.Body.servers[0]).toMatchObject({
        'x-amazon-apigateway-endpoint-configuration': { disableExecuteApiEndpoint: true },
      });
    }
  });

  test('say that they end, on what the gateway itself answers', () => {
    const { stack } = gatewayStack({
      deprecation: { since: '2026-06-30', sunset: '2027-06-30', link: 'https://example.com/v2' },
    });
    const [api] = Object.values(Template.fromStack(stack).findResources('AWS::ApiGateway::RestApi'));
    const responses: Record<string, { responseParameters: Record<string, string> }> =
      api?.['Properties'].Body['x-amazon-apigateway-gateway-responses'];

    expect(Object.keys(responses).length).toBeGreaterThan(10);
    for (const { responseParameters } of Object.values(responses)) {
      expect(responseParameters).toMatchObject({
        'gatewayresponse.header.Deprecation': "'@1782777600'",
        'gatewayresponse.header.Sunset': "'Wed, 30 Jun 2027 00:00:00 GMT'",
        'gatewayresponse.header.Link': `'<https://example.com/v2>; rel="deprecation"'`,
        'gatewayresponse.header.Strict-Transport-Security': expect.anything(),
      });
    }
  });

  test.each([
    ['no date', { since: 'soon' }, 'DEPRECATION_DATE'],
    ['an end before its beginning', { since: '2027-06-30', sunset: '2026-06-30' }, 'DEPRECATION_ORDER'],
    ['a link that would leave its quotes', { since: '2026-06-30', link: "https://a'b" }, 'DEPRECATION_LINK'],
  ])('fail to say so with %s', (_what, deprecation, code) => {
    expect(codesOf(() => gatewayStack({ deprecation }))).toEqual([code]);
  });

  test('fail when one can be called past the domain, is chosen by nothing, or by a path its web ACL does not know', () => {
    const { stack, gateway } = gatewayStack();

    expect(codesOf(() => versionsIn(stack, { versions: [{ gateway }] }))).toEqual([
      'VERSION_UNREACHABLE',
      'VERSION_ENDPOINT',
    ]);
    stack.node.tryRemoveChild('Versions');
    expect(codesOf(() => versionsIn(stack, { versions: [{ gateway, basePath: 'v1' }] }))).toEqual([
      'VERSION_BASE_PATH',
      'VERSION_ENDPOINT',
    ]);
    stack.node.tryRemoveChild('Versions');
    expect(codesOf(() => versionsIn(stack, { versions: [] }))).toEqual(['VERSIONS_COUNT']);
  });

  test('may be chosen and serve the rest too', () => {
    const { stack, gateway } = gatewayStack({ disableDefaultEndpoint: true, basePaths: ['v1'] });
    versionsIn(stack, { versions: [{ gateway, basePath: 'v1', fallback: true }] });
    const template = Template.fromStack(stack);

    template.resourceCountIs('AWS::ApiGatewayV2::RoutingRule', 2);
    template.hasResourceProperties('AWS::ApiGatewayV2::RoutingRule', {
      Priority: 100,
      Conditions: [{ MatchBasePaths: { AnyOf: ['v1'] } }],
      Actions: [{ InvokeApi: { StripBasePath: true } }],
    });
    template.hasResourceProperties('AWS::ApiGatewayV2::RoutingRule', {
      Priority: 200,
      Conditions: [],
      Actions: [{ InvokeApi: { StripBasePath: Match.absent() } }],
    });
  });

  test.each([
    ['the same header', [{ header: '2' }, { header: '2' }], true],
    ['a header that stands for more', [{ header: '2*' }, { header: '2.1' }], true],
    ['a header on the same base path', [{ header: '2' }, { header: '2', basePath: 'v1' }], true],
    ['the same base path', [{ basePath: 'v1' }, { basePath: 'v1', header: '2' }], true],
    ['another header', [{ header: '2' }, { header: '3*' }], false],
    ['a narrower header', [{ header: '2.1' }, { header: '2*' }], false],
    ['a narrower base path', [{ basePath: 'v1', header: '2' }, { basePath: 'v1' }], false],
  ])('are reached behind an earlier one unless it is chosen by %s', (_what, [first, second], isHidden) => {
    const { stack, gateway } = gatewayStack({ disableDefaultEndpoint: true, basePaths: ['v1'] });
    const both = [
      { gateway, ...first },
      { gateway, ...second },
    ];

    expect(codesOf(() => versionsIn(stack, { versions: both }))).toEqual(
      isHidden ? ['VERSION_UNREACHABLE'] : [],
    );
  });

  test('fail where one demands certificates, which their domain does not ask for', () => {
    const zones = new Stack(quickApp(), 'Zones');
    const { stack, gateway } = gatewayStack({
      domain: {
        domainName: 'partners.example.com',
        certificate: Certificate.fromCertificateArn(zones, 'Certificate', CERTIFICATE_ARN),
        mutualTls: {
          truststore: Truststore.fromBucket(
            Bucket.fromBucketName(zones, 'Bucket', 'truststores'),
            'ca.pem',
            '1',
          ),
        },
      },
    });

    expect(codesOf(() => versionsIn(stack, { versions: [{ gateway, fallback: true }] }))).toEqual([
      'VERSION_MUTUAL_TLS',
    ]);
  });

  test('take over the domain of a gateway, with its name, in place if its resources keep their logical ids', () => {
    const certificate = Certificate.fromCertificateArn(new Stack(), 'Certificate', CERTIFICATE_ARN);
    const before = gatewayStack({ domain: { domainName: 'api.example.com', certificate } });
    const old = before.stack.getLogicalId(before.gateway.domain?.resource as CfnElement);

    const { stack, gateway } = gatewayStack({ disableDefaultEndpoint: true });
    const { domain } = new ApiVersions(stack, 'Versions', {
      domainName: 'api.example.com',
      certificate,
      versions: [{ gateway, fallback: true }],
    });
    stack.renameLogicalId(stack.getLogicalId(domain.resource), old);

    const [was, is] = [before.stack, stack].map((each) =>
      Template.fromStack(each).findResources('AWS::ApiGateway::DomainName'),
    );
    // nothing but what CloudFormation changes in place
    expect(is).toMatchObject({
      [old]: { Properties: { ...was?.[old]?.['Properties'], RoutingMode: 'ROUTING_RULE_ONLY' } },
    });
    expect(Object.keys(is ?? {})).toEqual([old]);
    Template.fromStack(stack).hasResourceProperties('AWS::ApiGatewayV2::RoutingRule', {
      DomainNameArn: { 'Fn::Join': ['', Match.arrayWith([{ Ref: old }])] },
    });
  });

  test('fail when two serve the rest', () => {
    const { stack, gateway } = gatewayStack({ disableDefaultEndpoint: true });
    const fallback = { gateway, fallback: true };

    expect(codesOf(() => versionsIn(stack, { versions: [fallback, fallback] }))).toEqual([
      'VERSIONS_FALLBACK',
    ]);
  });
});

/** Version 2 by base path and header, the gateway of the fixture for the rest. */
function versions(): Stack {
  const { stack, gateway, loadBalancer } = gatewayStack({ disableDefaultEndpoint: true });
  const second = new SecureApiGateway(stack, 'V2', {
    definition: documentOf(),
    authentication: CUSTOMER,
    backends: { orders: Backend.applicationLoadBalancer(loadBalancer, { serverName: SERVER_NAME }) },
    disableDefaultEndpoint: true,
    basePaths: ['v2'],
  });
  versionsIn(stack, {
    versions: [
      { gateway, fallback: true },
      { gateway: second, basePath: 'v2', header: '2*' },
    ],
  });
  return stack;
}

function versionsIn(stack: Stack, props: Pick<ApiVersionsProps, 'versions'>): ApiVersions {
  const zones = new Stack(quickApp(), 'Zones');
  const hostedZone = HostedZone.fromHostedZoneAttributes(zones, 'Zone', {
    hostedZoneId: 'Z1',
    zoneName: 'example.com',
  });
  return new ApiVersions(stack, 'Versions', { domainName: 'api.example.com', hostedZone, ...props });
}
