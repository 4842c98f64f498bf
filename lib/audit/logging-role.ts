import { CustomResource, Duration, RemovalPolicy, Stack, Token, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct, type IDependable } from 'constructs';
import { BundledCode } from '../bundled-code';
import type { GatewayLogs } from './gateway-logs';

/**
 * Where the role comes from with which API Gateway writes logs. There is one for an account and region.
 */
export enum LoggingRole {
  /** Sets one if the account has none. An existing one is never replaced, and ours is kept on deletion. */
  ENSURE = 'ensure',
  /** The account has one; nothing is defined. */
  EXISTING = 'existing',
}

const ID = 'SecureApiGatewayLoggingRole';

const WRITES_LOGS = 'service-role/AmazonAPIGatewayPushToCloudWatchLogs';

/** What the stage must wait for, so that API Gateway accepts its access log (aws-facts 13.1). */
export function loggingRoleOf(scope: Construct, loggingRole: LoggingRole, logs: GatewayLogs): IDependable[] {
  if (loggingRole === LoggingRole.EXISTING) return [];

  const stack = Stack.of(scope);
  return [stack.node.tryFindChild(ID) ?? new EnsuredLoggingRole(stack, ID, logs)];
}

/** Sets the account's logging role if there is none; one for all gateways of a stack, with the logs of the first. */
class EnsuredLoggingRole extends Construct {
  constructor(scope: Construct, id: string, logs: GatewayLogs) {
    super(scope, id);

    const stack = Stack.of(this);
    const role = new iam.Role(this, 'Role', {
      description: 'Writes the logs of every API Gateway API of this account and region',
      assumedBy: new iam.ServicePrincipal('apigateway.amazonaws.com'),
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName(WRITES_LOGS)],
    });
    Validations.of(role).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${WRITES_LOGS}]`,
      reason: 'the role serves every API of the account, whose log groups are not known here',
    });
    // other APIs of the account may log with it by the time this stack is deleted
    role.applyRemovalPolicy(RemovalPolicy.RETAIN);

    const logGroup = logs.group(this, 'Logs');
    const handlerRole = new iam.Role(this, 'HandlerRole', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    });
    logGroup.grantWrite(handlerRole);
    handlerRole.addToPolicy(
      new iam.PolicyStatement({
        actions: ['apigateway:GET', 'apigateway:PATCH'],
        resources: [`arn:${stack.partition}:apigateway:${stack.region}::/account`],
      }),
    );
    handlerRole.addToPolicy(
      new iam.PolicyStatement({ actions: ['iam:PassRole'], resources: [role.roleArn] }),
    );
    // a role that was deleted is still named in the account's settings, and no log gets through
    handlerRole.addToPolicy(
      new iam.PolicyStatement({
        actions: ['iam:GetRole'],
        resources: [stack.formatArn({ service: 'iam', region: '', resource: 'role', resourceName: '*' })],
      }),
    );

    Validations.of(handlerRole).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:iam::${accountOf(stack)}:role/*]`,
      reason: 'it only asks whether the role in the account settings exists, and that may be any',
    });

    const handler = new lambda.Function(this, 'Handler', {
      description: "Sets API Gateway's logging role if the account has none",
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: new BundledCode('logging-role'),
      timeout: Duration.minutes(2),
      role: handlerRole,
      logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
    });

    const resource = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::ApiGatewayLoggingRole',
      serviceToken: handler.functionArn,
      serviceTimeout: Duration.minutes(3),
      properties: { roleArn: role.roleArn },
    });
    // without its permissions the handler could not even answer
    resource.node.addDependency(handlerRole);
  }
}

/** As cdk-nag writes it. */
function accountOf({ account }: Stack): string {
  return Token.isUnresolved(account) ? '<AWS::AccountId>' : account;
}
