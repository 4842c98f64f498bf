import { listOf, type Resource } from '../model/template';
import type { World } from '../model/world';
import { type Door, unknown } from './door';

/** Whether a subnet's route table leads to an internet gateway. */
export function isRoutedToInternet(world: World, subnet: Resource): boolean {
  const tables = world
    .referrersOf(subnet)
    .filter(({ type }) => type === 'AWS::EC2::SubnetRouteTableAssociation')
    .flatMap(({ properties, stack }) => world.references(properties['RouteTableId'], stack).resources);

  return tables
    .flatMap((table) => world.referrersOf(table))
    .filter(({ type }) => type === 'AWS::EC2::Route')
    .some(({ properties, stack }) =>
      world
        .references(properties['GatewayId'], stack)
        .resources.some(({ type }) => type === 'AWS::EC2::InternetGateway'),
    );
}

/** What joins a VPC with networks that no template here describes. */
const JOINTS: Readonly<Record<string, string>> = {
  'AWS::EC2::VPCPeeringConnection': 'is peered with another VPC',
  'AWS::EC2::TransitGatewayAttachment': 'is attached to a transit gateway',
  'AWS::EC2::TransitGatewayVpcAttachment': 'is attached to a transit gateway',
  'AWS::EC2::ClientVpnTargetNetworkAssociation': 'can be entered by a client VPN',
  'AWS::NetworkManager::VpcAttachment': 'is attached to a core network',
};

/** Ways into the network that `parts` stand in, behind which only their groups hold. */
export function networkDoors(world: World, parts: readonly Resource[]): Door[] {
  const around = parts.flatMap(({ properties, stack }) => world.references(properties, stack).resources);
  const subnets = around.filter(({ type }) => type === 'AWS::EC2::Subnet');
  const vpcs = [
    ...around,
    ...around.flatMap((one) => world.references(one.properties, one.stack).resources),
  ].filter(({ type }) => type === 'AWS::EC2::VPC');

  return [...new Set([...vpcs, ...subnets])].flatMap((place) =>
    world.referrersOf(place).flatMap((joint) => {
      const how = JOINTS[joint.type] ?? (isVpn(joint) ? 'is connected by a VPN gateway' : undefined);
      return how
        ? [unknown({ how: `stands in a network that ${how}`, shownBy: joint, location: 'Properties' })]
        : [];
    }),
  );
}

function isVpn({ type, properties }: Resource): boolean {
  return type === 'AWS::EC2::VPCGatewayAttachment' && listOf(properties['VpnGatewayId']).length > 0;
}
