import { backendsOf, pathsTo, World } from '../../lib/review';
import { add, groupId, IDS, type Planted, propertiesOf, ref, serviceWith } from './service';

type Properties = Record<string, unknown>;

const V6 = { Ipv6CidrBlock: '::/0' };

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
    expect(pathsOf((template) => job(template, { SecurityGroupEgress: egress }))).toEqual([]);
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
    expect(pathsOf(plant)).toContain('group certain');
  });
});

describe('an internet-facing load balancer', () => {
  const facing = (template: Planted) => {
    propertiesOf(template, IDS.loadBalancer)['Scheme'] = 'internet-facing';
  };

  test.each<[string, (template: Planted) => void]>([
    ['deny everything', (template) => acl(template, [])],
    ['allow the network only', (template) => acl(template, [allow(100, '10.0.0.0/8')])],
    [
      'deny first what they allow later',
      (template) => acl(template, [deny(50, '0.0.0.0/0'), allow(100, '0.0.0.0/0')]),
    ],
    ['allow other ports only', (template) => acl(template, [allow(100, '0.0.0.0/0', [22, 22])])],
    ['let no answer out', (template) => acl(template, [allow(100, '0.0.0.0/0')], [allow(100, '10.0.0.0/8')])],
    ['allow ICMP only', (template) => acl(template, [{ ...allow(100, '0.0.0.0/0'), Protocol: 1 }])],
  ])('is not reached from the internet where the ACLs of its subnets %s', (_, plant) => {
    const found = pathsOf((template) => {
      facing(template);
      plant(template);
    });

    expect(found).toEqual([]);
  });

  test.each<[string, (template: Planted) => void]>([
    ['are none', () => undefined],
    ['allow everything', (template) => acl(template, [allow(100, '0.0.0.0/0')])],
    ['allow a few addresses', (template) => acl(template, [allow(100, '203.0.113.0/24')])],
    [
      'deny a part before they allow all',
      (template) => acl(template, [deny(50, '203.0.113.0/24'), allow(100, '0.0.0.0/0')]),
    ],
    [
      'deny other ports before they allow all',
      (template) => acl(template, [deny(50, '0.0.0.0/0', [22, 22]), allow(100, '0.0.0.0/0')]),
    ],
    [
      'deny UDP before they allow all',
      (template) => acl(template, [{ ...deny(50, '0.0.0.0/0'), Protocol: 17 }, allow(100, '0.0.0.0/0')]),
    ],
    [
      'deny a range that is a parameter',
      (template) => acl(template, [deny(50, ref('Range')), allow(100, '0.0.0.0/0')]),
    ],
    ['allow a network that is more than private', (template) => acl(template, [allow(100, '10.0.0.0/7')])],
    ['allow a range that is a parameter', (template) => acl(template, [allow(100, ref('Range'))])],
    [
      'allow IPv6',
      (template) =>
        acl(template, [allow(100, undefined, undefined, V6)], [allow(100, undefined, undefined, V6)]),
    ],
    [
      'do what a parameter says',
      (template) => acl(template, [{ ...deny(50, '0.0.0.0/0'), RuleAction: ref('Action') }]),
    ],
    [
      'are numbered by a parameter',
      (template) => acl(template, [{ ...deny(50, '0.0.0.0/0'), RuleNumber: ref('Number') }]),
    ],
    [
      'stand before some of the subnets only',
      (template) => {
        acl(template, []);
        delete template.Resources['Association0'];
      },
    ],
    [
      'deny on a condition',
      (template) => {
        acl(template, [deny(50, '0.0.0.0/0'), allow(100, '0.0.0.0/0')]);
        template.Resources['Inbound0'] = { ...template.Resources['Inbound0']!, Condition: 'Closed' };
      },
    ],
    [
      'stand there on a condition',
      (template) => {
        acl(template, []);
        template.Resources['Association0'] = { ...template.Resources['Association0']!, Condition: 'Closed' };
      },
    ],
    [
      'may have more entries, by a nested stack',
      (template) => {
        acl(template, []);
        add(template, 'Nested', 'AWS::CloudFormation::Stack', { Parameters: { Acl: ref('Acl') } });
      },
    ],
    [
      'may have more entries, of an ACL that is a parameter',
      (template) => {
        acl(template, []);
        add(template, 'Stray', 'AWS::EC2::NetworkAclEntry', {
          ...allow(100, '0.0.0.0/0'),
          NetworkAclId: ref('Acl'),
        });
      },
    ],
  ])('is one where the ACLs of its subnets %s', (_, plant) => {
    const found = pathsOf((template) => {
      facing(template);
      plant(template);
    });

    expect(found).toContain('internet certain');
  });
});

