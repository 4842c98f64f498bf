import { fieldsOf, type Resource } from '../model/template';
import type { World } from '../model/world';
import { groupIds } from './security-groups';

const SUBNET_KEYS =
  /^(Subnets?|SubnetIds?|SubnetMappings|VPCZoneIdentifier|VpcSubnetIds|DBSubnetGroupName|CacheSubnetGroupName)$/;
const GROUP_KEYS = /^(\w*SecurityGroups?(Ids?)?|GroupSet|Groups)$/;

/** Subnets that a resource stands in; undefined unless the templates tell all of them. */
export function subnetsOf(world: World, resource: Resource): Resource[] | undefined {
  const values = valuesAt(resource.properties, SUBNET_KEYS);
  const { resources, literals, unknown } = world.references(values, resource.stack);
  if (resources.length === 0 || literals.length > 0 || unknown.length > 0) return undefined;

  const found = resources.map((one) =>
    one.type === 'AWS::EC2::Subnet' ? [one] : groupedSubnets(world, one),
  );
  return found.every((some) => some !== undefined) ? [...new Set(found.flat())] : undefined;
}

/** Of a subnet group of a database or cache. */
function groupedSubnets(world: World, resource: Resource): Resource[] | undefined {
  return /SubnetGroup$/.test(resource.type) ? subnetsOf(world, resource) : undefined;
}

/** Security groups that a resource carries; undefined unless the templates tell all of them. */
export function carriedGroups(world: World, { properties, stack }: Resource): string[] | undefined {
  const { resources, literals, unknown } = world.references(valuesAt(properties, GROUP_KEYS), stack);
  const areKnown =
    resources.length > 0 &&
    resources.every(({ type }) => type === 'AWS::EC2::SecurityGroup') &&
    literals.every((text) => text.startsWith('sg-')) &&
    unknown.length === 0;
  // wherever else it names a group, it may carry that one too
  return areKnown ? groupIds(world, properties, stack) : undefined;
}

/** Whether a nested stack gets hold of a resource, and may add rules to it. */
export function isHandedToNestedStack(world: World, resource: Resource): boolean {
  return world.referrersOf(resource).some(({ type }) => type === 'AWS::CloudFormation::Stack');
}

/** Values under keys with such names, however deep. */
function valuesAt(value: unknown, keys: RegExp): unknown[] {
  if (Array.isArray(value)) return value.flatMap((one) => valuesAt(one, keys));

  return Object.entries(fieldsOf(value)).flatMap(([key, below]) =>
    keys.test(key) ? [below] : valuesAt(below, keys),
  );
}
