import { at, fieldsOf, listOf, type Resource } from '../model/template';
import type { World } from '../model/world';
import type { Door } from './door';
import { targetGroupDoors } from './fronts';
import { foreignGroupDoors, groupDoors } from './group-doors';
import type { Inside } from './inside';
import { isInternetKeptOut } from './network-acls';
import { subnetsOf } from './places';
import { isRoutedToInternet } from './routes';
import { groupIds } from './security-groups';

/** Properties of what runs code, by type: where its groups stand, its subnets, and whether it has a public address. */
interface WorkloadShape {
  readonly groups: (properties: Readonly<Record<string, unknown>>) => unknown;
  readonly subnets: (properties: Readonly<Record<string, unknown>>) => unknown;
  readonly isPublic: (properties: Readonly<Record<string, unknown>>) => boolean;
}

const AWSVPC = ['NetworkConfiguration', 'AwsvpcConfiguration'];

const SHAPES: Readonly<Record<string, WorkloadShape>> = {
  'AWS::ECS::Service': {
    groups: (properties) => at(properties, ...AWSVPC, 'SecurityGroups'),
    subnets: (properties) => at(properties, ...AWSVPC, 'Subnets'),
    isPublic: (properties) => at(properties, ...AWSVPC, 'AssignPublicIp') === 'ENABLED',
  },
  'AWS::EC2::Instance': {
    groups: (properties) => [
      properties['SecurityGroupIds'],
      interfacesOf(properties).map((one) => one['GroupSet']),
    ],
    subnets: (properties) => [properties['SubnetId'], interfacesOf(properties).map((one) => one['SubnetId'])],
    isPublic: (properties) =>
      interfacesOf(properties).some((one) => one['AssociatePublicIpAddress'] === true),
  },
  'AWS::EC2::LaunchTemplate': {
    groups: (properties) => [
      at(properties, 'LaunchTemplateData', 'SecurityGroupIds'),
      interfacesOf(fieldsOf(properties['LaunchTemplateData'])).map((one) => one['Groups']),
    ],
    subnets: () => [],
    isPublic: (properties) =>
      interfacesOf(fieldsOf(properties['LaunchTemplateData'])).some(
        (one) => one['AssociatePublicIpAddress'] === true,
      ),
  },
  'AWS::AutoScaling::LaunchConfiguration': {
    groups: (properties) => properties['SecurityGroups'],
    subnets: () => [],
    isPublic: (properties) => properties['AssociatePublicIpAddress'] === true,
  },
};

function interfacesOf(properties: Readonly<Record<string, unknown>>) {
  return listOf(properties['NetworkInterfaces']).map(fieldsOf);
}

export function isWorkload({ type }: Resource): boolean {
  return type in SHAPES || type === 'AWS::AutoScaling::AutoScalingGroup';
}

/** Ways into what runs behind a load balancer, or stands before one. */
export function workloadDoors(world: World, inside: Inside, workload: Resource): Door[] {
  const { type, properties, stack } = workload;
  const shape = SHAPES[type];
  if (!shape)
    return templatesOf(world, workload).flatMap((template) => workloadDoors(world, inside, template));

  const subnets = world.references(shape.subnets(properties), stack).resources;
  // an address without a route from outside is none
  const known = subnetsOf(world, workload);
  const isPublic =
    shape.isPublic(properties) &&
    (subnets.length === 0 || subnets.some((subnet) => isRoutedToInternet(world, subnet))) &&
    !isInternetKeptOut(world, known);

  return [
    ...foreignGroupDoors(world, workload, shape.groups(properties), 'Properties'),
    ...groupDoors(world, inside, {
      groups: groupIds(world, shape.groups(properties), stack),
      isPublic,
      subnets: known,
    }),
    ...otherLoadBalancers(world, inside, workload),
  ];
}

/** An auto scaling group runs what its launch template says. */
function templatesOf(world: World, { properties, stack }: Resource): Resource[] {
  const named = [
    properties['LaunchTemplate'],
    properties['LaunchConfigurationName'],
    properties['MixedInstancesPolicy'],
  ];
  return world.references(named, stack).resources.filter(({ type }) => type in SHAPES);
}

/** Load balancers outside that send requests to the same targets. */
function otherLoadBalancers(world: World, inside: Inside, workload: Resource): Door[] {
  const named = world.references(workload.properties, workload.stack).resources;
  const groups = [...named, ...world.referrersOf(workload)].filter(
    ({ type }) => type === 'AWS::ElasticLoadBalancingV2::TargetGroup',
  );
  return [...new Set(groups)].flatMap((group) => targetGroupDoors(world, inside, group));
}
