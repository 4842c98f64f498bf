// One synthesis of an app: empty, or with a gateway before the document given, or with the CDK's own import of it, or
// with the resources of a ready-made template: the least that any construct with this result can cost. Or empty, beside
// a part of what a gateway takes: its modules loaded, or the document compiled.
// Plain JavaScript on the built package, so that what is measured is what a user waits for and no loader.
const { App, Stack } = require('aws-cdk-lib');

// modules load what a name needs when it is first asked for
const RESOURCE_MODULES = [
  ['aws-apigateway', 'CfnRestApi'],
  ['aws-apigatewayv2', 'CfnVpcLink'],
  ['aws-ec2', 'Vpc'],
  ['aws-elasticloadbalancingv2', 'ApplicationLoadBalancer'],
  ['aws-iam', 'Role'],
  ['aws-lambda', 'Function'],
  ['aws-logs', 'LogGroup'],
  ['aws-secretsmanager', 'Secret'],
  ['aws-ssm', 'StringParameter'],
  ['aws-wafv2', 'CfnWebACL'],
];

const [kind, document, outdir] = process.argv.slice(2);
const app = new App({ builtinCloudFormationValidation: false, ...(outdir && { outdir }) });
const stack = new Stack(app, 'Orders', {
  env: { account: '111111111111', region: 'eu-west-1' },
  suppressTemplateIndentation: true,
});
if (kind === 'gateway') defineGateway();
if (kind === 'imports') void loadGateway();
if (kind === 'compiled') compileDocument();
if (kind === 'specRestApi') defineSpecRestApi();
if (kind === 'readyMade') defineReadyMade();
// a thousand operations make a template too large to deploy, which validation would say; it takes 20 ms or so
app.synth({ skipValidation: true });

function loadGateway() {
  const { Authentication, Backend, OpenApiDocument, SecureApiGateway } = require('../dist/lib');
  const { SecurityGroup, Vpc } = require('aws-cdk-lib/aws-ec2');
  const { ApplicationLoadBalancer } = require('aws-cdk-lib/aws-elasticloadbalancingv2');
  const gateway = { Authentication, Backend, OpenApiDocument, SecureApiGateway };
  return { ...gateway, SecurityGroup, Vpc, ApplicationLoadBalancer };
}

function compileDocument() {
  const { compile, OpenApiDocument } = require('../dist/lib/definition');
  compile(OpenApiDocument.fromFile(document), { authentication: ['customer'], backends: ['orders'] });
}

function defineGateway() {
  const { Authentication, Backend, OpenApiDocument, SecureApiGateway, ...cdk } = loadGateway();
  const { SecurityGroup, Vpc, ApplicationLoadBalancer } = cdk;

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

/** No compiler, no construct of ours, no L2: the modules such resources come from, and the resources as they are. */
function defineReadyMade() {
  const { CfnResource } = require('aws-cdk-lib');
  const { readFileSync } = require('node:fs');
  for (const [module, name] of RESOURCE_MODULES) void require(`aws-cdk-lib/${module}`)[name];

  const { Resources } = JSON.parse(readFileSync(document, 'utf8'));
  for (const [logicalId, { Type, Properties }] of Object.entries(Resources)) {
    new CfnResource(stack, logicalId, { type: Type, properties: Properties }).overrideLogicalId(logicalId);
  }
}