describe('a range that the load balancer admits', () => {
  test('is none where ACLs keep it out and it lies elsewhere', () => {
    expect(admitting('192.168.0.0/16', (template) => acl(template, [allow(100, '10.0.0.0/8')]))).toEqual([]);
  });

  test.each<[string, string, (template: Planted) => void]>([
    ['holds the subnets themselves, where no ACL holds', '10.0.0.0/8', (template) => acl(template, [])],
    ['is anything', '0.0.0.0/0', (template) => acl(template, [])],
    [
      'is let through in part',
      '172.0.0.0/8',
      (template) => acl(template, [allow(100, '172.16.0.0/12')], [allow(100, '172.16.0.0/12')]),
    ],
    ['is let through', '192.168.0.0/16', (template) => acl(template, [allow(100, '192.168.1.0/24')])],
  ])('is a way where it %s', (_, cidr, plant) => {
    expect(admitting(cidr, plant)).toContain('network certain');
  });

  function admitting(CidrIp: string, plant: (template: Planted) => void): string[] {
    return pathsOf((template) => {
      plant(template);
      admit(template, { CidrIp });
    });
  }
});

describe('a group that stands in other subnets', () => {
  test('is no way where ACLs keep those subnets out', () => {
    expect(pathsOf((template) => placed(template, IDS.publicSubnet))).toEqual([]);
  });

  test('is one where it shares a subnet, since no ACL holds within it', () => {
    expect(pathsOf((template) => placed(template, IDS.privateSubnet))).toContain('group certain');
  });

  test('is one where the load balancer is on the internet, and ACLs let the internet in', () => {
    const found = pathsOf((template) => {
      placed(template, IDS.publicSubnet, [deny(50, '10.0.0.0/8'), allow(100, '0.0.0.0/0')]);
      propertiesOf(template, IDS.loadBalancer)['Scheme'] = 'internet-facing';
    });

    expect(found).toContain('group certain');
  });

  function placed(template: Planted, subnet: string, inbound: Properties[] = []): void {
    job(template, {});
    propertiesOf(template, 'Job')['VpcConfig'] = {
      SecurityGroupIds: [groupId('JobGroup')],
      SubnetIds: [ref(subnet)],
    };
    acl(template, inbound);
  }
});

describe('what only a deployment knows', () => {
  test.each<[string, string, (template: Planted) => void]>([
    [
      'a scheme that is a parameter',
      'unknown unknown',
      (template) => {
        propertiesOf(template, IDS.loadBalancer)['Scheme'] = ref('Scheme');
      },
    ],
    [
      'a load balancer whose scheme is not said, which is internet-facing then',
      'internet certain',
      (template) => {
        delete propertiesOf(template, IDS.loadBalancer)['Scheme'];
      },
    ],
    [
      "a listener's port that is a parameter",
      'network certain',
      (template) => {
        propertiesOf(template, IDS.listener)['Port'] = ref('Port');
        admit(template, { CidrIp: '10.0.0.0/8' });
      },
    ],
    [
      'the second of two groups that a condition chooses from',
      'group certain',
      (template) => {
        job(template, {});
        propertiesOf(template, 'Planted')['SourceSecurityGroupId'] = {
          'Fn::If': ['Ours', groupId(IDS.linkGroup), groupId('JobGroup')],
        };
      },
    ],
    [
      "a rule of another load balancer's listener that forwards to the targets",
      'internet certain',
      (template) => {
        add(template, 'Second', 'AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internet-facing' });
        add(template, 'SecondListener', 'AWS::ElasticLoadBalancingV2::Listener', {
          LoadBalancerArn: ref('Second'),
        });
        forwarding(template, ref('SecondListener'));
      },
    ],
    [
      'a rule of a listener defined elsewhere that forwards to the targets',
      'unknown unknown',
      (template) => forwarding(template, ref('ListenerArn')),
    ],
    [
      'a rule for a group that is a parameter',
      'unknown unknown',
      (template) => {
        admit(template, { CidrIp: '0.0.0.0/0' });
        propertiesOf(template, 'Planted')['GroupId'] = ref('Group');
      },
    ],
    [
      'a load balancer whose groups are a parameter',
      'unknown unknown',
      (template) => {
        propertiesOf(template, IDS.loadBalancer)['SecurityGroups'] = ref('Groups');
      },
    ],
    [
      'a load balancer that carries a second group, imported',
      'unknown unknown',
      (template) => {
        propertiesOf(template, IDS.loadBalancer)['SecurityGroups'] = [groupId(IDS.loadBalancerGroup), 'sg-1'];
      },
    ],
    [
      'a database whose group is a parameter',
      'unknown unknown',
      (template) => {
        propertiesOf(template, IDS.database)['VPCSecurityGroups'] = [ref('Group')];
      },
    ],
    [
      'a service whose group is imported',
      'unknown unknown',
      (template) => {
        propertiesOf(template, IDS.service)['NetworkConfiguration'] = {
          AwsvpcConfiguration: { SecurityGroups: ['sg-1'] },
        };
      },
    ],
    [
      'a group that is handed to a nested stack',
      'unknown unknown',
      (template) =>
        add(template, 'Nested', 'AWS::CloudFormation::Stack', {
          Parameters: { Group: groupId(IDS.loadBalancerGroup) },
        }),
    ],
    [
      'a database that is accessible as a parameter says',
      'unknown unknown',
      (template) => {
        propertiesOf(template, IDS.database)['PubliclyAccessible'] = ref('Public');
      },
    ],
    [
      'a table policy that names whom it does not admit',
      'internet certain',
      (template) => policy(template, { NotPrincipal: { AWS: '111111111111' } }),
    ],
    [
      'a table policy for a parameter',
      'unknown unknown',
      (template) => policy(template, { Principal: { AWS: ref('Role') } }),
    ],
    [
      'a table policy for an account on a condition',
      'unknown unknown',
      (template) =>
        policy(template, {
          Principal: { AWS: 'arn:aws:iam::222222222222:root' },
          Condition: { Bool: { 'aws:SecureTransport': 'true' } },
        }),
    ],
    [
      'a table policy for a service',
      'principal certain',
      (template) => policy(template, { Principal: { Service: 'replication.dynamodb.amazonaws.com' } }),
    ],
  ])('is never no path: %s', (_, expected, plant) => {
    expect(pathsOf(plant)).toContain(expected);
  });

  test('is no matter for a rule that lets the gateway in, whatever group it is for', () => {
    const found = pathsOf((template) => {
      admit(template, { SourceSecurityGroupId: groupId(IDS.linkGroup) });
      propertiesOf(template, 'Planted')['GroupId'] = ref('Group');
    });

    expect(found).toEqual([]);
  });

  test('is no matter for a table policy that admits the role the service runs as', () => {
    const found = pathsOf((template) => {
      add(template, 'Role', 'AWS::IAM::Role', {});
      add(template, 'Task', 'AWS::ECS::TaskDefinition', { TaskRoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] } });
      propertiesOf(template, IDS.service)['TaskDefinition'] = ref('Task');
      policy(template, { Principal: { AWS: { 'Fn::GetAtt': ['Role', 'Arn'] } } });
    });

    expect(found).toEqual([]);
  });
});

