import { CfnOutput } from 'aws-cdk-lib';
import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IStringParameter } from 'aws-cdk-lib/aws-ssm';
import type { CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { GatewayLogs } from './audit/gateway-logs';
import type { GatewayMetrics } from './audit/gateway-metrics';
import { LoggingRole, loggingRoleOf } from './audit/logging-role';
import type { Domain } from './edge/domain';
import type { IWebAcl } from './edge/web-acl';
import { defineAudit } from './gateway-audit';
import { defineAuthorizer } from './gateway-authorizer';
import { connectBackends } from './gateway-backends';
import { completeBody } from './gateway-body';
import { BodyToken } from './gateway-body-token';
import { defineCertificates } from './gateway-certificates';
import { compileGateway, DEFAULT_CERTIFICATES, longestMemorySeconds } from './gateway-configuration';
import { defineDashboard } from './gateway-dashboard';
import { compileDefinition } from './gateway-definition';
import { defineDeployment } from './gateway-deployment';
import { deprecationHeaders } from './gateway-deprecation';
import { apiTls, defineDomain, pathPrefixesOf } from './gateway-domain';
import { defineEdge } from './gateway-edge';
import { reportFindings } from './gateway-findings';
import { GatewayIdentity } from './gateway-identity';
import { apiNameOf } from './gateway-place';
import type { SecureApiGatewayProps } from './gateway-props';
import { defineRestApi } from './gateway-rest-api';
import { defineStage } from './gateway-stage';
import { DEFAULT_THROTTLE } from './traffic/throttle';
import { UsagePlans } from './traffic/usage-plans';

/**
 * An API Gateway REST API at which every request has passed TLS, rate limits, authentication, authorization and
 * validation before a private service sees it.
 *
 * What it serves and demands stands in an OpenAPI document. An operation that nobody secured fails synthesis.
 * `node.defaultChild` is the `CfnRestApi`; overrides on it, its `Body` too, are deployed like everything else.
 *
 * @example
 *
 * new SecureApiGateway(this, 'Gateway', {
 *   definition: OpenApiDocument.fromFile('openapi.yaml'),
 *   authentication: { customer: Authentication.jwt({ issuer: 'https://id.example.com/', audiences: ['orders'] }) },
 *   backends: { orders: Backend.applicationLoadBalancer(alb, { serverName: 'orders.internal.example.com' }) },
 * });
 */
export class SecureApiGateway extends Construct implements ec2.IConnectable {
  public readonly restApi: apigateway.CfnRestApi;
  public readonly stage: apigateway.CfnStage;

  /** Authenticates and authorizes every request. */
  public readonly authorizerFunction: lambda.Function;

  /** Protects the stage. */
  public readonly webAcl: IWebAcl;

  /** What must stand before the stage is served to anyone. */
  public readonly webAclAssociation: CfnWebACLAssociation;

  /** The name clients call; none where they call API Gateway's own endpoint. */
  public readonly domain?: Domain;

  /** @internal */
  public readonly _endpointOff: boolean;

  /** @internal */
  public readonly _basePaths: readonly string[];

  /** @internal */
  public readonly _demandsCertificates: boolean;

  /** One line for each request that reached the API. */
  public readonly accessLogGroup: ILogGroup;

  /** Public keys of the identity handed to backends, for services that cannot ask the gateway: a JSON Web Key Set. */
  public readonly identityKeys: IStringParameter;

  /** Security groups of the VPC links. */
  public readonly connections: ec2.Connections;

  /** Of certificates that nobody renews by itself. */
  public readonly expiryAlarms: cloudwatch.Alarm[];

  /** Of the trail's way out: it does not get where `audit.export` sends it. */
  public readonly exportAlarms: cloudwatch.Alarm[];

  /** The bucket of `AuditExport.s3()`, for those who read it. */
  public readonly auditArchive?: IBucket;

  /** Where clients call the API, with a slash at its end. With the default endpoint off and no `domain`: where they could. */
  public readonly url: string;

  /** With `audit.dashboard` only. */
  public readonly dashboard?: cloudwatch.Dashboard;

  private readonly metrics: GatewayMetrics;

  constructor(scope: Construct, id: string, props: SecureApiGatewayProps) {
    super(scope, id);
    const { audit = {}, throttle = DEFAULT_THROTTLE, stageName = 'prod', tiers = {} } = props;
    this._endpointOff = props.disableDefaultEndpoint ?? props.domain !== undefined;
    this._basePaths = props.basePaths ?? [];
    this._demandsCertificates = props.domain?.mutualTls !== undefined;
    const compiled = compileGateway(this, props, () => compileDefinition(props));
    reportFindings(this, compiled.findings);

    const logs = new GatewayLogs(this.node.path, this, audit);
    const identity = new GatewayIdentity(this, 'Identity', logs.group(this, 'IdentityLogs'));
    this.identityKeys = identity.signingKey.publicKeys;
    const authorizerLogs = logs.group(this, 'AuthorizerLogs');
    const authorizing = defineAuthorizer(this, props, compiled.policy, {
      logGroup: authorizerLogs,
      signingKey: identity.signingKey,
    });
    const { authorizer } = authorizing;
    this.authorizerFunction = authorizer.handler;
    const deprecated = deprecationHeaders(props.deprecation);
    const backends = connectBackends(this, props.backends, compiled, deprecated);
    this.connections = backends.connections;

    const apiName = apiNameOf(this, compiled.body.info.title);
    const body = new BodyToken(
      completeBody(identity.publishIn(compiled.body, this.node.path), {
        name: apiName,
        authorizerUri: authorizer.uri,
        ...apiTls(props.domain),
        disableDefaultEndpoint: this._endpointOff,
        headers: deprecated,
        operationFor: (placeholder, operation) => backends.operationFor(placeholder, operation),
      }),
    );
    this.restApi = defineRestApi(this, body, compiled, backends.metadata);
    authorizer.allowInvocationBy(this.restApi.ref);
    identity.keySet.allowInvocationBy(this.restApi.ref);

    this.accessLogGroup = logs.group(this, 'AccessLogs');
    const certificates = defineCertificates(this, {
      backends: props.backends,
      names: props.clientCertificates ?? DEFAULT_CERTIFICATES,
      logs,
      ...(props.domain && { domain: props.domain }),
    });
    this.expiryAlarms = [...certificates.alarms];
    this.stage = defineStage(this, {
      ...certificates,
      restApiId: this.restApi.ref,
      deploymentId: defineDeployment(this, this.restApi, body, backends.identity).ref,
      stageName,
      accessLogGroup: this.accessLogGroup,
      throttle,
      methodThrottles: compiled.stage.throttles,
      logs,
      executionLogs: audit.executionLogs ?? !compiled.audit.redact.body,
      after: [authorizer.handler, ...loggingRoleOf(this, audit.loggingRole ?? LoggingRole.ENSURE, logs)],
    });
    let webAclLogs: ILogGroup | undefined;
    const { webAcl, association } = defineEdge(this, compiled, {
      stage: this.stage,
      after: authorizer.handler,
      pathPrefixes: pathPrefixesOf({ ...props, stageName }),
      options: props.edge ?? {},
      apiKeys: authorizing.schemes.filter((scheme) => scheme.kind === 'apiKey'),
      logGroup: (name) => {
        const { logRetention: retention } = props.edge ?? {};
        webAclLogs = logs.group(this, 'WebAclLogs', { logGroupName: name, ...(retention && { retention }) });
        return webAclLogs;
      },
      threatFeedLogGroup: () => logs.group(this, 'ThreatFeedLogs'),
      ...(props.webAcl && { webAcl: props.webAcl }),
    });
    this.webAcl = webAcl;
    this.webAclAssociation = association;
    const plans = new UsagePlans(this, 'Plans', {
      gateway: this,
      restApiId: this.restApi.ref,
      stageName: this.stage.ref,
      after: association,
      tiers,
      revokeWithinSeconds: longestMemorySeconds(props.revokeWithin),
    });

    const { url, domain } = defineDomain(this, {
      ...(props.domain && { domain: props.domain }),
      restApi: this.restApi,
      stage: this.stage,
      endpointOff: this._endpointOff,
      after: association,
    });
    this.url = url;
    if (domain) this.domain = domain;
    if (domain?.expiryAlarm) this.expiryAlarms.push(domain.expiryAlarm);
    // where a domain is defined elsewhere, this address answers nobody
    if (domain || !this._endpointOff) new CfnOutput(this, 'Url', { value: this.url });

    const queried = {
      access: this.accessLogGroup,
      authorizer: authorizerLogs,
      ...(webAclLogs && { webAcl: webAclLogs }),
    };
    const { metrics, alarms, trail } = defineAudit(this, {
      options: audit,
      compiled,
      measured: {
        apiId: this.restApi.ref,
        apiName,
        stageName,
        accessLogGroup: this.accessLogGroup,
        authorizerFunction: this.authorizerFunction,
      },
      logs: queried,
      logGroups: logs,
      webAcl,
      expiryAlarms: this.expiryAlarms,
      throttle,
      changeable: {
        apiId: this.restApi.ref,
        stage: this.stage,
        authorizer: authorizing,
        identity,
        plans,
        webAcl,
        ...(domain && { domain }),
        logGroups: logs.groups,
      },
    });
    this.metrics = metrics;
    if (audit.dashboard) {
      this.dashboard = defineDashboard(this, { props, compiled, metrics, logs: queried, alarms });
    }
    this.exportAlarms = [...(trail?.alarms ?? [])];
    if (trail?.archive) this.auditArchive = trail.archive;
  }

  /** Requests that reached the API. */
  public metricRequests(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metrics.requests(options);
  }

  /** Answers with a status of 500 and above. */
  public metricServerErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metrics.serverErrors(options);
  }

  /** Milliseconds, the service's included; of one request in a hundred, if nothing else is said. */
  public metricLatency(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metrics.latency(options);
  }

  /** Requests refused with 401. */
  public metricUnauthenticated(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metrics.authorizer('unauthenticated', options);
  }

  /** Requests refused with 403 by the authorizer. */
  public metricForbidden(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metrics.authorizer('forbidden', options);
  }

  /** Requests refused with 429. Asking for it defines a metric filter on the access log. */
  public metricRateLimited(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metrics.rateLimited(options);
  }

  /** Requests refused by the web ACL. Asking for it defines a metric filter on the access log. */
  public metricBlocked(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metrics.blocked(options);
  }

  /** Uses of a key or certificate that is genuine, and revoked. */
  public metricRevokedUsed(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metrics.authorizer('revokedUsed', options);
  }

  /** Requests refused with 400 by the authorizer: parameters and media types that break the document. */
  public metricContractRefused(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metrics.authorizer('contractRefused', options);
  }

  /** Requests that found no decision, and got 500. Asking for it defines a metric filter on the access log. */
  public metricUndecided(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metrics.authorizerFailures(options);
  }
}
