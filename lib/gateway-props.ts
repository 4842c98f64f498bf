import type { Duration } from 'aws-cdk-lib';
import type { IApiKeyStore } from './api-key-store-interface';
import type { AuditOptions } from './audit/audit-options';
import type { Backend } from './backend/backend';
import type { OpenApiDocument } from './definition/open-api-document';
import type { FindingSeverity } from './definition/report';
import type { DomainOptions } from './edge/domain-options';
import type { EdgeOptions } from './edge/edge-options';
import type { IWebAcl } from './edge/web-acl';
import type { CorsOptions } from './gateway-cors';
import type { Deprecation } from './gateway-deprecation';
import type { IdentityHeaders } from './gateway-identity-headers';
import type { Authentication } from './identity/authentication';
import type { AuthorizerOptions } from './identity/authorizer';
import type { LimitOptions } from './traffic/limit-options';
import type { Throttle } from './traffic/throttle';
import type { Tier } from './traffic/tier';
import type { UnknownTenant } from './traffic/unknown-tenant';

/**
 * Properties of `SecureApiGateway`.
 */
export interface SecureApiGatewayProps {
  /**
   * The contract: what the gateway serves and what it demands.
   */
  readonly definition: OpenApiDocument;

  /**
   * How callers are authenticated, by the name of the document's security scheme.
   */
  readonly authentication: Record<string, Authentication>;

  /**
   * The private services, by the name `x-gateway.backend` gives them. Operations that name none go to the only one.
   */
  readonly backends: Record<string, Backend>;

  /**
   * Names of the certificates shown to backends with `clientCertificate`, the one in use first. They live a year;
   * a second name lets backends trust the next one beforehand.
   *
   * @default ['1']
   */
  readonly clientCertificates?: string[];

  /**
   * Rate limits and quotas of kinds of callers, by name.
   *
   * @default - authenticated callers are limited by the stage's throttle only
   */
  readonly tiers?: Record<string, Tier>;

  /**
   * How exact limits are counted: those of the document (`x-gateway.rateLimit` with `by`) and those of API keys.
   *
   * @default - in a DynamoDB table, where there is something to count
   */
  readonly limits?: LimitOptions;

  /**
   * Where tenants are kept, for gateways whose callers bring no API keys. With `tiers`, a caller whose token names
   * his tenant gets the tenant's tier, looked up once every `revokeWithin`.
   *
   * @default - the store of the API keys
   */
  readonly tenants?: IApiKeyStore;

  /**
   * What becomes of callers whose tenant is not in the store.
   *
   * @default UnknownTenant.refuse()
   */
  readonly onUnknownTenant?: UnknownTenant;

  /**
   * What all callers together may ask for.
   *
   * @default - 1,000 requests per second, 500 at once
   */
  readonly throttle?: Throttle;

  /**
   * How long a revoked API key, token or client certificate may still work. Zero reads the store on every request.
   *
   * @default Duration.seconds(30)
   */
  readonly revokeWithin?: Duration;

  /**
   * The name clients call the gateway by. With it, API Gateway's own endpoint is off.
   *
   * @default - API Gateway's own endpoint
   */
  readonly domain?: DomainOptions;

  /**
   * Turns API Gateway's own endpoint off where the domain is defined elsewhere, for example by `ApiVersions`.
   *
   * @default - it is off where there is a `domain`
   */
  readonly disableDefaultEndpoint?: boolean;

  /**
   * First path segments under which domains defined elsewhere serve the gateway. AWS WAF sees paths as clients send
   * them, so rules on paths must know.
   *
   * @default - none
   */
  readonly basePaths?: string[];

  /**
   * Which web pages may call, where the document does not say so by `x-gateway.cors`. The gateway answers
   * preflights; the answers of the services must carry the headers themselves.
   *
   * @default - none
   */
  readonly cors?: CorsOptions;

  /**
   * Emits what is not proven to import into API Gateway: models under `$default`, and further keywords of schemas.
   * Try it on a stage of your own first: an import that fails is rolled back.
   *
   * @default false
   */
  readonly emitUnproven?: boolean;

  /**
   * Tells clients that this API will end. API Gateway can say so on its own answers only: those of the backend
   * must carry the headers themselves.
   *
   * @default - it is not deprecated
   */
  readonly deprecation?: Deprecation;

  /**
   * Who may call, how often, and what may not be sent.
   *
   * @default - everyone, at rates per address and credential; attack patterns are refused
   */
  readonly edge?: EdgeOptions;

  /**
   * A web ACL that is defined elsewhere, in place of the gateway's own, and of `edge`. It must refuse the reserved
   * identity headers: `WebAclRuleGroup` has the rules.
   *
   * @default - one is defined as `edge` says
   */
  readonly webAcl?: IWebAcl;

  /**
   * The gateway's name in the identity it hands to backends: `iss` of the token they get in `Authorization`.
   *
   * @default - the construct's path, for example `Orders/Gateway`
   */
  readonly identityIssuer?: string;

  /**
   * Names of the headers in which backends get who calls. The signed identity is in `Authorization` whatever they
   * are.
   *
   * @default - `X-User-Id`, `X-User-Roles`, `X-User-Scopes`, `X-Tenant-Id`, `X-Client-Id`
   */
  readonly identityHeaders?: IdentityHeaders;

  /**
   * What is recorded, and for how long.
   *
   * @default - every request, for one year
   */
  readonly audit?: AuditOptions;

  /**
   * How the authorizer's function runs.
   *
   * @default - 512 MiB, the account's concurrency
   */
  readonly authorizer?: AuthorizerOptions;

  /**
   * Name of the stage: the first segment of the default endpoint's paths. Another name makes another stage; the old one
   * serves until the end of the deployment, so name it in `basePaths` meanwhile, for the rules on paths. The log group
   * of the old one stays: delete that before the stage gets its old name back.
   *
   * @default 'prod'
   */
  readonly stageName?: string;

  /**
   * Severity of findings at and above which synthesis fails.
   *
   * @default - findings are printed, and none fails synthesis
   */
  readonly failOn?: FindingSeverity;

  /**
   * Path segments the API may have: API Gateway's quota, which AWS raises on request.
   *
   * @default 300
   */
  readonly maximumResources?: number;
}
