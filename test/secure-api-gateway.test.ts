import { Aspects, CfnResource, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as logs from 'aws-cdk-lib/aws-logs';
import { generatedDocument } from '../bench/generated-document';
import { Authentication, Backend, type IWebAcl, LoggingRole, SecureApiGateway, WebAcl } from '../lib';
import {
  CUSTOMER,
  DOCUMENT,
  documentOf,
  ENVIRONMENT,
  type FixtureProps,
  gatewayStack,
  loadBalancerIn,
  quickApp,
  SERVER_NAME,
} from './fixtures/gateway';
import { codesOf } from './fixtures/problems';

describe('SecureApiGateway', () => {
  const template = templateOf();

  test('imports the whole body, overwriting, and fails on any warning', () => {
    template.hasResourceProperties('AWS::ApiGateway::RestApi', {
      Mode: 'overwrite',
      FailOnWarnings: true,
      Parameters: { endpointConfigurationTypes: 'REGIONAL' },
      ApiKeySourceType: Match.absent(),
      DisableExecuteApiEndpoint: Match.absent(),
      Body: Match.objectLike({
        'x-amazon-apigateway-api-key-source': 'AUTHORIZER',
        'x-amazon-apigateway-security-policy': 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09',
        'x-amazon-apigateway-endpoint-access-mode': 'STRICT',
      }),
    });
  });

  test('keeps no placeholder and no operation without authorizer and plan', () => {
    const operations = operationsOf(template);

    expect(operations.length).toBe(4);
    for (const operation of operations) {
      expect(operation['security']).toEqual([{ authorizer: [] }, { plan: [] }]);
      expect(operation['x-amazon-apigateway-integration']).toMatchObject({
        type: 'http_proxy',
        connectionType: 'VPC_LINK',
      });
    }
  });

  test('never lets API Gateway cache what the authorizer decides', () => {
    const { components } = bodyOf(template);

    expect(components.securitySchemes.authorizer).toMatchObject({
      'x-amazon-apigateway-authtype': 'custom',
      'x-amazon-apigateway-authorizer': { type: 'request', authorizerResultTtlInSeconds: 0 },
    });
    expect(components.securitySchemes.authorizer['x-amazon-apigateway-authorizer']).not.toHaveProperty(
      'identitySource',
    );
  });

  test('throttles the stage at 1,000 requests per second by default, and single methods as the document says', () => {
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      StageName: 'prod',
      MethodSettings: [
        Match.objectLike({
          ResourcePath: '/*',
          HttpMethod: '*',
          ThrottlingRateLimit: 1000,
          ThrottlingBurstLimit: 500,
        }),
        Match.objectLike({
          ResourcePath: '/~1orders~1{orderId}',
          HttpMethod: 'GET',
          ThrottlingRateLimit: 10,
        }),
      ],
    });
  });

  test('takes another throttle and stage name', () => {
    templateOf({ throttle: { rate: 10, burst: 5 }, stageName: 'live' }).hasResourceProperties(
      'AWS::ApiGateway::Stage',
      {
        StageName: 'live',
        MethodSettings: Match.arrayWith([
          Match.objectLike({ ResourcePath: '/*', ThrottlingRateLimit: 10, ThrottlingBurstLimit: 5 }),
        ]),
      },
    );
  });

  test('keeps the access log for a year, also when the stack is deleted', () => {
    template.hasResource('AWS::Logs::LogGroup', {
      DeletionPolicy: 'RetainExceptOnCreate',
      Properties: { RetentionInDays: 365 },
    });
    templateOf({ audit: { retention: logs.RetentionDays.ONE_WEEK } }).hasResource('AWS::Logs::LogGroup', {
      DeletionPolicy: 'RetainExceptOnCreate',
      Properties: { RetentionInDays: 7 },
    });
  });

  test('waits for the logging role, unless the account has one', () => {
    const [stage] = Object.values(template.findResources('AWS::ApiGateway::Stage'));
    const [role] = Object.keys(template.findResources('Custom::ApiGatewayLoggingRole'));
    expect(stage?.['DependsOn']).toContain(role);

    const existing = templateOf({ audit: { loggingRole: LoggingRole.EXISTING } });
    existing.resourceCountIs('Custom::ApiGatewayLoggingRole', 0);
    expect(JSON.stringify(existing.findResources('AWS::Lambda::Function'))).not.toContain('logging role');
  });

  test('never touches the account-wide logging role by CloudFormation', () => {
    template.resourceCountIs('AWS::ApiGateway::Account', 0);
  });

  test('associates a web ACL with the stage', () => {
    template.resourceCountIs('AWS::WAFv2::WebACL', 1);
    template.hasResourceProperties('AWS::WAFv2::WebACLAssociation', {
      ResourceArn: Match.objectLike({ 'Fn::Join': Match.anyValue() }),
    });
  });

  test('takes a web ACL that is defined elsewhere in place of its own', () => {
    const arn = 'arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/central/1';
    const { stack, vpc, loadBalancer } = gatewayStack();
    new SecureApiGateway(stack, 'Other', {
      definition: documentOf(),
      authentication: CUSTOMER,
      backends: { orders: Backend.applicationLoadBalancer(loadBalancer, { serverName: SERVER_NAME, vpc }) },
      webAcl: WebAcl.fromWebAclArn(stack, 'Central', arn),
    });

    const both = Template.fromStack(stack);
    both.resourceCountIs('AWS::WAFv2::WebACL', 1);
    both.hasResourceProperties('AWS::WAFv2::WebACLAssociation', { WebACLArn: arn });
  });

  test('lets several gateways of a stack share the logging role', () => {
    const { stack, loadBalancer } = gatewayStack();
    new SecureApiGateway(stack, 'Other', {
      definition: documentOf(),
      authentication: CUSTOMER,
      backends: { orders: Backend.applicationLoadBalancer(loadBalancer, { serverName: SERVER_NAME }) },
    });

    const both = Template.fromStack(stack);
    both.resourceCountIs('Custom::ApiGatewayLoggingRole', 1);
    both.resourceCountIs('AWS::ApiGateway::RestApi', 2);
  });

  test('tells the local gateway which URIs belong to which backend', () => {
    template.hasResource('AWS::ApiGateway::RestApi', {
      Metadata: { 'secure-api-gateway:backends': { orders: { uri: `https://${SERVER_NAME}` } } },
    });
  });

  test('hands out its URL', () => {
    const { stack, gateway } = gatewayStack();

    expect(stack.resolve(gateway.url)).toMatchObject({
      'Fn::Join': ['', expect.arrayContaining(['https://'])],
    });
    expect(Object.keys(Template.fromStack(stack).findOutputs('*'))).toEqual([expect.stringMatching(/Url/)]);
  });

  test('defines the same number of resources for any number of operations', () => {
    const generated = (operations: number) =>
      Object.keys(
        templateOf({
          definition: documentOf(JSON.stringify(generatedDocument(operations))),
        }).toJSON()['Resources'],
      ).length;

    expect(generated(200)).toBe(generated(4));
  });

  test('works with an imported VPC and load balancer', () => {
    const stack = new Stack(quickApp(), 'Orders', { env: ENVIRONMENT });
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1',
      availabilityZones: ['eu-west-1a', 'eu-west-1b'],
      privateSubnetIds: ['subnet-1', 'subnet-2'],
    });
    new SecureApiGateway(stack, 'Gateway', {
      definition: documentOf(),
      authentication: CUSTOMER,
      backends: {
        orders: Backend.applicationLoadBalancer(loadBalancerIn(stack, vpc), { serverName: SERVER_NAME }),
      },
    });

    Template.fromStack(stack).hasResourceProperties('AWS::ApiGatewayV2::VpcLink', {
      SubnetIds: ['subnet-1', 'subnet-2'],
    });
  });
});

