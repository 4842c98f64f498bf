import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { BundledCode } from '../bundled-code';
import { GatewayConfigurationError } from '../errors';
import { authorizerBundle, needsStores, schemeKinds } from '../protocol/authorizer-bundles';
import { AUTHORIZER_CONFIGURATION, type AuthorizerConfiguration } from '../protocol/authorizer-configuration';
import type { Policy } from '../protocol/policy';
import { type AuthorizerNetwork, placeInNetwork } from './authorizer-network';
import { allowInvocation, invocationUri } from './invoked-by-api';

/** Bytes of names and values that Lambda allows in a function's environment. */
const MAXIMUM_ENVIRONMENT_BYTES = 4096;

/**
 * How the authorizer's function runs.
 */
export interface AuthorizerOptions {
  /**
   * Memory, in MiB. It decides the share of CPU, on which a cold start and the check of a signature depend.
   *
   * @default 512
   */
  readonly memorySize?: number;

  /**
   * Most instances at a time; they are set aside in the account. It keeps a flood of bogus credentials from
   * using up the account's concurrency.
   *
   * @default - the account's
   */
  readonly reservedConcurrency?: number;
}

export interface AuthorizerProps extends AuthorizerOptions {
  readonly policy: Policy;
  readonly configuration: AuthorizerConfiguration;
  /** Where the function has to be. Absent: in no VPC. */
  readonly network?: AuthorizerNetwork;
  /** Files to lie beside the policy, by name. */
  readonly files: Readonly<Record<string, string>>;
  readonly logGroup: logs.ILogGroup;
}

/**
 * The function that authenticates, authorizes and checks the parameters of every request.
 */
export class Authorizer extends Construct {
  public readonly handler: lambda.Function;

  /** What API Gateway calls, as the API's body names it. */
  public readonly uri: string;

  constructor(scope: Construct, id: string, props: AuthorizerProps) {
    super(scope, id);
    const { memorySize = 512, reservedConcurrency, logGroup } = props;

    // no managed policy: it would allow every log group of the account
    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    });
    logGroup.grantWrite(role);

    this.handler = new lambda.Function(this, 'Handler', {
      description: `Authorizer of ${this.node.path}`.slice(0, 256),
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: codeOf(props),
      memorySize,
      timeout: Duration.seconds(10),
      reservedConcurrentExecutions: reservedConcurrency,
      role,
      logGroup,
      ...(props.network && placeInNetwork(this, role, props.network)),
      environment: { [AUTHORIZER_CONFIGURATION]: this.environmentOf(props.configuration) },
    });
    this.uri = invocationUri(this.handler);
  }

  /** Lets the authorizers of one API, and nothing else, invoke the function. */
  public allowInvocationBy(restApiId: string): void {
    allowInvocation(this.handler, restApiId, 'authorizers/*');
  }

  private environmentOf(configuration: AuthorizerConfiguration): string {
    const text = Stack.of(this).toJsonString(configuration);
    this.node.addValidation({ validate: () => this.checkSize(text) });
    return text;
  }

  /** Counts what is known: a name that only the deployment knows counts nothing. */
  private checkSize(text: string): string[] {
    const known = knownText(Stack.of(this).resolve(text));
    const bytes = AUTHORIZER_CONFIGURATION.length + Buffer.byteLength(known);
    if (bytes <= MAXIMUM_ENVIRONMENT_BYTES) return [];

    const { message } = new GatewayConfigurationError([
      {
        code: 'CONFIGURATION_SIZE',
        at: this.node.path,
        message: `the authorizer's configuration takes ${bytes} bytes of the ${MAXIMUM_ENVIRONMENT_BYTES} Lambda allows`,
        remedy: 'use fewer tiers or authentication schemes, or split the gateway',
      },
    ]);
    return [message];
  }
}

function codeOf({ policy, configuration, files }: AuthorizerProps): lambda.Code {
  const kinds = schemeKinds(Object.values(configuration.schemes));
  return new BundledCode(authorizerBundle(kinds, needsStores(configuration)), {
    ...files,
    'policy.json': JSON.stringify(policy),
  });
}

/** The literal parts of a resolved string: `{ 'Fn::Join': ['', […]] }` or the string itself. */
function knownText(resolved: unknown): string {
  if (typeof resolved === 'string') return resolved;
  const [, parts] = (resolved as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join'] ?? ['', []];
  return parts.filter((part) => typeof part === 'string').join('');
}