function pathsOf(plant: (template: Planted) => void): string[] {
  const world = new World(serviceWith(plant));
  const [backend] = backendsOf(world);
  const stores = [IDS.database, IDS.table].map((name) => world.find(name)!);
  return pathsTo(world, backend!, stores).map(({ origin, certainty }) => `${origin} ${certainty}`);
}

function admit(template: Planted, source: Properties): void {
  add(template, 'Planted', 'AWS::EC2::SecurityGroupIngress', {
    GroupId: groupId(IDS.loadBalancerGroup),
    IpProtocol: 'tcp',
    FromPort: 443,
    ToPort: 443,
    ...source,
  });
}

/** A function whose group the load balancer admits. */
function job(template: Planted, group: Properties): void {
  add(template, 'JobGroup', 'AWS::EC2::SecurityGroup', { VpcId: ref(IDS.vpc), ...group });
  add(template, 'Job', 'AWS::Lambda::Function', { VpcConfig: { SecurityGroupIds: [groupId('JobGroup')] } });
  admit(template, { SourceSecurityGroupId: groupId('JobGroup') });
}

/** An ACL before every subnet of the load balancer. */
function acl(template: Planted, inbound: Properties[], outbound = [allow(100, '0.0.0.0/0')]): void {
  add(template, 'Acl', 'AWS::EC2::NetworkAcl', { VpcId: ref(IDS.vpc) });
  const subnets = propertiesOf(template, IDS.loadBalancer)['Subnets'] as Properties[];
  for (const [index, SubnetId] of subnets.entries()) {
    add(template, `Association${index}`, 'AWS::EC2::SubnetNetworkAclAssociation', {
      SubnetId,
      NetworkAclId: ref('Acl'),
    });
  }
  const entry = (name: string, properties: Properties) =>
    add(template, name, 'AWS::EC2::NetworkAclEntry', { NetworkAclId: ref('Acl'), ...properties });
  for (const [index, one] of inbound.entries()) entry(`Inbound${index}`, { ...one, Egress: false });
  for (const [index, one] of outbound.entries()) entry(`Outbound${index}`, { ...one, Egress: true });
}

function allow(
  RuleNumber: number,
  CidrBlock?: unknown,
  ports?: [number, number],
  more: Properties = {},
): Properties {
  return {
    RuleNumber,
    RuleAction: 'allow',
    Protocol: ports ? 6 : -1,
    ...(CidrBlock !== undefined && { CidrBlock }),
    ...(ports && { PortRange: { From: ports[0], To: ports[1] } }),
    ...more,
  };
}

const deny = (...given: Parameters<typeof allow>) => ({ ...allow(...given), RuleAction: 'deny' });

function forwarding(template: Planted, ListenerArn: unknown): void {
  add(template, 'Rule', 'AWS::ElasticLoadBalancingV2::ListenerRule', {
    ListenerArn,
    Actions: [{ Type: 'forward', TargetGroupArn: ref(IDS.targets) }],
  });
}

function policy(template: Planted, statement: Properties): void {
  propertiesOf(template, IDS.table)['ResourcePolicy'] = {
    PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'dynamodb:GetItem', ...statement }] },
  };
}