describe('the deployment', () => {
  test('stays the same for the same gateway', () => {
    expect(deploymentOf(gatewayStack())).toBe(deploymentOf(gatewayStack()));
  });

  test('is replaced when the document changes', () => {
    const changed = DOCUMENT.replace(
      'operationId: listOrders',
      'operationId: listOrders\n      x-gateway: { timeout: 5s }',
    );

    expect(deploymentOf(gatewayStack({ definition: documentOf(changed) }))).not.toBe(
      deploymentOf(gatewayStack()),
    );
  });

  test.each<[string, (restApi: apigateway.CfnRestApi) => void]>([
    [
      'a property override',
      (restApi) => restApi.addPropertyOverride('Body.paths./orders.get.summary', 'Lists'),
    ],
    ['a deletion', (restApi) => restApi.addPropertyDeletionOverride('Body.paths./orders.get')],
    ['a property', (restApi) => restApi.addPropertyOverride('MinimumCompressionSize', 0)],
  ])('is replaced when %s amends the API', (_what, amend) => {
    const plain = deploymentOf(gatewayStack());
    const amended = gatewayStack();
    amend(amended.gateway.node.defaultChild as apigateway.CfnRestApi);

    expect(deploymentOf(amended)).not.toBe(plain);
  });

  test('is replaced when an aspect amends the API at the last moment', () => {
    const amended = gatewayStack();
    Aspects.of(amended.stack).add({
      visit: (node) => {
        if (node instanceof CfnResource && node.cfnResourceType === 'AWS::ApiGateway::RestApi') {
          node.addPropertyOverride('Body.info.description', 'amended');
        }
      },
    });

    expect(deploymentOf(amended)).not.toBe(deploymentOf(gatewayStack()));
  });

  test('carries amendments of the body into the template', () => {
    const { stack, gateway } = gatewayStack();
    const restApi = gateway.node.defaultChild as apigateway.CfnRestApi;
    restApi.addPropertyOverride('Body.paths./orders.get.summary', 'Lists');
    restApi.addPropertyDeletionOverride('Body.paths./orders.post');

    const { paths } = bodyOf(Template.fromStack(stack));
    expect(paths['/orders']?.['get']?.['summary']).toBe('Lists');
    expect(paths['/orders']).not.toHaveProperty('post');
  });

  test('is replaced together with the VPC link', () => {
    const two = gatewayStack({ backend: { linkSubnets: { availabilityZones: ['dummy1a', 'dummy1b'] } } });
    const other = gatewayStack({ backend: { linkSubnets: { availabilityZones: ['dummy1b', 'dummy1c'] } } });

    expect(linkOf(two)).not.toBe(linkOf(other));
    expect(deploymentOf(two)).not.toBe(deploymentOf(other));
  });

  test.each([
    ['Name', 'orders-2'],
    ['Scheme', 'internet-facing'],
  ])('is replaced together with a load balancer whose %s changes', (property, value) => {
    const changed = gatewayStack({ backend: { allowInternetFacing: true } });
    const resource = changed.loadBalancer.node.defaultChild as CfnResource;
    resource.addPropertyOverride(property, value);

    expect(deploymentOf(changed)).not.toBe(
      deploymentOf(gatewayStack({ backend: { allowInternetFacing: true } })),
    );
  });

  test('stays when only the stage changes', () => {
    expect(deploymentOf(gatewayStack({ throttle: { rate: 1, burst: 1 } }))).toBe(
      deploymentOf(gatewayStack()),
    );
  });

  function linkOf({ stack }: ReturnType<typeof gatewayStack>): string | undefined {
    return Object.keys(Template.fromStack(stack).findResources('AWS::ApiGatewayV2::VpcLink'))[0];
  }

  function deploymentOf({ stack }: ReturnType<typeof gatewayStack>): string | undefined {
    return Object.keys(Template.fromStack(stack).findResources('AWS::ApiGateway::Deployment'))[0];
  }
});

