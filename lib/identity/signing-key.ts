import { CfnResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { BundledCode } from '../bundled-code';
import { callByRule } from '../call-by-rule';
import { CHECK_ROTATION, PUBLISH_AGAIN } from '../protocol/signing-keys';
import { callAfterUpdate } from '../rewritten';
import { BundledFunction } from './bundled-function';

const ROTATED_EVERY = 'rate(30 days)';

/** Twice a day, so that no day is without an answer. */
const CHECKED_EVERY = 'rate(12 hours)';

export interface SigningKeyProps {
  readonly logGroup: logs.ILogGroup;
}

/**
 * The key that signs the identity handed to backends, and its public halves.
 *
 * A secret holds previous, current and next key. Its rotation function runs when it is defined and every 30 days;
 * before it has run, nothing is signed and every request is answered by 500 (aws-facts 13.13).
 */
export class SigningKey extends Construct {
  /** The public halves, for services without a way to the gateway: a JSON Web Key Set. */
  public readonly publicKeys: ssm.IStringParameter;

  /** Writes the secret, and nobody else does. */
  public readonly rotationFunction: lambda.Function;

  public readonly secret: secretsmanager.Secret;

  constructor(scope: Construct, id: string, { logGroup }: SigningKeyProps) {
    super(scope, id);

    this.secret = new secretsmanager.Secret(this, 'Secret', {
      description: `Signs the identity that ${scope.node.path} hands to backends; written by its rotation only`,
      // worth nothing once the gateway is gone, and made anew with it
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.publicKeys = new ssm.StringParameter(this, 'PublicKeys', {
      description: `Public keys of the identity that ${scope.node.path} hands to backends`,
      stringValue: '{"keys":[]}',
    });

    const rotation = new BundledFunction(this, 'Rotation', {
      description: `Rotates the signing key of ${scope.node.path}`,
      code: new BundledCode('signing-key-rotation'),
      logGroup,
      timeout: Duration.seconds(30),
      environment: { PARAMETER: this.publicKeys.parameterName },
    });
    const { handler } = rotation;
    this.rotationFunction = handler;
    iam.Grant.addToPrincipal({
      grantee: handler,
      actions: ['ssm:GetParameter', 'ssm:PutParameter'],
      resourceArns: [this.publicKeys.parameterArn],
    });
    this.rotateBy(handler);
    this.publishAgainBy(handler);
  }

  public get secretArn(): string {
    return this.secret.secretArn;
  }

  /** Whoever may read the secret can say who calls. */
  public grantSign(grantee: iam.IGrantable): void {
    iam.Grant.addToPrincipal({
      grantee,
      actions: ['secretsmanager:GetSecretValue'],
      resourceArns: [this.secret.secretArn],
    });
  }

  /**
   * Rotations that failed, by the day, and days on which none was begun for too long; no data where nobody looks. Asking
   * for it defines the schedule by which the function looks.
   */
  public metricNotRotated(): cloudwatch.IMetric {
    if (!this.node.tryFindChild('Check')) {
      callByRule(this, 'Check', { scheduleExpression: CHECKED_EVERY }, this.rotationFunction, {
        Step: CHECK_ROTATION,
        SecretId: this.secret.secretArn,
      });
    }
    return this.rotationFunction.metricErrors({
      period: Duration.days(1),
      statistic: cloudwatch.Stats.SUM,
    });
  }

  /**
   * What `Secret.addRotationSchedule` does, with less: that lets the Secrets Manager of any account start the
   * function, and the function ask for random passwords.
   */
  private rotateBy(handler: lambda.Function): void {
    const rotating = iam.Grant.addToPrincipal({
      grantee: handler,
      actions: [
        'secretsmanager:DescribeSecret',
        'secretsmanager:GetSecretValue',
        'secretsmanager:PutSecretValue',
        'secretsmanager:UpdateSecretVersionStage',
      ],
      resourceArns: [this.secret.secretArn],
    });
    handler.addPermission('Rotate', {
      principal: new iam.ServicePrincipal('secretsmanager.amazonaws.com'),
      sourceAccount: Stack.of(this).account,
    });
    this.secret.denyAccountRootDelete();

    const schedule = new secretsmanager.CfnRotationSchedule(this, 'Schedule', {
      secretId: this.secret.secretArn,
      rotationLambdaArn: handler.functionArn,
      rotationRules: { scheduleExpression: ROTATED_EVERY },
    });
    // it rotates once as soon as it stands, by then all of this must
    schedule.node.addDependency(handler, rotating);
  }

  /** Also once the function was updated: a parameter that was replaced is not in its environment before. */
  private publishAgainBy(handler: lambda.Function): void {
    const updated = [this.publicKeys, handler].flatMap(({ node }) =>
      CfnResource.isCfnResource(node.defaultChild) ? [node.defaultChild] : [],
    );
    callAfterUpdate(this, 'Rewritten', updated, handler, {
      Step: PUBLISH_AGAIN,
      SecretId: this.secret.secretArn,
    });
  }
}
