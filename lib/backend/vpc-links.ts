import { createHash } from 'node:crypto';
import { Stack, Token } from 'aws-cdk-lib';
import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { GatewayConfigurationError, type Problem } from '../errors';
import { logicalIdWith } from '../logical-id';
import type { Backend } from './backend';

const MINIMUM_ZONES = 2;

/** A VPC link and the security group its network interfaces carry. */
export interface VpcLink {
  readonly id: string;
  readonly group: ec2.SecurityGroup;
}

/**
 * The gateway's VPC links: one of the second version for each VPC, shared by all backends in it.
 */
export class VpcLinks extends Construct {
  /** The links' security groups, to allow further targets. */
  public readonly connections = new ec2.Connections();

  readonly #links = new Map<string, VpcLink & { readonly subnets: string }>();

  /**
   * The link of the backend's VPC, allowed to reach the backend's listener.
   */
  public connect(name: string, backend: Backend): VpcLink {
    const { port, vpc, connectable } = backend._target;
    if (!vpc) throw new GatewayConfigurationError(backend._target.problems(name));

    const link = this.linkInto(name, vpc, backend._options.linkSubnets);
    // written from the link's side: the load balancer may be in a stack that this one depends on (aws-facts 13.12)
    link.group.connections.allowTo(connectable, ec2.Port.tcp(port), `gateway to backend ${name}`);
    return link;
  }

  private linkInto(name: string, vpc: ec2.IVpc, selection?: ec2.SubnetSelection): VpcLink {
    const subnets = selectSubnets(`${this.node.path}: backend ${name}`, vpc, selection);
    const subnetsIdentity = subnets.map(identityOf).join();
    const vpcIdentity = Token.isUnresolved(vpc.vpcId) ? vpc.node.addr : vpc.vpcId;

    const existing = this.#links.get(vpcIdentity);
    if (existing && existing.subnets !== subnetsIdentity) {
      throw new GatewayConfigurationError([otherSubnets(this.node.path, name)]);
    }
    if (existing) return existing;

    const link = this.define(vpc, subnets, vpcIdentity, subnetsIdentity);
    this.#links.set(vpcIdentity, { ...link, subnets: subnetsIdentity });
    this.connections.addSecurityGroup(link.group);
    return link;
  }

  private define(
    vpc: ec2.IVpc,
    subnets: ec2.ISubnet[],
    vpcIdentity: string,
    subnetsIdentity: string,
  ): VpcLink {
    // by what the network is, not by its place among others: one more, named first, replaces no link
    const scope = new Construct(this, `Vpc${digestOf(vpcIdentity)}`);
    const group = new ec2.SecurityGroup(scope, 'Group', {
      vpc,
      description: 'VPC link of the API gateway',
      allowAllOutbound: false,
    });

    const resource = new apigatewayv2.CfnVpcLink(scope, 'Resource', {
      name: Stack.of(this).stackName.slice(0, 100),
      subnetIds: subnets.map(({ subnetId }) => subnetId),
      securityGroupIds: [group.securityGroupId],
    });
    // a link is immutable, and a replaced one leaves the API's body the same text: the logical id tells them apart
    const digest = digestOf(`${vpcIdentity},${subnetsIdentity},${group.node.addr}`);
    resource.overrideLogicalId(logicalIdWith(Stack.of(this).getLogicalId(resource), digest));

    return { id: resource.ref, group };
  }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

function selectSubnets(at: string, vpc: ec2.IVpc, selection?: ec2.SubnetSelection): ec2.ISubnet[] {
  const { subnets, availabilityZones } = vpc.selectSubnets(selection ?? privateSubnets(vpc));
  const publicIds = new Set(vpc.publicSubnets.map(({ subnetId }) => subnetId));

  const problems = [
    ...(subnets.some(({ subnetId }) => publicIds.has(subnetId)) ? [publicSubnet(at)] : []),
    ...(new Set(availabilityZones).size < MINIMUM_ZONES ? [tooFewZones(at, availabilityZones)] : []),
  ];
  if (problems.length > 0) throw new GatewayConfigurationError(problems);
  return subnets;
}

/** Isolated subnets serve as well: a link needs no way out. */
function privateSubnets(vpc: ec2.IVpc): ec2.SubnetSelection {
  const subnetType =
    vpc.privateSubnets.length > 0 ? ec2.SubnetType.PRIVATE_WITH_EGRESS : ec2.SubnetType.PRIVATE_ISOLATED;
  return { subnetType, onePerAz: true };
}

/** A subnet is replaced when its zone or its addresses change, under the same construct. */
function identityOf(subnet: ec2.ISubnet): string {
  if (!Token.isUnresolved(subnet.subnetId)) return subnet.subnetId;

  const addresses = subnet instanceof ec2.Subnet ? subnet.ipv4CidrBlock : '';
  const zone = Token.isUnresolved(subnet.availabilityZone)
    ? JSON.stringify(Stack.of(subnet).resolve(subnet.availabilityZone))
    : subnet.availabilityZone;
  return [subnet.node.addr, Token.isUnresolved(addresses) ? '' : addresses, zone].join('|');
}

function publicSubnet(at: string): Problem {
  return {
    code: 'LINK_PUBLIC_SUBNET',
    at,
    message: 'a VPC link may not stand in a public subnet',
    remedy: "select private subnets in 'linkSubnets'",
  };
}

function tooFewZones(at: string, zones: string[]): Problem {
  return {
    code: 'LINK_ZONES',
    at,
    message: `a VPC link needs private subnets in at least two availability zones, got ${JSON.stringify(zones)}`,
    remedy: "add private subnets to the VPC, or select others in 'linkSubnets'",
  };
}

function otherSubnets(at: string, name: string): Problem {
  return {
    code: 'LINK_SUBNETS',
    at,
    message: `backend ${name} names other 'linkSubnets' than another backend in the same VPC, whose link it shares`,
    remedy: 'name the same for all backends of the VPC',
  };
}
