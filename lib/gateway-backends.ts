import { Annotations, type Duration } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { type Backend, BackendResponses } from './backend/backend';
import { type IntegrationTarget, integrationOf } from './backend/integration';
import { mappedOperation } from './backend/mapped-operation';
import { VpcLinks } from './backend/vpc-links';
import type { CompiledApi, GatewayOperation, IntegrationPlaceholder } from './definition/compiled-api';
import { GatewayConfigurationError, type Problem } from './errors';
import type { IdentityHeaderNames } from './protocol/identity-headers';

/** More of it needs a raised account quota (aws-facts 5.3). */
const DEFAULT_QUOTA_SECONDS = 29;

export interface ConnectedBackends {
  readonly connections: ec2.Connections;

  /** For the local gateway: which URIs belong to which backend. */
  readonly metadata: Readonly<Record<string, { readonly uri: string }>>;

  /** What changes when a load balancer is replaced under the same reference, to be asked when the app is complete. */
  identity(): string;

  /** What of an operation its backend decides: the integration, and more where answers are mapped. */
  operationFor(placeholder: IntegrationPlaceholder, operation: GatewayOperation): object;
}

/** Connects the backends to the gateway by VPC links. */
export function connectBackends(
  scope: Construct,
  backends: Readonly<Record<string, Backend>>,
  { exchanges, identity }: Pick<CompiledApi, 'exchanges' | 'identity'>,
  answerHeaders: Readonly<Record<string, string>>,
): ConnectedBackends {
  const links = new VpcLinks(scope, 'Links');
  const targets = new Map(
    Object.entries(backends).map(([name, backend]) => [
      name,
      targetOf(links, name, backend, identity.headers),
    ]),
  );
  for (const [name, { _options }] of Object.entries(backends)) warnOfQuota(scope, name, _options.timeout);
  guardBackends(scope, backends);

  return {
    connections: links.connections,
    metadata: Object.fromEntries([...targets].map(([name, { uri }]) => [name, { uri }])),
    identity: () => JSON.stringify(Object.values(backends).map(({ _target }) => _target.identity())),
    operationFor: (placeholder, operation) => {
      const target = targets.get(placeholder.backend);
      if (!target) throw new Error(`the compiler let through the unknown backend ${placeholder.backend}`);
      const isMapped = backends[placeholder.backend]?._options.responses === BackendResponses.MAPPED;
      const exchange = exchanges[`${placeholder.method} ${placeholder.path}`];
      if (!isMapped || !exchange) {
        const isBinary = exchange?.binaryAnswers !== undefined;
        return { 'x-amazon-apigateway-integration': integrationOf(placeholder, target, { isBinary }) };
      }

      // nothing comes through that would have to be withheld
      const integration = integrationOf({ ...placeholder, withheldHeaders: [] }, target);
      return mappedOperation(integration, parametersOf(operation), exchange, answerHeaders);
    },
  };
}

function parametersOf(operation: GatewayOperation): Readonly<Record<string, unknown>>[] {
  const parameters: unknown = operation['parameters'];
  return Array.isArray(parameters) ? parameters : [];
}

function targetOf(
  links: VpcLinks,
  name: string,
  backend: Backend,
  identityHeaders: IdentityHeaderNames,
): IntegrationTarget {
  const { timeout, headers = {}, skipIssuerVerification = false } = backend._options;
  const timeoutMillis = timeout?.toMilliseconds({ integral: false });

  return {
    uri: backend._uri,
    vpcLinkId: links.connect(name, backend).id,
    loadBalancerArn: backend._target.arn,
    ...(timeoutMillis !== undefined && { timeoutMillis }),
    headers,
    identityHeaders,
    skipIssuerVerification,
    signedIdentity: true,
  };
}

/** Listeners and rules may be added after the gateway, so the backends are looked at when the app is complete. */
function guardBackends(scope: Construct, backends: Readonly<Record<string, Backend>>): void {
  scope.node.addValidation({
    validate: () =>
      messagesOf(
        Object.entries(backends).flatMap(([name, backend]) =>
          backend._target.exposures(`${scope.node.path}: backends.${name}`),
        ),
      ),
  });
}

function messagesOf(problems: readonly Problem[]): string[] {
  return problems.map((problem) => new GatewayConfigurationError([problem]).message);
}

function warnOfQuota(scope: Construct, name: string, timeout: Duration | undefined): void {
  if (!timeout || timeout.isUnresolved()) return;
  if (timeout.toMilliseconds({ integral: false }) <= DEFAULT_QUOTA_SECONDS * 1000) return;

  Annotations.of(scope).addWarningV2(
    `secure-api-gateway:INTEGRATION_TIMEOUT:${name}`,
    `backends.${name}: a timeout of more than ${DEFAULT_QUOTA_SECONDS} seconds deploys only where the account's quota "Maximum integration timeout" was raised`,
  );
}
