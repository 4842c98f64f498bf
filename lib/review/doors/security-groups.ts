import { type Fields, fieldsOf, listOf, type Resource } from '../model/template';
import type { World } from '../model/world';
import { isAnyProtocol, type PortRange, portRangeOf } from './ranges';

export type IngressSource =
  | { readonly kind: 'cidr'; readonly cidr: string }
  | { readonly kind: 'group'; readonly id: string; readonly group?: Resource }
  | { readonly kind: 'prefixList' }
  | { readonly kind: 'unknown'; readonly what: string };

/** A rule that lets something in. */
export interface Ingress {
  readonly source: IngressSource;
  /** Undefined where it is any port, or one only a deployment knows. */
  readonly ports?: PortRange;
  readonly shownBy: Resource;
  readonly location: string;
}

const GROUP = 'AWS::EC2::SecurityGroup';

/** Types that speak of groups and carry none. */
const RULES = [
  'AWS::EC2::SecurityGroupIngress',
  'AWS::EC2::SecurityGroupEgress',
  GROUP,
  'AWS::ApiGateway::RestApi',
];

/** Security groups that `value` names, by resource key or by literal id. */
export function groupIds(world: World, value: unknown, stack: string): string[] {
  const { resources, literals } = world.references(value, stack);
  return [
    ...resources.filter(({ type }) => type === GROUP).map(({ key }) => key),
    ...literals.filter((text) => text.startsWith('sg-')),
  ];
}

/** Groups among those that `value` names whose rules are not here: imported ones, and those of parameters. */
export function foreignGroups(world: World, value: unknown, stack: string): string[] {
  const { literals, unknown } = world.references(value, stack);
  return [...literals.filter((text) => text.startsWith('sg-')), ...unknown];
}

/** Rules for a group that only a deployment knows, which may be any. */
export function strayRules(world: World): Ingress[] {
  return world
    .ofType('AWS::EC2::SecurityGroupIngress')
    .filter(({ properties, stack }) => {
      const { resources, unknown } = world.references(
        [properties['GroupId'], properties['GroupName']],
        stack,
      );
      return resources.length === 0 && unknown.length > 0;
    })
    .flatMap((rule) => ingressesOf(world, rule, rule.properties, 'Properties.GroupId'));
}

/** Every rule that lets something into one of the groups. */
export function ingressInto(world: World, groups: readonly string[]): Ingress[] {
  const inline = world
    .ofType(GROUP)
    .filter(({ key }) => groups.includes(key))
    .flatMap((group) =>
      listOf(group.properties['SecurityGroupIngress']).flatMap((rule, index) =>
        ingressesOf(world, group, fieldsOf(rule), `Properties.SecurityGroupIngress.${index}`),
      ),
    );
  const separate = world
    .ofType('AWS::EC2::SecurityGroupIngress')
    .filter(({ properties, stack }) =>
      groupIds(world, [properties['GroupId'], properties['GroupName']], stack).some((id) =>
        groups.includes(id),
      ),
    )
    .flatMap((rule) => ingressesOf(world, rule, rule.properties, 'Properties'));

  return [...inline, ...separate];
}

/** Everything that carries a group, and so gets in wherever the group does. */
export function carriersOf(world: World, groupId: string): Resource[] {
  const group = world.resources.find(({ key }) => key === groupId);
  if (group) return world.referrersOf(group).filter(({ type }) => !RULES.includes(type));

  return world.resources.filter(
    ({ type, properties, stack }) =>
      !RULES.includes(type) && world.references(properties, stack).literals.includes(groupId),
  );
}

function ingressesOf(world: World, shownBy: Resource, rule: Fields, location: string): Ingress[] {
  const { FromPort: from, ToPort: to, IpProtocol: protocol } = rule;
  const known = isAnyProtocol(protocol) ? undefined : portRangeOf(from, to);
  const ports = known && known.from >= 0 ? known : undefined;

  return sourcesOf(world, shownBy, rule).map((source) => ({
    source,
    ...(ports && { ports }),
    shownBy,
    location,
  }));
}

/** One source as a rule, several where a condition chooses. */
function sourcesOf(world: World, { stack }: Resource, rule: Fields): IngressSource[] {
  for (const cidr of [rule['CidrIp'], rule['CidrIpv6']]) {
    if (typeof cidr === 'string') return [{ kind: 'cidr', cidr }];
    // for example the VPC's own range, by reference
    if (cidr !== undefined) return [{ kind: 'cidr', cidr: 'a range that only the deployment knows' }];
  }
  if (rule['SourcePrefixListId'] !== undefined) return [{ kind: 'prefixList' }];

  const source = rule['SourceSecurityGroupId'] ?? rule['SourceSecurityGroupName'];
  const { resources, literals, unknown } = world.references(source, stack);
  const groups = groupIds(world, source, stack).map((id): IngressSource => {
    const group = world.resources.find(({ key }) => key === id);
    return { kind: 'group', id, ...(group && { group }) };
  });
  if (groups.length === resources.length + literals.length + unknown.length && groups.length > 0) {
    return groups;
  }
  const [what = 'a source that is not understood'] = unknown;
  return [...groups, { kind: 'unknown', what }];
}
