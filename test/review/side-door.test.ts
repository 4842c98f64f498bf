import { backendsOf, pathsTo, World } from '../../lib/review';
import { admit, originsPast, otherGroup, pathsPast } from './planted';
import { add, arn, groupId, IDS, type Planted, propertiesOf, ref, serviceWith } from './service';

describe('the paths to a backend', () => {
  test('are none past the gateway in a clean service', () => {
    expect(pathsPast()).toEqual([]);
  });

  test.each<[string, string, (template: Planted) => void]>([
    [
      "another REST API through the gateway's VPC link",
      'api certain',
      (template) =>
        add(template, 'OtherApi', 'AWS::ApiGateway::RestApi', {
          Body: {
            paths: {
              '/': {
                get: {
                  'x-amazon-apigateway-integration': { connectionId: ref(IDS.link), type: 'http_proxy' },
                },
              },
            },
          },
        }),
    ],
    [
      'another REST API by methods',
      'api certain',
      (template) =>
        add(template, 'OtherMethod', 'AWS::ApiGateway::Method', {
          Integration: { IntegrationTarget: ref(IDS.loadBalancer), ConnectionType: 'VPC_LINK' },
        }),
    ],
    [
      'an HTTP API before the listener',
      'api certain',
      (template) =>
        add(template, 'HttpIntegration', 'AWS::ApiGatewayV2::Integration', {
          ConnectionType: 'VPC_LINK',
          IntegrationUri: ref(IDS.listener),
        }),
    ],
    [
      'a VPC link of the first version',
      'api certain',
      (template) =>
        add(template, 'OldLink', 'AWS::ApiGateway::VpcLink', { TargetArns: [ref(IDS.loadBalancer)] }),
    ],
    [
      'a CloudFront distribution',
      'internet certain',
      (template) =>
        add(template, 'Origin', 'AWS::CloudFront::VpcOrigin', {
          VpcOriginEndpointConfig: { Arn: ref(IDS.loadBalancer) },
        }),
    ],
    [
      'a Global Accelerator',
      'internet certain',
      (template) =>
        add(template, 'Accelerated', 'AWS::GlobalAccelerator::EndpointGroup', {
          EndpointConfigurations: [{ EndpointId: ref(IDS.loadBalancer) }],
        }),
    ],
    [
      'an endpoint service',
      'principal certain',
      (template) =>
        add(template, 'Offered', 'AWS::EC2::VPCEndpointService', {
          NetworkLoadBalancerArns: [ref(IDS.loadBalancer)],
        }),
    ],
    [
      'VPC Lattice',
      'network certain',
      (template) =>
        add(template, 'Lattice', 'AWS::VpcLattice::TargetGroup', {
          Targets: [{ Id: ref(IDS.loadBalancer) }],
        }),
    ],
    ['a target function that anyone may invoke', 'internet certain', (template) => permit(template, '*')],
    [
      'a target function that another API may invoke',
      'api certain',
      (template) => permit(template, 'apigateway.amazonaws.com'),
    ],
    [
      'a target function that a service may invoke',
      'principal certain',
      (template) => permit(template, 'events.amazonaws.com'),
    ],
    [
      'a database with an address on the internet',
      'internet certain',
      (template) => {
        propertiesOf(template, IDS.database)['PubliclyAccessible'] = true;
      },
    ],
    [
      'a database whose group admits a network',
      'network certain',
      (template) => admit(template, IDS.databaseGroup, { CidrIp: '10.0.0.0/8' }),
    ],
    [
      'a database whose group admits the group of something else',
      'group certain',
      (template) => {
        otherGroup(template);
        admit(template, IDS.databaseGroup, { SourceSecurityGroupId: groupId('OtherGroup') });
        add(template, 'Report', 'AWS::Lambda::Function', {
          VpcConfig: { SecurityGroupIds: [groupId('OtherGroup')] },
        });
      },
    ],
    [
      'a table policy that admits anyone',
      'internet certain',
      (template) => {
        propertiesOf(template, IDS.table)['ResourcePolicy'] = {
          PolicyDocument: {
            Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'dynamodb:GetItem' }],
          },
        };
      },
    ],
    [
      'a bucket policy that admits another account',
      'principal certain',
      (template) => bucketPolicy(template, { Principal: { AWS: 'arn:aws:iam::222222222222:root' } }),
    ],
    [
      'a bucket policy that admits anyone on a condition',
      'unknown unknown',
      (template) =>
        bucketPolicy(template, {
          Principal: '*',
          Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } },
        }),
    ],
    [
      'a public bucket',
      'internet certain',
      (template) => {
        propertiesOf(template, IDS.bucket)['AccessControl'] = 'PublicRead';
      },
    ],
    [
      'a nested stack that is handed the load balancer',
      'unknown unknown',
      (template) =>
        add(template, 'Nested', 'AWS::CloudFormation::Stack', {
          Parameters: { Target: ref(IDS.loadBalancer) },
        }),
    ],
  ])('include %s', (_what, expected, plant) => {
    expect(originsPast(plant)).toContain(expected);
  });

  test.each<[string, (template: Planted) => void]>([
    [
      'a rule for a port nobody listens at',
      (template) => admit(template, IDS.loadBalancerGroup, { CidrIp: '0.0.0.0/0', FromPort: 22, ToPort: 22 }),
    ],
    [
      'a target function that the load balancer may invoke',
      (template) => permit(template, 'elasticloadbalancing.amazonaws.com'),
    ],
    ['a bucket policy that denies', (template) => bucketPolicy(template, { Effect: 'Deny', Principal: '*' })],
    [
      'a load balancer that has nothing to do with the backend',
      (template) =>
        add(template, 'Front', 'AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internet-facing' }),
    ],
    [
      'a name in DNS',
      (template) =>
        add(template, 'Name', 'AWS::Route53::RecordSet', {
          AliasTarget: { DNSName: { 'Fn::GetAtt': [IDS.loadBalancer, 'DNSName'] } },
        }),
    ],
  ])('do not include %s', (_what, plant) => {
    expect(pathsPast(plant)).toEqual([]);
  });

  test('are told step by step, from the outside in', () => {
    const [path] = pathsPast((template) => {
      otherGroup(template);
      admit(template, IDS.loadBalancerGroup, { SourceSecurityGroupId: groupId('OtherGroup') });
      add(template, 'Job', 'AWS::Lambda::Function', {
        VpcConfig: { SecurityGroupIds: [groupId('OtherGroup')] },
      });
      add(template, 'JobUrl', 'AWS::Lambda::Url', { AuthType: 'NONE', TargetFunctionArn: arn('Job') });
    });

    expect(path?.steps).toEqual([
      'Orders.Job has a function URL that anyone can call',
      `Orders.${IDS.loadBalancer} admits the security group Orders.OtherGroup, which Orders.Job carries`,
    ]);
  });

  test('end where groups admit each other in a circle', () => {
    const found = pathsPast((template) => {
      otherGroup(template);
      admit(template, IDS.loadBalancerGroup, { SourceSecurityGroupId: groupId('OtherGroup') });
      admit(template, 'OtherGroup', { SourceSecurityGroupId: groupId('OtherGroup') }, 'Circle');
      add(template, 'A', 'AWS::EC2::Instance', { SecurityGroupIds: [groupId('OtherGroup')] });
      add(template, 'B', 'AWS::EC2::Instance', { SecurityGroupIds: [groupId('OtherGroup')] });
    });

    expect(found.length).toBeGreaterThan(0);
  });

  test.each<[string, unknown]>([
    ['exports', { 'Fn::ImportValue': 'Orders:LoadBalancer' }],
    ['outputs', { 'Fn::GetStackOutput': { StackName: 'Orders', OutputName: 'LoadBalancer' } }],
    [
      'outputs of a stack whose file is called otherwise',
      { 'Fn::GetStackOutput': { StackName: 'Prod-Orders', OutputName: 'LoadBalancer' } },
    ],
  ])('lead across stacks by %s', (_what, reference) => {
    const [service] = serviceWith();
    const withOutput = {
      ...service!,
      template: {
        ...service!.template,
        Outputs: { LoadBalancer: { Value: ref(IDS.loadBalancer), Export: { Name: 'Orders:LoadBalancer' } } },
      },
    };
    const other = {
      stack: 'Other',
      template: {
        Resources: {
          Method: {
            Type: 'AWS::ApiGateway::Method',
            Properties: { Integration: { IntegrationTarget: reference } },
          },
        },
      },
    };
    const world = new World([withOutput, other]);

    expect(backendsOf(world).flatMap((backend) => pathsTo(world, backend))).toEqual([
      expect.objectContaining({ origin: 'api', shownBy: expect.objectContaining({ stack: 'Other' }) }),
    ]);
  });

  test('are unknown where a group is the output of a stack that is not here', () => {
    const found = pathsPast((template) =>
      admit(template, IDS.loadBalancerGroup, {
        SourceSecurityGroupId: { 'Fn::GetStackOutput': { StackName: 'Elsewhere', OutputName: 'Group' } },
      }),
    );

    expect(found.map(({ certainty }) => certainty)).toEqual(['unknown']);
  });
});

function bucketPolicy(template: Planted, statement: Record<string, unknown>): void {
  add(template, 'Policy', 'AWS::S3::BucketPolicy', {
    Bucket: ref(IDS.bucket),
    PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 's3:GetObject', ...statement }] },
  });
}

/** A function among the targets, that this principal may invoke. */
function permit(template: Planted, principal: string): void {
  add(template, 'TargetFunction', 'AWS::Lambda::Function', {});
  propertiesOf(template, IDS.targets)['Targets'] = [{ Id: arn('TargetFunction') }];
  add(template, 'Permission', 'AWS::Lambda::Permission', {
    FunctionName: ref('TargetFunction'),
    Action: 'lambda:InvokeFunction',
    Principal: principal,
  });
}
