// One synthesis of an app: empty, or with a gateway before the document given, or with the CDK's own import of it.
// Plain JavaScript on the built package, so that what is measured is what a user waits for and no loader.
const { App, Stack } = require('aws-cdk-lib');

const [kind, document] = process.argv.slice(2);
const app = new App({ builtinCloudFormationValidation: false });
const stack = new Stack(app, 'Orders', {
  env: { account: '111111111111', region: 'eu-west-1' },
  suppressTemplateIndentation: true,
});
if (kind === 'gateway') defineGateway();
if (kind === 'specRestApi') defineSpecRestApi();
app.synth();

function defineGateway() {
  const { Authentication, Backend, OpenApiDocument, SecureApiGateway } = require('../dist/lib');
  const { SecurityGroup, Vpc } = require('aws-cdk-lib/aws-ec2');
  const { ApplicationLoadBalancer } = require('aws-cdk-lib/aws-elasticloadbalancingv2');

  const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1',
    availabilityZones: ['eu-west-1a', 'eu-west-1b'],
    privateSubnetIds: ['subnet-1', 'subnet-2'],
  });
  const loadBalancer = ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(stack, 'Alb', {
    loadBalancerArn: 'arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/orders/1',
    securityGroupId: SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1').securityGroupId,
    vpc,
  });
  new SecureApiGateway(stack, 'Gateway', {
    definition: OpenApiDocument.fromFile(document),
    authentication: {
      customer: Authentication.jwt({ issuer: 'https://id.example.com/', audiences: ['orders'] }),
    },
    backends: {
      orders: Backend.applicationLoadBalancer(loadBalancer, { serverName: 'orders.internal.example.com' }),
    },
  });
}

/** What the CDK's own construct makes of a document: no authorizer, no web ACL, no plans, no integrations but mocks. */
function defineSpecRestApi() {
  const { ApiDefinition, SpecRestApi } = require('aws-cdk-lib/aws-apigateway');
  const { readFileSync } = require('node:fs');
  new SpecRestApi(stack, 'Api', {
    apiDefinition: ApiDefinition.fromInline(JSON.parse(readFileSync(document, 'utf8'))),
    cloudWatchRole: false,
  });
}
