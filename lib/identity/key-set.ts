import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { BundledCode } from '../bundled-code';
import type { GatewayOperation } from '../definition/compiled-api';
import { KEY_SET_PATH } from '../protocol/signing-keys';
import { BundledFunction } from './bundled-function';
import { allowInvocation, invocationUri } from './invoked-by-api';

export interface KeySetProps {
  readonly publicKeys: ssm.IStringParameter;
  readonly logGroup: logs.ILogGroup;
}

/** Answers `GET /.well-known/jwks.json`. It reads the public halves only: the private key is out of its reach. */
export class KeySet extends Construct {
  private readonly handler: lambda.Function;

  constructor(scope: Construct, id: string, { publicKeys, logGroup }: KeySetProps) {
    super(scope, id);

    this.handler = new BundledFunction(this, 'Function', {
      description: `Public keys of ${scope.node.path}`,
      code: new BundledCode('jwks'),
      logGroup,
      timeout: Duration.seconds(5),
      environment: { PARAMETER: publicKeys.parameterName },
    }).handler;
    // grantRead would allow its history and more
    iam.Grant.addToPrincipal({
      grantee: this.handler,
      actions: ['ssm:GetParameter'],
      resourceArns: [publicKeys.parameterArn],
    });
  }

  /** The operation in the API's body: open to everyone, answered without the authorizer. */
  public get operation(): GatewayOperation {
    return {
      responses: { 200: { description: 'Public keys' } },
      security: [],
      'x-amazon-apigateway-integration': {
        type: 'aws_proxy',
        httpMethod: 'POST',
        uri: invocationUri(this.handler),
        timeoutInMillis: 5000,
      },
    };
  }

  /** Lets this operation of one API, and nothing else, invoke the function. */
  public allowInvocationBy(restApiId: string): void {
    allowInvocation(this.handler, restApiId, `*/GET${KEY_SET_PATH}`);
  }
}
