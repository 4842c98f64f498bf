import { admit, originsPast, otherGroup } from './planted';
import { add, arn, groupId, IDS, type Planted, propertiesOf, ref } from './service';

describe('the paths to a backend', () => {
  test.each<[string, string, (template: Planted) => void]>([
    [
      'an internet-facing load balancer',
      'internet certain',
      (template) => {
        propertiesOf(template, IDS.loadBalancer)['Scheme'] = 'internet-facing';
      },
    ],
    [
      'a load balancer without a group',
      'network certain',
      (template) => {
        delete propertiesOf(template, IDS.loadBalancer)['SecurityGroups'];
      },
    ],
    [
      'a group of the load balancer that admits any IPv4 address',
      'network certain',
      (template) => admit(template, IDS.loadBalancerGroup, { CidrIp: '0.0.0.0/0' }),
    ],
    [
      'a group of the load balancer that admits any IPv6 address',
      'network certain',
      (template) => admit(template, IDS.loadBalancerGroup, { CidrIpv6: '::/0' }),
    ],
    [
      'a group of the load balancer that admits the whole VPC',
      'network certain',
      (template) =>
        admit(template, IDS.loadBalancerGroup, { CidrIp: { 'Fn::GetAtt': [IDS.vpc, 'CidrBlock'] } }),
    ],
    [
      'a rule that stands inside the group',
      'network certain',
      (template) => {
        propertiesOf(template, IDS.loadBalancerGroup)['SecurityGroupIngress'] = [
          { IpProtocol: '-1', CidrIp: '10.0.0.0/8' },
        ];
      },
    ],
    [
      'a group that another function carries',
      'group certain',
      (template) => {
        otherGroup(template);
        admit(template, IDS.loadBalancerGroup, { SourceSecurityGroupId: groupId('OtherGroup') });
        add(template, 'Job', 'AWS::Lambda::Function', {
          VpcConfig: { SecurityGroupIds: [groupId('OtherGroup')] },
        });
      },
    ],
    [
      'a group that nobody carries yet',
      'group certain',
      (template) => {
        otherGroup(template);
        admit(template, IDS.loadBalancerGroup, { SourceSecurityGroupId: groupId('OtherGroup') });
      },
    ],
    [
      'a group of another template',
      'unknown unknown',
      (template) => admit(template, IDS.loadBalancerGroup, { SourceSecurityGroupId: 'sg-0123456789' }),
    ],
    [
      'a group that is a parameter',
      'unknown unknown',
      (template) => admit(template, IDS.loadBalancerGroup, { SourceSecurityGroupId: ref('GroupParameter') }),
    ],
    [
      'a prefix list',
      'unknown unknown',
      (template) => admit(template, IDS.loadBalancerGroup, { SourcePrefixListId: 'pl-1' }),
    ],
    [
      "something else that carries the VPC link's group",
      'group certain',
      (template) =>
        add(template, 'Bastion', 'AWS::EC2::Instance', { SecurityGroupIds: [groupId(IDS.linkGroup)] }),
    ],
    [
      'an internet-facing load balancer before the load balancer',
      'internet certain',
      (template) => {
        add(template, 'Front', 'AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internet-facing' });
        add(template, 'FrontTargets', 'AWS::ElasticLoadBalancingV2::TargetGroup', {
          TargetType: 'alb',
          Targets: [{ Id: ref(IDS.loadBalancer) }],
        });
        add(template, 'FrontListener', 'AWS::ElasticLoadBalancingV2::Listener', {
          LoadBalancerArn: ref('Front'),
          DefaultActions: [{ Type: 'forward', TargetGroupArn: ref('FrontTargets') }],
        });
      },
    ],
    [
      "an internet-facing load balancer before the load balancer's targets",
      'internet certain',
      (template) => {
        add(template, 'Second', 'AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internet-facing' });
        add(template, 'SecondListener', 'AWS::ElasticLoadBalancingV2::Listener', {
          LoadBalancerArn: ref('Second'),
          DefaultActions: [{ Type: 'forward', TargetGroupArn: ref(IDS.targets) }],
        });
      },
    ],
    [
      'a group of a target that admits any address, the target being on the internet',
      'internet certain',
      (template) => {
        const network = propertiesOf(template, IDS.service)['NetworkConfiguration'] as {
          AwsvpcConfiguration: Record<string, unknown>;
        };
        network.AwsvpcConfiguration['AssignPublicIp'] = 'ENABLED';
        network.AwsvpcConfiguration['Subnets'] = [ref(IDS.publicSubnet)];
        admit(template, IDS.serviceGroup, { CidrIp: '0.0.0.0/0' });
      },
    ],
    [
      'a group of a target that admits any address within the network',
      'network certain',
      (template) => admit(template, IDS.serviceGroup, { CidrIp: '0.0.0.0/0' }),
    ],
    [
      'a function URL of a function whose group the load balancer admits',
      'internet certain',
      (template) => {
        otherGroup(template);
        admit(template, IDS.loadBalancerGroup, { SourceSecurityGroupId: groupId('OtherGroup') });
        add(template, 'Job', 'AWS::Lambda::Function', {
          VpcConfig: { SecurityGroupIds: [groupId('OtherGroup')] },
        });
        add(template, 'JobUrl', 'AWS::Lambda::Url', { AuthType: 'NONE', TargetFunctionArn: arn('Job') });
      },
    ],
    [
      'an instance on the internet whose group the load balancer admits',
      'internet certain',
      (template) => {
        otherGroup(template);
        admit(template, IDS.loadBalancerGroup, { SourceSecurityGroupId: groupId('OtherGroup') });
        admit(template, 'OtherGroup', { CidrIp: '0.0.0.0/0' }, 'FromAnywhere');
        add(template, 'Bastion', 'AWS::EC2::Instance', {
          NetworkInterfaces: [
            {
              AssociatePublicIpAddress: true,
              GroupSet: [groupId('OtherGroup')],
              SubnetId: ref(IDS.publicSubnet),
            },
          ],
        });
      },
    ],
    [
      'a peered VPC',
      'unknown unknown',
      (template) =>
        add(template, 'Peering', 'AWS::EC2::VPCPeeringConnection', {
          VpcId: ref(IDS.vpc),
          PeerVpcId: 'vpc-2',
        }),
    ],
    [
      'a transit gateway',
      'unknown unknown',
      (template) =>
        add(template, 'Transit', 'AWS::EC2::TransitGatewayAttachment', {
          VpcId: ref(IDS.vpc),
          SubnetIds: [ref(IDS.privateSubnet)],
        }),
    ],
    [
      'a VPN gateway',
      'unknown unknown',
      (template) =>
        add(template, 'Vpn', 'AWS::EC2::VPCGatewayAttachment', {
          VpcId: ref(IDS.vpc),
          VpnGatewayId: 'vgw-1',
        }),
    ],
  ])('include %s', (_what, expected, plant) => {
    expect(originsPast(plant)).toContain(expected);
  });
});
