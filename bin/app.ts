/**
 * The deployable app, configured by context:
 *
 *   npx cdk deploy -c issuer=https://id.example.com/ -c certificateArn=arn:aws:acm:…
 *
 * Without `definition` it is the sample: a network, a stand-in for the orders service, and the gateway before it.
 * With `definition` it puts a gateway before your own service. All keys stand in context.ts and in the README.
 */
import { App, Duration } from 'aws-cdk-lib';
import { OrdersStack } from '../test/examples/orders/stack';
import { Context } from './context';
import { ServiceStack } from './service-stack';

const app = new App();
const context = new Context(app);

const stackName = context.text('stackName');
const common = {
  issuer: context.text('issuer'),
  audience: context.text('audience'),
  serverName: context.text('serverName'),
  throttle: { rate: context.count('rate'), burst: context.count('burst') },
  revokeWithin: Duration.seconds(context.count('revokeWithin', 0)),
};

if (context.text('definition') === '') {
  context.check();
  new OrdersStack(app, stackName, { ...common, certificateArn: context.text('certificateArn') || undefined });
} else {
  context.demand(
    'definition',
    'loadBalancerArn',
    'loadBalancerSecurityGroupId',
    'vpcId',
    'availabilityZones',
    'privateSubnetIds',
  );
  context.check();
  new ServiceStack(app, stackName, {
    ...common,
    definition: context.text('definition'),
    jwtScheme: context.text('jwtScheme') || undefined,
    apiKeyScheme: context.text('apiKeyScheme') || undefined,
    backend: context.text('backend'),
    loadBalancerArn: context.text('loadBalancerArn'),
    loadBalancerSecurityGroupId: context.text('loadBalancerSecurityGroupId'),
    vpcId: context.text('vpcId'),
    availabilityZones: context.list('availabilityZones'),
    privateSubnetIds: context.list('privateSubnetIds'),
  });
}
