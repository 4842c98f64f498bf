import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Backend } from '../../lib';
import {
  certificateOf,
  ENVIRONMENT,
  gatewayStack,
  loadBalancerIn,
  quickApp,
  SERVER_NAME,
} from '../fixtures/gateway';
import { codesOf } from '../fixtures/problems';
import {
  ALB_ARN,
  gatewayBefore,
  integrationOf,
  networkStack,
  resourceOf,
  stackBefore,
  TWO_BACKENDS,
  twoBackends,
} from './gateways';

describe('the way to a backend', () => {
  test('leads from the link to the listener only, and the load balancer admits the link only', () => {
    const template = Template.fromStack(gatewayStack().stack);

    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'VPC link of the API gateway',
      // a rule of its own replaces EC2's implicit one, which would let everything out
      SecurityGroupEgress: Match.absent(),
      SecurityGroupIngress: Match.absent(),
    });
    template.resourceCountIs('AWS::EC2::SecurityGroupEgress', 1);
    template.hasResourceProperties('AWS::EC2::SecurityGroupEgress', { FromPort: 443, ToPort: 443 });
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      FromPort: 443,
      ToPort: 443,
      SourceSecurityGroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('LinksVpc.*Group'), 'GroupId'] },
    });
  });

  test('stands in private subnets of at least two zones, with a group of its own', () => {
    Template.fromStack(gatewayStack().stack).hasResourceProperties('AWS::ApiGatewayV2::VpcLink', {
      SubnetIds: [
        { Ref: Match.stringLikeRegexp('PrivateSubnet1') },
        { Ref: Match.stringLikeRegexp('PrivateSubnet2') },
        { Ref: Match.stringLikeRegexp('PrivateSubnet3') },
      ],
      SecurityGroupIds: [{ 'Fn::GetAtt': [Match.anyValue(), 'GroupId'] }],
    });
    Template.fromStack(gatewayStack().stack).resourceCountIs('AWS::ApiGateway::VpcLink', 0);
  });

  test('leads to a load balancer of another stack without a cycle', () => {
    const app = quickApp();
    const services = new Stack(app, 'Services', { env: ENVIRONMENT });
    const vpc = new ec2.Vpc(services, 'Vpc');
    const loadBalancer = loadBalancerIn(services, vpc);
    const edge = new Stack(app, 'Edge', { env: ENVIRONMENT });
    gatewayBefore(edge, 'Gateway', {
      orders: Backend.applicationLoadBalancer(loadBalancer, { serverName: SERVER_NAME }),
    });

    Template.fromStack(edge).hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      GroupId: { 'Fn::ImportValue': Match.stringLikeRegexp('AlbSecurityGroup') },
      FromPort: 443,
    });
    Template.fromStack(services).resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
    expect(services.dependencies).toEqual([]);
  });

  test('leads to an imported load balancer', () => {
    const stack = new Stack(quickApp(), 'Orders', { env: ENVIRONMENT });
    const vpc = new ec2.Vpc(stack, 'Vpc');
    const imported = elbv2.ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(stack, 'Alb', {
      loadBalancerArn: ALB_ARN,
      securityGroupId: 'sg-1',
      vpc,
    });
    gatewayBefore(stack, 'Gateway', {
      orders: Backend.applicationLoadBalancer(imported, { serverName: SERVER_NAME }),
    });

    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      GroupId: 'sg-1',
      FromPort: 443,
      ToPort: 443,
    });
    expect(integrationOf(stack, '/orders', 'get')).toMatchObject({ integrationTarget: ALB_ARN });
  });

  test('leads to one listener, on its port', () => {
    const stack = new Stack(quickApp(), 'Orders', { env: ENVIRONMENT });
    const loadBalancer = new elbv2.ApplicationLoadBalancer(stack, 'Alb', { vpc: new ec2.Vpc(stack, 'Vpc') });
    const listener = loadBalancer.addListener('Tls', {
      port: 9443,
      protocol: elbv2.ApplicationProtocol.HTTPS,
      certificates: [certificateOf(stack)],
      open: false,
      defaultAction: elbv2.ListenerAction.fixedResponse(404),
    });
    gatewayBefore(stack, 'Gateway', {
      orders: Backend.applicationListener(listener, { serverName: SERVER_NAME }),
    });

    expect(integrationOf(stack, '/orders', 'get')).toMatchObject({
      uri: `https://${SERVER_NAME}:9443/orders`,
      integrationTarget: { Ref: expect.stringMatching(/Alb/) },
    });
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: 9443 });
  });

  test('leads to a Network Load Balancer with a group', () => {
    const { stack } = networkStack(true);

    expect(integrationOf(stack, '/orders', 'get')).toMatchObject({
      integrationTarget: { Ref: expect.stringMatching(/Nlb/) },
    });
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: 443 });
  });

  test('is one link for all backends of a VPC', () => {
    const { stack, loadBalancer, vpc } = gatewayStack();
    const payments = loadBalancerIn(stack, vpc, 'PaymentsAlb');
    gatewayBefore(stack, 'Both', twoBackends(loadBalancer, payments), TWO_BACKENDS);

    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::ApiGatewayV2::VpcLink', 2);
    expect(integrationOf(stack, '/orders', 'get', 1)?.['connectionId']).toEqual(
      integrationOf(stack, '/health', 'get', 1)?.['connectionId'],
    );
    expect(integrationOf(stack, '/orders', 'get', 1)?.['integrationTarget']).not.toEqual(
      integrationOf(stack, '/health', 'get', 1)?.['integrationTarget'],
    );
  });

  test('is another link in another VPC', () => {
    const { stack, loadBalancer } = gatewayStack();
    const payments = loadBalancerIn(stack, new ec2.Vpc(stack, 'OtherVpc'), 'PaymentsAlb');
    gatewayBefore(stack, 'Both', twoBackends(loadBalancer, payments), TWO_BACKENDS);

    Template.fromStack(stack).resourceCountIs('AWS::ApiGatewayV2::VpcLink', 3);
    expect(integrationOf(stack, '/orders', 'get', 1)?.['connectionId']).not.toEqual(
      integrationOf(stack, '/health', 'get', 1)?.['connectionId'],
    );
  });

  test('stays the link it is whatever other backend is named before', () => {
    const linksOf = (inOrder: (...backends: [string, Backend][]) => [string, Backend][]) => {
      const { stack, loadBalancer } = gatewayStack();
      const payments = loadBalancerIn(stack, new ec2.Vpc(stack, 'OtherVpc'), 'PaymentsAlb');
      const backends = Object.entries(twoBackends(loadBalancer, payments));
      gatewayBefore(stack, 'Both', Object.fromEntries(inOrder(...backends)), TWO_BACKENDS);
      return ['AWS::ApiGatewayV2::VpcLink', 'AWS::EC2::SecurityGroup'].flatMap((type) =>
        Object.keys(Template.fromStack(stack).findResources(type)).sort(),
      );
    };

    expect(linksOf((...backends) => backends.reverse())).toEqual(linksOf((...backends) => backends));
  });
});

