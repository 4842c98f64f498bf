import { admit, job, originsPast, type Properties } from './planted';
import { add, groupId, IDS, type Planted, propertiesOf, ref } from './service';

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
        admit(template, IDS.loadBalancerGroup, { CidrIp: '10.0.0.0/8' });
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
        admit(template, IDS.loadBalancerGroup, { CidrIp: '0.0.0.0/0' });
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
    expect(originsPast(plant)).toContain(expected);
  });

  test('is no matter for a rule that lets the gateway in, whatever group it is for', () => {
    const found = originsPast((template) => {
      admit(template, IDS.loadBalancerGroup, { SourceSecurityGroupId: groupId(IDS.linkGroup) });
      propertiesOf(template, 'Planted')['GroupId'] = ref('Group');
    });

    expect(found).toEqual([]);
  });

  test('is no matter for a table policy that admits the role the service runs as', () => {
    const found = originsPast((template) => {
      add(template, 'Role', 'AWS::IAM::Role', {});
      add(template, 'Task', 'AWS::ECS::TaskDefinition', { TaskRoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] } });
      propertiesOf(template, IDS.service)['TaskDefinition'] = ref('Task');
      policy(template, { Principal: { AWS: { 'Fn::GetAtt': ['Role', 'Arn'] } } });
    });

    expect(found).toEqual([]);
  });
});

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
