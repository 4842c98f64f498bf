import { Duration, Stack, Token } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { auditProblems } from './audit/check-audit';
import { thresholdProblems } from './audit/check-thresholds';
import { BackendResponses } from './backend/backend';
import { certificateNameProblems } from './backend/client-certificates';
import { mappedProblems } from './backend/mapped-operation';
import type { CompiledApi } from './definition/compiled-api';
import { domainProblems } from './edge/check-domain';
import { GatewayConfigurationError, type Problem } from './errors';
import { deprecationProblems } from './gateway-deprecation';
import { edgeProblems, ratePathProblems, restrictionProblems } from './gateway-edge-problems';
import { identityHeaderNames, identityHeaderProblems } from './gateway-identity-headers';
import { mutualTlsProblems } from './gateway-mutual-tls';
import type { SecureApiGatewayProps } from './gateway-props';
import { includesHeader } from './protocol/identity-headers';
import { checkThrottle } from './traffic/check-throttle';
import { checkTiers } from './traffic/check-tiers';
import { limitProblems } from './traffic/limit-options';

/**
 * Compiles the document against the props. Every problem of both is reported, and all at once.
 */
export function compileGateway(
  scope: Construct,
  props: SecureApiGatewayProps,
  compileDefinition: () => CompiledApi,
): CompiledApi {
  const at = scope.node.path;
  const problems = propProblems(at, props, Stack.of(scope));
  const compiled = collecting(problems, compileDefinition);
  if (compiled) {
    problems.push(
      ...certificateProblems(at, props, compiled),
      ...mappingProblems(at, props, compiled),
      ...credentialHeaderProblems(at, props, compiled),
      ...restrictionProblems(at, props, compiled),
      ...titleProblems(at, props, compiled),
      ...tokenProblems(at, compiled),
      ...ratePathProblems(`${at}: edge.rates`, props, compiled),
      ...thresholdProblems(`${at}: audit`, props.audit ?? {}, compiled.audit.sensitive.length > 0),
    );
  }
  if (!compiled || problems.length > 0) throw new GatewayConfigurationError(problems);
  return compiled;
}

function propProblems(at: string, props: SecureApiGatewayProps, stack: Stack): Problem[] {
  const { account, region } = stack;
  const identityHeaders = Object.values(identityHeaderNames(props.identityHeaders));
  return [
    ...Object.entries(props.authentication).flatMap(([name, authentication]) =>
      authentication._problems(`${at}: authentication.${name}`),
    ),
    ...Object.entries(props.backends).flatMap(([name, backend]) => [
      ...backend._problems(`${at}: backends.${name}`, identityHeaders),
      ...backend._target.distances(`${at}: backends.${name}`, { account, region }),
    ]),
    ...identityHeaderProblems(`${at}: identityHeaders`, props.identityHeaders),
    ...(props.domain ? domainProblems(`${at}: domain`, props.domain, region) : []),
    ...mutualTlsProblems(at, props),
    ...edgeProblems(at, props),
    ...certificateNameProblems(at, props.clientCertificates ?? DEFAULT_CERTIFICATES),
    ...deprecationProblems(`${at}: deprecation`, props.deprecation),
    ...checkTiers(`${at}: tiers`, props.tiers ?? {}),
    ...checkThrottle(`${at}: throttle`, props.throttle),
    ...(props.limits ? limitProblems(`${at}: limits`, props.limits) : []),
    ...(props.onUnknownTenant?._problems(`${at}: onUnknownTenant`, Object.keys(props.tiers ?? {})) ?? []),
    ...checkRevokeWithin(at, props.revokeWithin),
    ...(props.audit?.export?._problems(at) ?? []),
    ...checkStageName(at, props.stageName),
    ...checkIdentityIssuer(at, props.identityIssuer),
    ...auditProblems(`${at}: audit`, props.audit ?? {}, region),
  ];
}

/** Without mutual TLS no client ever shows a certificate. */
function certificateProblems(
  at: string,
  { domain, disableDefaultEndpoint = false }: SecureApiGatewayProps,
  { policy }: CompiledApi,
): Problem[] {
  // a domain defined elsewhere may demand one
  if (domain?.mutualTls || (!domain && disableDefaultEndpoint)) return [];

  return Object.entries(policy.schemes)
    .filter(([, location]) => location.in === 'clientCertificate')
    .map(([scheme]) => ({
      code: 'MUTUAL_TLS_MISSING',
      at,
      message: `the security scheme ${JSON.stringify(scheme)} needs client certificates, and the domain demands none`,
      remedy: "give the gateway a 'domain' with 'mutualTls'",
    }));
}

