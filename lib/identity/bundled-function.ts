import type { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { BundledCode } from '../bundled-code';

export interface BundledFunctionProps {
  readonly description: string;
  readonly code: BundledCode;
  readonly logGroup: logs.ILogGroup;
  readonly timeout: Duration;
  readonly environment: Readonly<Record<string, string>>;
}

/** A function of ours that may do nothing but write its log, until it is granted more. */
export class BundledFunction extends Construct {
  public readonly handler: lambda.Function;

  constructor(scope: Construct, id: string, props: BundledFunctionProps) {
    super(scope, id);

    // no managed policy: it would allow every log group of the account
    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    });
    props.logGroup.grantWrite(role);
    this.handler = new lambda.Function(this, 'Handler', {
      description: props.description.slice(0, 256),
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: props.code,
      memorySize: 256,
      timeout: props.timeout,
      role,
      logGroup: props.logGroup,
      // what it fails of is all that it says, and the runtime writes that
      loggingFormat: lambda.LoggingFormat.JSON,
      environment: { ...props.environment },
    });
  }
}