describe('a way past the gateway', () => {
  test('is an internet-facing load balancer', () => {
    expect(codesOf(() => stackBefore({ internetFacing: true }))).toEqual(['BACKEND_INTERNET_FACING']);
    expect(codesOf(() => stackBefore({ internetFacing: true }, { allowInternetFacing: true }))).toEqual([]);
  });

  test('is a listener that admits any address', () => {
    expect(() => Template.fromStack(stackBefore({}, {}, { open: true }))).toThrow('BACKEND_OPEN_GROUP');
    expect(() => Template.fromStack(stackBefore({}, { allowOpenGroup: true }, { open: true }))).not.toThrow();
  });

  test('is a rule for any address that is added after the gateway', () => {
    const { stack, loadBalancer } = gatewayStack();
    loadBalancer.connections.allowFromAnyIpv4(ec2.Port.tcp(443));

    expect(() => Template.fromStack(stack)).toThrow('BACKEND_OPEN_GROUP');
  });

  test.each<[string, string, (parts: ReturnType<typeof gatewayStack>) => unknown]>([
    [
      'a rule for any address that names the group from elsewhere in the app',
      'BACKEND_OPEN_GROUP',
      ({ stack, loadBalancer }) =>
        new ec2.CfnSecurityGroupIngress(stack, 'Rule', {
          groupId: loadBalancer.connections.securityGroups[0]!.securityGroupId,
          ipProtocol: '-1',
          cidrIp: '0.0.0.0/0',
        }),
    ],
    [
      'an override of the scheme',
      'BACKEND_INTERNET_FACING',
      ({ loadBalancer }) => resourceOf(loadBalancer).addPropertyOverride('Scheme', 'internet-facing'),
    ],
    [
      'an override of the protocol',
      'BACKEND_PLAIN_HTTP',
      ({ loadBalancer }) => resourceOf(loadBalancer.listeners[0]!).addPropertyOverride('Protocol', 'HTTP'),
    ],
  ])('is %s', (_what, code, open) => {
    const parts = gatewayStack();
    expect(() => Template.fromStack(parts.stack)).not.toThrow();

    const opened = gatewayStack();
    open(opened);
    expect(() => Template.fromStack(opened.stack)).toThrow(code);
  });

  test('is an imported group that is opened here', () => {
    const stack = new Stack(quickApp(), 'Orders', { env: ENVIRONMENT });
    const imported = elbv2.ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(stack, 'Alb', {
      loadBalancerArn: ALB_ARN,
      securityGroupId: 'sg-1',
      vpc: new ec2.Vpc(stack, 'Vpc'),
    });
    gatewayBefore(stack, 'Gateway', {
      orders: Backend.applicationLoadBalancer(imported, { serverName: SERVER_NAME }),
    });
    imported.connections.allowFrom(ec2.Peer.anyIpv6(), ec2.Port.tcp(443));

    expect(() => Template.fromStack(stack)).toThrow('BACKEND_OPEN_GROUP');
  });

  test('is a listener without TLS', () => {
    const plain = { port: 443, protocol: elbv2.ApplicationProtocol.HTTP, certificates: [] };

    expect(() => Template.fromStack(stackBefore({}, {}, plain))).toThrow('BACKEND_PLAIN_HTTP');
    expect(() =>
      Template.fromStack(stackBefore({}, { allowPlainHttp: true }, { ...plain, port: 80 })),
    ).not.toThrow();
  });

  test('is a Network Load Balancer without a group', () => {
    const { stack } = networkStack(false);

    expect(() => Template.fromStack(stack)).toThrow('BACKEND_NO_GROUP');
  });

  test('is a link in a public subnet', () => {
    const linkSubnets = { subnetType: ec2.SubnetType.PUBLIC };

    expect(codesOf(() => gatewayStack({ backend: { linkSubnets } }))).toEqual(['LINK_PUBLIC_SUBNET']);
  });

  test('is not needed to fail a link in one zone only, or a load balancer nobody listens at', () => {
    expect(
      codesOf(() => gatewayStack({ backend: { linkSubnets: { availabilityZones: ['dummy1a'] } } })),
    ).toEqual(['LINK_ZONES']);
    expect(() => Template.fromStack(gatewayStack({ backend: { port: 444 } }).stack)).toThrow(
      'BACKEND_LISTENER',
    );
  });

  test('cannot be told of an imported load balancer without VPC, or an imported listener without load balancer', () => {
    const stack = new Stack(quickApp(), 'Orders', { env: ENVIRONMENT });
    const imported = elbv2.ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(stack, 'Alb', {
      loadBalancerArn: ALB_ARN,
      securityGroupId: 'sg-1',
    });
    const listener = elbv2.ApplicationListener.fromApplicationListenerAttributes(stack, 'Listener', {
      listenerArn: ALB_ARN.replace('loadbalancer', 'listener'),
      securityGroup: ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1'),
    });
    const codes = (backend: Backend) => codesOf(() => gatewayBefore(stack, 'Gateway', { orders: backend }));

    expect(codes(Backend.applicationLoadBalancer(imported, { serverName: SERVER_NAME }))).toEqual([
      'BACKEND_VPC',
    ]);
    stack.node.tryRemoveChild('Gateway');
    expect(codes(Backend.applicationListener(listener, { serverName: SERVER_NAME }))).toEqual([
      'BACKEND_LOAD_BALANCER',
      'BACKEND_VPC',
    ]);
  });
});
