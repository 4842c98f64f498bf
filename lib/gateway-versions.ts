import { Fn, Stack } from 'aws-cdk-lib';
import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import { domainProblems } from './edge/check-domain';
import { Domain, DomainRouting } from './edge/domain';
import { GatewayConfigurationError, type Problem } from './errors';
import type { SecureApiGateway } from './secure-api-gateway';

/**
 * One version of an API.
 */
export interface ApiVersion {
  /**
   * What serves it; its own endpoint must be off.
   */
  readonly gateway: SecureApiGateway;

  /**
   * First path segment that chooses it, for example `v1`.
   *
   * @default - the header alone chooses it
   */
  readonly basePath?: string;

  /**
   * Value of the version header that chooses it, for example `2`. `*` stands for any characters at its end.
   *
   * @default - the base path alone chooses it
   */
  readonly header?: string;

  /**
   * Serves requests that choose no version. One version at most.
   *
   * @default false
   */
  readonly fallback?: boolean;
}

/**
 * Properties of `ApiVersions`.
 */
export interface ApiVersionsProps {
  /**
   * For example `api.example.com`.
   */
  readonly domainName: string;

  /**
   * Zone that gets the domain's alias records and validates the certificate.
   *
   * @default - no records are written
   */
  readonly hostedZone?: IHostedZone;

  /**
   * Certificate of the domain.
   *
   * @default - one is made and validated in `hostedZone`
   */
  readonly certificate?: ICertificate;

  /**
   * The versions, the first that matches a request serving it.
   */
  readonly versions: ApiVersion[];

  /**
   * Header that chooses a version.
   *
   * @default 'Accept-Version'
   */
  readonly headerName?: string;
}

/** API Gateway takes 50 rules a domain (aws-facts 5.1). */
const MAXIMUM_VERSIONS = 50;

/** Room between priorities, for rules of the user's own. */
const PRIORITY_STEP = 100;

/**
 * Several versions of an API on one domain, each a gateway of its own.
 */
export class ApiVersions extends Construct {
  public readonly domain: Domain;

  constructor(scope: Construct, id: string, props: ApiVersionsProps) {
    super(scope, id);
    const { versions, headerName = 'Accept-Version' } = props;
    const problems = [
      ...domainProblems(this.node.path, props, Stack.of(this).region),
      ...versionProblems(this.node.path, versions),
    ];
    if (problems.length > 0) throw new GatewayConfigurationError(problems);

    this.domain = new Domain(this, 'Domain', { ...props, routing: DomainRouting.RULES });
    rulesOf(versions).forEach((rule, index) => {
      this.defineRule(rule, headerName, (index + 1) * PRIORITY_STEP);
    });
  }

  private defineRule(version: VersionRule, headerName: string, priority: number): void {
    const { gateway, basePath } = version;
    const rule = new apigatewayv2.CfnRoutingRule(this, `Rule${priority}`, {
      domainNameArn: this.domainNameArn(),
      priority,
      conditions: conditionsOf(version, headerName),
      actions: [
        {
          invokeApi: {
            apiId: gateway.restApi.ref,
            stage: gateway.stage.ref,
            ...(basePath && { stripBasePath: true }),
          },
        },
      ],
    });
    // no version is served before its web ACL stands
    rule.node.addDependency(gateway.webAclAssociation);
  }

  private domainNameArn(): string {
    const { partition, region } = Stack.of(this);
    return Fn.join('', [`arn:${partition}:apigateway:${region}::/domainnames/`, this.domain.resource.ref]);
  }
}

type VersionRule = Omit<ApiVersion, 'fallback'>;

/** What is chosen comes before what serves the rest, which may be chosen as well. */
function rulesOf(versions: readonly ApiVersion[]): VersionRule[] {
  const chosen = versions.filter(({ basePath, header }) => basePath || header);
  const rest = versions.filter(({ fallback }) => fallback).map(({ gateway }) => ({ gateway }));
  return [...chosen, ...rest];
}

/** No condition matches every request. */
function conditionsOf(
  { basePath, header }: VersionRule,
  headerName: string,
): apigatewayv2.CfnRoutingRule.ConditionProperty[] {
  return [
    ...(basePath ? [{ matchBasePaths: { anyOf: [basePath] } }] : []),
    ...(header ? [{ matchHeaders: { anyOf: [{ header: headerName, valueGlob: header }] } }] : []),
  ];
}

function versionProblems(at: string, versions: readonly ApiVersion[]): Problem[] {
  const problems: Problem[] = [];
  if (versions.length === 0 || versions.length > MAXIMUM_VERSIONS) {
    problems.push({
      code: 'VERSIONS_COUNT',
      at,
      message: `a domain serves 1 to ${MAXIMUM_VERSIONS} versions, got ${versions.length}`,
      remedy: 'split them over domains',
    });
  }
  if (versions.filter(({ fallback }) => fallback).length > 1) {
    problems.push({
      code: 'VERSIONS_FALLBACK',
      at,
      message: 'more than one version serves requests that choose none',
      remedy: "set 'fallback' on one",
    });
  }
  versions.forEach(({ gateway, basePath, header, fallback }, index) => {
    const place = `${at}: versions[${index}]`;
    if (!basePath && !header && !fallback) {
      problems.push({
        code: 'VERSION_UNREACHABLE',
        at: place,
        message: 'nothing chooses the version',
        remedy: "give 'basePath' or 'header', or make it the 'fallback'",
      });
    }
    const shadow = versions.slice(0, index).findIndex((earlier) => hides(earlier, { basePath, header }));
    if (shadow >= 0) {
      problems.push({
        code: 'VERSION_UNREACHABLE',
        at: place,
        message: `versions[${shadow}] takes every request that would choose the version`,
        remedy: 'put it before that one, or choose it otherwise',
      });
    }
    if (basePath && !gateway._basePaths.includes(basePath)) {
      problems.push({
        code: 'VERSION_BASE_PATH',
        at: place,
        message: `the web ACL of ${gateway.node.path} does not know of the base path ${JSON.stringify(basePath)}`,
        remedy: `set the gateway's 'basePaths: [${JSON.stringify(basePath)}]'`,
      });
    }
    if (gateway._demandsCertificates) {
      problems.push({
        code: 'VERSION_MUTUAL_TLS',
        at: place,
        message: `the gateway ${gateway.node.path} demands client certificates, which this domain does not ask for`,
        remedy: "serve it by its own 'domain' only",
      });
    }
    if (!gateway._endpointOff) {
      problems.push({
        code: 'VERSION_ENDPOINT',
        at: place,
        message: `the gateway ${gateway.node.path} can be called past the domain`,
        remedy: "set its 'disableDefaultEndpoint: true'",
      });
    }
  });
  return problems;
}

/** Whether every request that chooses `later` chooses `earlier` too. */
function hides(
  { basePath, header }: Pick<ApiVersion, 'basePath' | 'header'>,
  later: Readonly<Record<'basePath' | 'header', string | undefined>>,
): boolean {
  if ((!basePath && !header) || (!later.basePath && !later.header)) return false;
  if (basePath && basePath !== later.basePath) return false;
  if (!header || header === later.header) return true;
  return header.endsWith('*') && !!later.header?.startsWith(header.slice(0, -1));
}
