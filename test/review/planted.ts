import { backendsOf, pathsTo, World } from '../../lib/review';
import { add, groupId, IDS, type Planted, propertiesOf, ref, serviceWith } from './service';

export type Properties = Record<string, unknown>;

/** The ways to the clean service's backend past the gateway, once this is planted. */
export function pathsPast(plant?: (template: Planted) => void) {
  const world = new World(serviceWith(plant));
  const [backend] = backendsOf(world);
  const stores = [IDS.database, IDS.table, IDS.bucket].map((name) => world.find(name)!);
  return pathsTo(world, backend!, stores);
}

/** Of each of them, where it begins and how certain it is. */
export function originsPast(plant?: (template: Planted) => void): string[] {
  return pathsPast(plant).map(({ origin, certainty }) => `${origin} ${certainty}`);
}

/** A rule by which a group admits a source to port 443. */
export function admit(template: Planted, id: string, source: Properties, name = 'Planted'): void {
  add(template, name, 'AWS::EC2::SecurityGroupIngress', {
    GroupId: groupId(id),
    IpProtocol: 'tcp',
    FromPort: 443,
    ToPort: 443,
    ...source,
  });
}

/** A function whose group the load balancer admits. */
export function job(template: Planted, group: Properties): void {
  add(template, 'JobGroup', 'AWS::EC2::SecurityGroup', { VpcId: ref(IDS.vpc), ...group });
  add(template, 'Job', 'AWS::Lambda::Function', { VpcConfig: { SecurityGroupIds: [groupId('JobGroup')] } });
  admit(template, IDS.loadBalancerGroup, { SourceSecurityGroupId: groupId('JobGroup') });
}

/** An ACL before every subnet of the load balancer. */
export function acl(template: Planted, inbound: Properties[], outbound = [allow(100, '0.0.0.0/0')]): void {
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

export function allow(
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

export const deny = (...given: Parameters<typeof allow>) => ({ ...allow(...given), RuleAction: 'deny' });

/** A group that has nothing to do with the service. */
export function otherGroup(template: Planted): void {
  add(template, 'OtherGroup', 'AWS::EC2::SecurityGroup', { VpcId: ref(IDS.vpc) });
}
