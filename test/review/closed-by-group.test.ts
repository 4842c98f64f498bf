import { job, originsPast, type Properties } from './planted';
import { add, groupId, IDS, type Planted, propertiesOf, ref } from './service';

/** What CDK writes where nothing may leave. */
const NOTHING = { IpProtocol: 'icmp', CidrIp: '255.255.255.255/32', FromPort: 252, ToPort: 86 };
const toGroup = (id: string, FromPort = 443, ToPort = FromPort) => ({
  IpProtocol: 'tcp',
  DestinationSecurityGroupId: groupId(id),
  FromPort,
  ToPort,
});

describe('a way from a group that another function carries', () => {
  test.each<[string, Properties[]]>([
    ['nothing', [NOTHING]],
    ['another port', [toGroup(IDS.loadBalancerGroup, 5432)]],
    ['ports beside it', [toGroup(IDS.loadBalancerGroup, 444, 65_535)]],
    ['another group', [toGroup(IDS.databaseGroup)]],
    ['addresses elsewhere', [{ IpProtocol: '-1', CidrIp: '192.168.0.0/16' }]],
    ['IPv6 addresses, where the subnets have none', [{ IpProtocol: '-1', CidrIpv6: '::/0' }]],
    ['ICMP', [{ IpProtocol: 1, CidrIp: '0.0.0.0/0' }]],
  ])('is none where its rules let out to %s', (_, egress) => {
    expect(originsPast((template) => job(template, { SecurityGroupEgress: egress }))).toEqual([]);
  });

  test.each<[string, (template: Planted) => void]>([
    ['nothing is said', (template) => job(template, {})],
    ['the list is empty', (template) => job(template, { SecurityGroupEgress: [] })],
    [
      'everything',
      (template) => job(template, { SecurityGroupEgress: [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }] }),
    ],
    [
      "the load balancer's group",
      (template) => job(template, { SecurityGroupEgress: [toGroup(IDS.loadBalancerGroup)] }),
    ],
    [
      'the port among others, as text',
      (template) =>
        job(template, {
          SecurityGroupEgress: [{ IpProtocol: 'tcp', CidrIp: '10.0.0.0/8', FromPort: '1', ToPort: '1024' }],
        }),
    ],
    [
      'a prefix list',
      (template) =>
        job(template, { SecurityGroupEgress: [{ IpProtocol: '-1', DestinationPrefixListId: 'pl-1' }] }),
    ],
    [
      'a group that is a parameter',
      (template) =>
        job(template, {
          SecurityGroupEgress: [
            { IpProtocol: 'tcp', DestinationSecurityGroupId: ref('Group'), FromPort: 443, ToPort: 443 },
          ],
        }),
    ],
    [
      'a group by its id',
      (template) =>
        job(template, {
          SecurityGroupEgress: [
            { IpProtocol: 'tcp', DestinationSecurityGroupId: 'sg-1', FromPort: 443, ToPort: 443 },
          ],
        }),
    ],
    [
      'a range that is a parameter',
      (template) => job(template, { SecurityGroupEgress: [{ IpProtocol: '-1', CidrIp: ref('Range') }] }),
    ],
    [
      'a port that is a parameter',
      (template) =>
        job(template, {
          SecurityGroupEgress: [{ ...toGroup(IDS.loadBalancerGroup), FromPort: ref('Port') }],
        }),
    ],
    [
      'what a condition chooses',
      (template) => job(template, { SecurityGroupEgress: { 'Fn::If': ['Open', [], [NOTHING]] } }),
    ],
    [
      'more by a rule of its own',
      (template) => {
        job(template, { SecurityGroupEgress: [NOTHING] });
        add(template, 'Out', 'AWS::EC2::SecurityGroupEgress', {
          GroupId: groupId('JobGroup'),
          ...toGroup(IDS.loadBalancerGroup),
        });
      },
    ],
    [
      'more by a rule whose group is a parameter',
      (template) => {
        job(template, { SecurityGroupEgress: [NOTHING] });
        add(template, 'Out', 'AWS::EC2::SecurityGroupEgress', {
          GroupId: ref('Group'),
          ...toGroup(IDS.loadBalancerGroup),
        });
      },
    ],
    [
      'what a nested stack adds',
      (template) => {
        job(template, { SecurityGroupEgress: [NOTHING] });
        add(template, 'Nested', 'AWS::CloudFormation::Stack', { Parameters: { Group: groupId('JobGroup') } });
      },
    ],
    [
      'addresses elsewhere, where the load balancer has one on the internet',
      (template) => {
        job(template, { SecurityGroupEgress: [{ IpProtocol: '-1', CidrIp: '203.0.113.0/24' }] });
        propertiesOf(template, IDS.loadBalancer)['Scheme'] = 'internet-facing';
      },
    ],
    [
      'nothing, while it carries a second group that lets out',
      (template) => {
        job(template, { SecurityGroupEgress: [NOTHING] });
        add(template, 'Second', 'AWS::EC2::SecurityGroup', { VpcId: ref(IDS.vpc) });
        propertiesOf(template, 'Job')['VpcConfig'] = {
          SecurityGroupIds: [groupId('JobGroup'), groupId('Second')],
        };
      },
    ],
    [
      'nothing, while it carries a group that is a parameter',
      (template) => {
        job(template, { SecurityGroupEgress: [NOTHING] });
        propertiesOf(template, 'Job')['VpcConfig'] = {
          SecurityGroupIds: [groupId('JobGroup'), ref('Group')],
        };
      },
    ],
    [
      "nothing, while it carries the VPC's default group",
      (template) => {
        job(template, { SecurityGroupEgress: [NOTHING] });
        propertiesOf(template, 'Job')['VpcConfig'] = {
          SecurityGroupIds: [groupId('JobGroup'), { 'Fn::GetAtt': [IDS.vpc, 'DefaultSecurityGroup'] }],
        };
      },
    ],
    [
      'addresses elsewhere, where the load balancer stands in subnets not known',
      (template) => {
        job(template, { SecurityGroupEgress: [{ IpProtocol: '-1', CidrIp: '192.168.0.0/16' }] });
        propertiesOf(template, IDS.loadBalancer)['Subnets'] = ref('Subnets');
      },
    ],
  ])('is one where its rules let out to %s', (_, plant) => {
    expect(originsPast(plant)).toContain('group certain');
  });
});
