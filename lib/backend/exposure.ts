import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IConstruct } from 'constructs';
import type { Problem } from '../errors';
import { renderedProperties } from '../rendered-properties';

/** A load balancer with an address on the internet, as far as it is defined in this app. */
export function schemeExposures(at: string, loadBalancer: IConstruct): Problem[] {
  const resource = loadBalancer.node.defaultChild;
  if (!(resource instanceof elbv2.CfnLoadBalancer)) return [];
  if (renderedProperties(resource)['Scheme'] !== 'internet-facing') return [];

  return [
    {
      code: 'BACKEND_INTERNET_FACING',
      at,
      message: 'the load balancer is internet-facing, so anyone can call it past the gateway',
      remedy: "make it internal, or set 'allowInternetFacing: true'",
    },
  ];
}

/** Security groups that admit any address, or none at all. */
export function groupExposures(at: string, { connections }: ec2.IConnectable): Problem[] {
  const groups = connections.securityGroups;
  if (groups.length === 0) return [noGroup(at)];

  return groups.filter(isOpen).map(({ node }) => openGroup(at, node.path));
}

/** Rules defined in this app only; `secure-api-gateway review` sees the others. */
function isOpen(group: ec2.ISecurityGroup): boolean {
  const own = group.node.findAll();
  const elsewhere = group.node.root.node
    .findAll()
    .filter((child) => child instanceof ec2.CfnSecurityGroupIngress)
    .filter((rule) => isSame(rule.groupId, group));
  return [...own, ...elsewhere].some((child) => ingressOf(child).some(admitsAnyone));
}

function isSame(groupId: string | undefined, group: ec2.ISecurityGroup): boolean {
  const [one, other] = [groupId, group.securityGroupId].map((id) =>
    JSON.stringify(Stack.of(group).resolve(id)),
  );
  return one !== undefined && one === other;
}

function ingressOf(child: IConstruct): unknown[] {
  if (child instanceof ec2.CfnSecurityGroupIngress) return [child];
  if (!(child instanceof ec2.CfnSecurityGroup)) return [];

  const rules: unknown = Stack.of(child).resolve(child.securityGroupIngress);
  return Array.isArray(rules) ? rules : [];
}

function admitsAnyone(rule: unknown): boolean {
  const { cidrIp, cidrIpv6 } = rule as { cidrIp?: unknown; cidrIpv6?: unknown };
  return isEverywhere(cidrIp) || isEverywhere(cidrIpv6);
}

/** Also half of everything: `0.0.0.0/1` beside `128.0.0.0/1` is everywhere in two rules. */
function isEverywhere(cidr: unknown): boolean {
  return typeof cidr === 'string' && /\/[0-3]$/.test(cidr);
}

function openGroup(at: string, path: string): Problem {
  return {
    code: 'BACKEND_OPEN_GROUP',
    at,
    message: `the security group ${path} of the load balancer admits any address`,
    remedy: "add the listener with 'open: false', remove the rule, or set 'allowOpenGroup: true'",
  };
}

function noGroup(at: string): Problem {
  return {
    code: 'BACKEND_NO_GROUP',
    at,
    message: 'the load balancer has no security group, so nothing keeps others from calling it',
    remedy: "give it one, name it when importing the load balancer, or set 'allowOpenGroup: true'",
  };
}
