import { Template } from 'aws-cdk-lib/assertions';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CfnService } from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { CfnDBInstance } from 'aws-cdk-lib/aws-rds';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { ResourceDefinition, StackTemplate } from '../../lib/review/model/template';
import { gatewayStack } from '../fixtures/gateway';

type Properties = Record<string, unknown>;

/** A template that doors can be planted in. */
export interface Planted {
  readonly Resources: Record<string, Omit<ResourceDefinition, 'Properties'> & { Properties: Properties }>;
}

/** Logical ids of the clean service's resources. */
export const IDS = {
  loadBalancer: '',
  loadBalancerGroup: '',
  listener: '',
  link: '',
  linkGroup: '',
  api: '',
  vpc: '',
  privateSubnet: '',
  publicSubnet: '',
  service: 'Service',
  serviceGroup: 'ServiceGroup',
  targets: 'Targets',
  database: 'Database',
  databaseGroup: 'DatabaseGroup',
  table: 'Table',
  bucket: 'Bucket',
};

/** A gateway, a load balancer, a service behind it and its stores: nothing else can reach them. */
function cleanTemplate(): Planted {
  const { stack, vpc, loadBalancer, gateway } = gatewayStack();
  const group = (id: string) => {
    const made = new ec2.SecurityGroup(stack, id, { vpc, allowAllOutbound: false });
    stack.getLogicalId(made.node.defaultChild as ec2.CfnSecurityGroup);
    (made.node.defaultChild as ec2.CfnSecurityGroup).overrideLogicalId(id);
    return made;
  };
  const serviceGroup = group('ServiceGroup');
  const databaseGroup = group('DatabaseGroup');
  const targets = new elbv2.CfnTargetGroup(stack, 'Targets', {
    targetType: 'ip',
    port: 8080,
    vpcId: vpc.vpcId,
  });
  const [listener] = loadBalancer.listeners;
  (listener!.node.defaultChild as elbv2.CfnListener).addPropertyOverride('DefaultActions', [
    { Type: 'forward', TargetGroupArn: targets.ref },
  ]);
  serviceGroup.addIngressRule(loadBalancer.connections.securityGroups[0]!, ec2.Port.tcp(8080));
  databaseGroup.addIngressRule(serviceGroup, ec2.Port.tcp(5432));
  new CfnService(stack, 'Service', {
    loadBalancers: [{ targetGroupArn: targets.ref, containerPort: 8080, containerName: 'orders' }],
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: vpc.privateSubnets.map(({ subnetId }) => subnetId),
        securityGroups: [serviceGroup.securityGroupId],
        assignPublicIp: 'DISABLED',
      },
    },
  });
  new CfnDBInstance(stack, 'Database', {
    vpcSecurityGroups: [databaseGroup.securityGroupId],
    publiclyAccessible: false,
  });
  new CfnTable(stack, 'Table', { keySchema: [{ attributeName: 'pk', keyType: 'HASH' }] });
  new CfnBucket(stack, 'Bucket');

  const logicalId = (construct: { node: { defaultChild?: unknown } }) =>
    stack.resolve((construct.node.defaultChild as { logicalId: string }).logicalId);
  const template = Template.fromStack(stack);
  Object.assign(IDS, {
    loadBalancer: logicalId(loadBalancer),
    loadBalancerGroup: logicalId(loadBalancer.connections.securityGroups[0]!),
    listener: logicalId(listener!),
    link: Object.keys(template.findResources('AWS::ApiGatewayV2::VpcLink'))[0],
    linkGroup: logicalId(gateway.connections.securityGroups[0]!),
    api: logicalId(gateway),
    vpc: logicalId(vpc),
    privateSubnet: logicalId(vpc.privateSubnets[0] as ec2.Subnet),
    publicSubnet: logicalId(vpc.publicSubnets[0] as ec2.Subnet),
  });
  return template.toJSON() as Planted;
}

const CLEAN = cleanTemplate();

/** The clean service with a door planted in it. */
export function serviceWith(plant: (template: Planted) => void = () => {}): StackTemplate[] {
  const template = structuredClone(CLEAN);
  plant(template);
  return [{ stack: 'Orders', template }];
}

/** Adds a resource. */
export function add(template: Planted, id: string, Type: string, Properties: Properties): void {
  template.Resources[id] = { Type, Properties };
}

/** Properties of a resource, to be changed. */
export function propertiesOf(template: Planted, id: string): Properties {
  const resource = template.Resources[id];
  if (!resource) throw new Error(`no resource ${id}`);
  resource.Properties ??= {};
  return resource.Properties;
}

export const groupId = (id: string) => ({ 'Fn::GetAtt': [id, 'GroupId'] });
export const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
export const ref = (id: string) => ({ Ref: id });
