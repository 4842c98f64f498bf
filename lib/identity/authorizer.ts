import { createHash } from 'node:crypto';
import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { BundledCode } from '../bundled-code';
import { GatewayConfigurationError } from '../errors';
import { logicalIdWith } from '../logical-id';
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
   * using up the account's concurrency. A deployment with a security scheme more or less makes another function, and
   * sets aside as many again until it ends.
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
    this.replaceWith(props);
    this.uri = invocationUri(this.handler);
  }

  /**
   * CloudFormation changes a function's settings first and its code seconds later
   * (https://github.com/aws/aws-cdk/pull/33587), and code does not start with settings it cannot serve. What must fit
   * makes another function, which API Gateway calls from its next deployment on. One that was given a name can only be
   * changed.
   */
  private replaceWith({ configuration, files }: AuthorizerProps): void {
    const resource = this.handler.node.defaultChild;
    if (!(resource instanceof lambda.CfnFunction)) return;

    const kinds = Object.entries(configuration.schemes).map(([name, { kind }]) => `${name}: ${kind}`);
    const stem = Stack.of(this).getLogicalId(resource);
    const digest = createHash('sha256')
      .update(JSON.stringify([stem, bundleOf(configuration), kinds.sort(), Object.keys(files).sort()]))
      .digest('hex')
      .slice(0, 8);
    resource.overrideLogicalId(
      Lazy.uncachedString({ produce: () => (hasName(resource) ? stem : logicalIdWith(stem, digest)) }),
    );
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

function bundleOf(configuration: AuthorizerConfiguration): string {
  const kinds = schemeKinds(Object.values(configuration.schemes));
  return authorizerBundle(kinds, needsStores(configuration));
}

/** By an override too. */
function hasName(resource: lambda.CfnFunction): boolean {
  const { Properties } = resource['rawOverrides'] as {
    readonly Properties?: { readonly FunctionName?: unknown };
  };
  // the CDK has a token for a function without
  return (Stack.of(resource).resolve(resource.functionName) ?? Properties?.FunctionName) !== undefined;
}

function codeOf({ policy, configuration, files }: AuthorizerProps): lambda.Code {
  return new BundledCode(bundleOf(configuration), {
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