/** The authorizer reads its rules from a file, which a value of the deployment does not reach. */
function tokenProblems(at: string, { policy }: CompiledApi): Problem[] {
  const [token] = JSON.stringify(policy).match(/[$#]\{Token\[[^\]]+\]\}/) ?? [];
  if (token === undefined) return [];

  return [
    {
      code: 'DOCUMENT_TOKEN',
      at,
      message: `the document holds a value that only the deployment knows, ${token}, in what the authorizer demands`,
      remedy: 'write names, scopes, enumerations and bounds out in the document',
    },
  ];
}

/** API Gateway keeps its metrics by the title, and CloudWatch refuses alarms on names with other characters. */
function titleProblems(at: string, { audit = {} }: SecureApiGatewayProps, { body }: CompiledApi): Problem[] {
  const { title } = body.info;
  if ((!audit.alarmTopic && !audit.dashboard) || /^[ -~]*[!-~][ -~]*$/.test(title)) return [];

  return [
    {
      code: 'API_TITLE',
      at,
      message: `CloudWatch takes ASCII only in the title by which metrics are kept, got ${JSON.stringify(title)}`,
      remedy: "write 'info.title' without accents and other scripts, in the document or by an overlay",
    },
  ];
}

function mappingProblems(
  at: string,
  { backends }: SecureApiGatewayProps,
  { policy, exchanges }: CompiledApi,
): Problem[] {
  return Object.entries(policy.operations).flatMap(([name, { backend, parameters }]) => {
    const exchange = exchanges[name];
    if (!exchange || backends[backend]?._options.responses !== BackendResponses.MAPPED) return [];

    const inPath = parameters.filter((rule) => rule.in === 'path').map((rule) => rule.name);
    return mappedProblems(`${at}: backends.${backend}`, name, inPath, exchange);
  });
}

/** A caller's credential is taken out of its header, which cannot hold something else to the service as well. */
function credentialHeaderProblems(
  at: string,
  { backends }: SecureApiGatewayProps,
  { policy }: CompiledApi,
): Problem[] {
  const credentials = Object.values(policy.schemes).flatMap((location) =>
    location.in === 'header' ? [location.name] : [],
  );
  return Object.entries(backends).flatMap(([backend, { _options }]) =>
    Object.keys(_options.headers ?? {})
      .filter((name) => includesHeader(credentials, name))
      .map((name) => ({
        code: 'BACKEND_HEADER_NAME',
        at: `${at}: backends.${backend}`,
        message: `'headers' names ${JSON.stringify(name)}, in which callers send their credential`,
        remedy: 'choose a name of your own',
      })),
  );
}

function collecting<T>(problems: Problem[], run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof GatewayConfigurationError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}

export const DEFAULT_CERTIFICATES: readonly string[] = ['1'];

export const DEFAULT_REVOKE_WITHIN = Duration.seconds(30);

const LONGEST_REVOKE_WITHIN = Duration.hours(1);

/** How long the authorizer may remember what is stored, in seconds known at synthesis. */
export function longestMemorySeconds(revokeWithin: Duration = DEFAULT_REVOKE_WITHIN): number {
  return (revokeWithin.isUnresolved() ? LONGEST_REVOKE_WITHIN : revokeWithin).toSeconds();
}

function checkRevokeWithin(at: string, revokeWithin: Duration = DEFAULT_REVOKE_WITHIN): Problem[] {
  if (revokeWithin.isUnresolved() || revokeWithin.toSeconds() <= LONGEST_REVOKE_WITHIN.toSeconds()) return [];
  return [
    {
      code: 'REVOKE_WITHIN',
      at,
      message: `'revokeWithin' must be at most an hour, got ${revokeWithin.toHumanString()}`,
      remedy: 'a stolen key would work that long after it was revoked: write a shorter time',
    },
  ];
}

function checkStageName(at: string, stageName = 'prod'): Problem[] {
  if (Token.isUnresolved(stageName) || /^[A-Za-z0-9_-]{1,128}$/.test(stageName)) return [];
  return [
    {
      code: 'STAGE_NAME',
      at,
      message: `'stageName' must be letters, digits, '-' and '_', got ${JSON.stringify(stageName)}`,
      remedy: 'rename the stage',
    },
  ];
}

/** A verifier that is told to expect an empty issuer expects none: it would take any gateway's identity. */
function checkIdentityIssuer(at: string, issuer: string | undefined): Problem[] {
  if (issuer === undefined || issuer.trim() !== '') return [];
  return [
    {
      code: 'IDENTITY_ISSUER',
      at,
      message: `'identityIssuer' must be a name, got ${JSON.stringify(issuer)}`,
      remedy: "name the gateway, or leave it out for the construct's path",
    },
  ];
}

/** The one table of all schemes: the authorizer reads no other. */
export function oneTable(
  at: string,
  tables: readonly (dynamodb.ITable | undefined)[],
): dynamodb.ITable | undefined {
  const [table, ...others] = new Set(tables.filter((table) => table !== undefined));
  if (others.length === 0) return table;

  throw new GatewayConfigurationError([
    {
      code: 'SEVERAL_STORES',
      at,
      message: `the authentication schemes keep their keys in ${others.length + 1} stores`,
      remedy: 'give all schemes of a gateway the same ApiKeyStore',
    },
  ]);
}
