import type { Resource } from '../model/template';
import type { World } from '../model/world';
import { certain, type Door, unknown } from './door';
import { targetGroupDoors } from './fronts';
import { foreignGroupDoors, groupDoors, strayDoors } from './group-doors';
import { type Inside, isInside } from './inside';
import { isInternetKeptOut } from './network-acls';
import { subnetsOf } from './places';
import { type PortRange, portRangeOf } from './ranges';
import { groupIds } from './security-groups';

/** Ways into a load balancer past the gateway. */
export function loadBalancerDoors(world: World, inside: Inside, loadBalancer: Resource): Door[] {
  const { properties, stack } = loadBalancer;
  // what CloudFormation makes where nothing is said
  const { Scheme: scheme = 'internet-facing' } = properties;
  const groups = groupIds(world, properties['SecurityGroups'], stack);
  const listeners = world
    .referrersOf(loadBalancer)
    .filter(({ type }) => type === 'AWS::ElasticLoadBalancingV2::Listener');
  const ports = portsOf(listeners);
  const subnets = subnetsOf(world, loadBalancer);
  const isPublic = scheme !== 'internal' && !isInternetKeptOut(world, subnets, ports);

  const foreign = foreignGroupDoors(
    world,
    loadBalancer,
    properties['SecurityGroups'],
    'Properties.SecurityGroups',
  );
  const options = { groups, isPublic, subnets, ...(ports && { ports }) };

  return [
    ...(isPublic ? [internetFacing(loadBalancer, scheme === 'internet-facing')] : []),
    ...(groups.length === 0 && foreign.length === 0 ? [ungrouped(loadBalancer, isPublic)] : []),
    ...foreign,
    ...groupDoors(world, inside, options),
    ...strayDoors(world, inside, options),
    ...[loadBalancer, ...listeners].flatMap((front) => frontDoors(world, inside, front)),
    ...[...inside.links].flatMap((link) => sharedLinkDoors(world, inside, link)),
  ];
}

/** Undefined where there is no listener, or only a deployment knows a port. */
function portsOf(listeners: readonly Resource[]): PortRange[] | undefined {
  const ranges = listeners.map(({ properties: { Port: port } }) => portRangeOf(port, port));
  return ranges.length > 0 && ranges.every((range) => range !== undefined) ? ranges : undefined;
}

function internetFacing(loadBalancer: Resource, isCertain: boolean): Door {
  const shown = { shownBy: loadBalancer, location: 'Properties.Scheme' };
  return isCertain
    ? certain({ ...shown, origin: 'internet', how: 'is internet-facing' })
    : unknown({ ...shown, how: 'may be internet-facing' });
}

function ungrouped(loadBalancer: Resource, isPublic: boolean): Door {
  return certain({
    origin: isPublic ? 'internet' : 'network',
    how: 'has no security group',
    shownBy: loadBalancer,
    location: 'Properties.SecurityGroups',
  });
}

/** Things that stand before a load balancer by naming it. */
const FRONTS: Readonly<Record<string, Pick<Door, 'origin' | 'how'>>> = {
  'AWS::ApiGateway::RestApi': { origin: 'api', how: 'is the backend of another API' },
  'AWS::ApiGateway::Method': { origin: 'api', how: 'is the backend of another API' },
  'AWS::ApiGatewayV2::Api': { origin: 'api', how: 'is the backend of another API' },
  'AWS::ApiGatewayV2::Integration': { origin: 'api', how: 'is the backend of another API' },
  'AWS::ApiGateway::VpcLink': {
    origin: 'api',
    how: 'is the target of a VPC link that any API of the account may use',
  },
  'AWS::CloudFront::VpcOrigin': { origin: 'internet', how: 'is the origin of a CloudFront distribution' },
  'AWS::CloudFront::Distribution': { origin: 'internet', how: 'is the origin of a CloudFront distribution' },
  'AWS::GlobalAccelerator::EndpointGroup': {
    origin: 'internet',
    how: 'is an endpoint of a Global Accelerator',
  },
  'AWS::EC2::VPCEndpointService': { origin: 'principal', how: 'is offered to other accounts by PrivateLink' },
  'AWS::VpcLattice::TargetGroup': { origin: 'network', how: 'is a target of a VPC Lattice service' },
};

function frontDoors(world: World, inside: Inside, front: Resource): Door[] {
  return world.referrersOf(front).flatMap((referrer) => {
    if (isInside(inside, referrer)) return [];
    if (referrer.type === 'AWS::ElasticLoadBalancingV2::TargetGroup') {
      return targetGroupDoors(world, inside, referrer);
    }
    if (referrer.type === 'AWS::CloudFormation::Stack') return [handedOn(referrer)];

    const known = FRONTS[referrer.type];
    return known ? [certain({ ...known, shownBy: referrer, location: 'Properties' })] : [];
  });
}

/** Any API of the account may call through a link, whatever it was made for (aws-facts 11.4). */
function sharedLinkDoors(world: World, inside: Inside, link: Resource): Door[] {
  return world
    .referrersOf(link)
    .filter((referrer) => referrer.type in FRONTS && !isInside(inside, referrer))
    .map((referrer) =>
      certain({
        origin: 'api',
        how: "can be reached by another API through the gateway's VPC link",
        shownBy: referrer,
        location: 'Properties',
      }),
    );
}

function handedOn(stack: Resource): Door {
  return unknown({ how: 'is handed to a nested stack', shownBy: stack, location: 'Properties.Parameters' });
}