describe('a gateway that is wrongly described', () => {
  test('names every problem of document and props at once', () => {
    expect(
      codesOf(() =>
        gatewayStack({
          definition: documentOf(DOCUMENT.replace('security: [{ customer: [] }]', '')),
          authentication: {
            customer: Authentication.jwt({ issuer: 'http://id.example.com/', audiences: [] }),
          },
          backend: { serverName: 'not a name', basePath: 'v2/' },
          tiers: { free: { rate: 0, burst: 1 } },
          revokeWithin: Duration.days(1),
          stageName: 'a stage',
        }),
      ),
    ).toEqual(
      expect.arrayContaining([
        'NO_AUDIENCE',
        'INSECURE_URL',
        'BACKEND_SERVER_NAME',
        'BACKEND_BASE_PATH',
        'TIER_LIMIT',
        'REVOKE_WITHIN',
        'STAGE_NAME',
        expect.stringMatching(/SECURITY|OPEN/),
      ]),
    );
  });

  test.each(['/v2', 'v2/', 'a/b', '', 'ping'])(
    'fails with the base path %j, which no rule on paths would meet',
    (basePath) => {
      expect(codesOf(() => gatewayStack({ basePaths: ['v1', basePath] }))).toEqual(['BASE_PATHS']);
    },
  );

  describe('behind a web ACL that is defined elsewhere', () => {
    const ARN = 'arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/central/1';
    const restricted = documentOf(
      DOCUMENT.replace(
        'operationId: listOrders',
        'operationId: listOrders\n      x-gateway: { onlyFrom: office }',
      ),
    );
    const office = { office: ['203.0.113.0/24'] };
    const restrictions = [{ method: 'GET', path: '/orders', networks: 'office' }];
    const elsewhere = () => new Stack(quickApp(), 'Elsewhere');

    test('fails with edge options, which would have no effect', () => {
      const webAcl = WebAcl.fromWebAclArn(elsewhere(), 'Central', ARN);

      expect(codesOf(() => gatewayStack({ webAcl, edge: { deny: ['198.51.100.0/24'] } }))).toEqual([
        'EDGE_UNUSED',
      ]);
      expect(codesOf(() => gatewayStack({ webAcl, edge: {} }))).toEqual([]);
    });

    test('warns of what its log may show of credentials, and of what the document redacts', () => {
      const redacting = documentOf(
        DOCUMENT.replace(
          'operationId: listOrders',
          `operationId: listOrders
      parameters:
        - { name: pin, in: query, x-gateway-redact: true, schema: { type: string } }
        - { name: Session, in: cookie, x-gateway-redact: true, schema: { type: string } }`,
        ).replace('name: orderId, in: path,', 'name: orderId, in: path, x-gateway-redact: true,'),
      );
      const warnings = (webAclOf?: (scope: Stack) => IWebAcl) => {
        const app = quickApp();
        const webAcl = webAclOf?.(new Stack(app, 'Elsewhere', { env: ENVIRONMENT }));
        const { stack } = gatewayStack({ definition: redacting, ...(webAcl && { webAcl }) }, app);
        return Annotations.fromStack(stack)
          .findWarning('*', Match.stringLikeRegexp('hides in its log'))
          .map(({ entry }) => String(entry.data).replace(/.*in its log: (.*); hide.*/s, '$1'));
      };
      const redaction = { queryArguments: ['PIN'], path: true };

      expect(warnings((scope) => WebAcl.fromWebAclArn(scope, 'Central', ARN))).toEqual([
        'header authorization, header cookie, query parameter pin, cookie Session, paths',
      ]);
      expect(warnings((scope) => new WebAcl(scope, 'WebAcl', {}))).toEqual(['query parameter pin, paths']);
      expect(warnings((scope) => new WebAcl(scope, 'WebAcl', { redaction }))).toEqual([]);
      expect(warnings()).toEqual([]);
    });

    test('fails with an operation for some networks, unless that web ACL is known to refuse others', () => {
      const codes = (webAcl: IWebAcl) => codesOf(() => gatewayStack({ definition: restricted, webAcl }));

      expect(codes(WebAcl.fromWebAclArn(elsewhere(), 'Central', ARN))).toEqual(['ONLY_FROM_WEB_ACL']);
      expect(codes(new WebAcl(elsewhere(), 'WebAcl', {}))).toEqual(['ONLY_FROM_WEB_ACL']);
      expect(codes(new WebAcl(elsewhere(), 'WebAcl', { networks: office, restrictions }))).toEqual([]);
    });
  });

  test('fails when the document names a backend or scheme that the props lack', () => {
    expect(codesOf(() => gatewayStack({ authentication: { other: authentication } }))).toEqual(
      expect.arrayContaining(['SCHEME_WITHOUT_AUTHENTICATION', 'AUTHENTICATION_WITHOUT_SCHEME']),
    );
    expect(
      codesOf(() =>
        gatewayStack({ definition: documentOf(DOCUMENT.replace('backend: orders', 'backend: order')) }),
      ),
    ).toContain('UNKNOWN_BACKEND');
  });

  test('fails when the props name a scheme or backend that the document lacks', () => {
    const { loadBalancer } = gatewayStack();
    const backend = Backend.applicationLoadBalancer(loadBalancer, { serverName: SERVER_NAME });

    expect(codesOf(() => gatewayStack({ authentication: { ...CUSTOMER, partner: authentication } }))).toEqual(
      ['AUTHENTICATION_WITHOUT_SCHEME'],
    );
    expect(codesOf(() => gatewayStack({ backends: { orders: backend, payments: backend } }))).toEqual([
      'UNUSED_BACKEND',
    ]);
  });

  const authentication = Authentication.jwt({ issuer: 'https://id.example.com/', audiences: ['orders'] });
});

function templateOf(props: FixtureProps = {}): Template {
  return Template.fromStack(gatewayStack(props).stack);
}

interface Body {
  readonly paths: Record<string, Record<string, Record<string, unknown>>>;
  readonly components: { readonly securitySchemes: Record<string, Record<string, object>> };
}

function bodyOf(template: Template) {
  const [api] = Object.values(template.findResources('AWS::ApiGateway::RestApi'));
  return api?.['Properties'].Body as Body & {
    components: { securitySchemes: { authorizer: Record<string, object> } };
  };
}

function operationsOf(template: Template): Record<string, unknown>[] {
  // what the gateway answers itself has no backend to protect
  return Object.entries(bodyOf(template).paths)
    .filter(([path]) => !path.startsWith('/.well-known/'))
    .flatMap(([, operations]) => Object.values(operations));
}
