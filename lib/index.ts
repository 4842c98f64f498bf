export type { IApiKeyStore } from './api-key-store-interface';
export type { AlarmThresholds } from './audit/alarm-thresholds';
export type { AuditArchiveOptions } from './audit/audit-archive-options';
export { AuditExport, FirehoseTarget } from './audit/audit-export';
export type { AuditOptions } from './audit/audit-options';
export type { DataPattern } from './audit/data-pattern';
export { LoggingRole } from './audit/logging-role';
export {
  Backend,
  type BackendListenerOptions,
  type BackendOptions,
  BackendResponses,
} from './backend/backend';
export {
  OpenApiDocument,
  type OpenApiDocumentOptions,
  type OpenApiTextOptions,
} from './definition/open-api-document';
export { FindingSeverity } from './definition/report';
export { Countries } from './edge/countries';
export { Domain, type DomainProps, DomainRouting, type DomainTarget } from './edge/domain';
export type { DomainOptions, MutualTlsOptions } from './edge/domain-options';
export {
  BodySize,
  type EdgeApiKeyKind,
  type EdgeBodySize,
  type EdgeOperation,
  type EdgeRestriction,
} from './edge/edge-operation';
export { type EdgeExemption, type EdgeOptions, InjectionDetection } from './edge/edge-options';
export { EdgeRule } from './edge/edge-rule';
export {
  type AccountTakeoverOptions,
  type BotControlOptions,
  BotInspection,
  ManagedRules,
  type ManagedRulesOptions,
} from './edge/managed-rules';
export { type PathRateOptions, Rate, RateKind } from './edge/rate';
export { ThreatFeed } from './edge/threat-feed';
export { Truststore } from './edge/truststore';
export { type IWebAcl, WebAcl } from './edge/web-acl';
export type { WebAclProps, WebAclRedaction } from './edge/web-acl-props';
export { WebAclRuleGroup, type WebAclRuleGroupProps } from './edge/web-acl-rule-group';
export type { CorsOptions } from './gateway-cors';
export type { Deprecation } from './gateway-deprecation';
export type { IdentityHeaders } from './gateway-identity-headers';
export type { SecureApiGatewayProps } from './gateway-props';
export { type ApiVersion, ApiVersions, type ApiVersionsProps } from './gateway-versions';
export type { ApiKeyAuthenticationOptions } from './identity/api-key-authentication';
export { ApiKeyStore, type ApiKeyStoreAttributes, type ApiKeyStoreProps } from './identity/api-key-store';
export { Authentication } from './identity/authentication';
export type { AuthorizerOptions } from './identity/authorizer';
export type { ClientCertificateAuthenticationOptions } from './identity/client-certificate-authentication';
export type { CognitoAuthenticationOptions } from './identity/cognito-authentication';
export {
  ClientAuthentication,
  type IntrospectionAuthenticationOptions,
} from './identity/introspection-authentication';
export { JwksSnapshot } from './identity/jwks-snapshot';
export {
  JwtAlgorithm,
  type JwtAuthenticationOptions,
  type TokenOptions,
} from './identity/jwt-authentication';
export type { OpenIdConnectAuthenticationOptions } from './identity/open-id-connect-authentication';
export { type TokenDecryption, TokenKeyManagement } from './identity/token-decryption';
export { SecureApiGateway } from './secure-api-gateway';
export { type LimitOptions, StoreFailure } from './traffic/limit-options';
export { LimitStore, type RedisLimitStoreOptions } from './traffic/limit-store';
export type { Throttle } from './traffic/throttle';
export { Quota, QuotaPeriod, type Tier } from './traffic/tier';
export { UnknownTenant } from './traffic/unknown-tenant';
