import { acl, admit, allow, deny, job, originsPast, type Properties } from './planted';
import { add, groupId, IDS, type Planted, propertiesOf, ref } from './service';

const V6 = { Ipv6CidrBlock: '::/0' };

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
    const found = originsPast((template) => {
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
    const found = originsPast((template) => {
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
    return originsPast((template) => {
      plant(template);
      admit(template, IDS.loadBalancerGroup, { CidrIp });
    });
  }
});

describe('a group that stands in other subnets', () => {
  test('is no way where ACLs keep those subnets out', () => {
    expect(originsPast((template) => placed(template, IDS.publicSubnet))).toEqual([]);
  });

  test('is one where it shares a subnet, since no ACL holds within it', () => {
    expect(originsPast((template) => placed(template, IDS.privateSubnet))).toContain('group certain');
  });

  test('is one where the load balancer is on the internet, and ACLs let the internet in', () => {
    const found = originsPast((template) => {
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
