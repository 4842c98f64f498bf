import type { CompiledApi } from '../compiled-api';
import type { OpenApiDocument } from '../open-api-document';
import { authenticationRules, authorizationRules } from './explain-callers';
import { bodyRules, parameterRules } from './explain-contract';
import { addressRules, firewallRules, isRenamed, namesFrom, rateRules } from './explain-edge';
import { serviceRules } from './explain-service';
import type { ExplainedRule, ExplainedStage, Explanation } from './explanation';
import type { GatewayValues } from './gateway-values';
import { requireSameApi } from './require-same-api';
import { findSubject, type Subject } from './subject';

/**
 * What guards one operation, stage by stage, and where each rule comes from.
 *
 * `values` says what the gateway's props came to; without it the props are only named. Throws a
 * `GatewayConfigurationError` if the document has no such operation, or `values` are of another API.
 */
export function explainOperation(
  compiled: CompiledApi,
  document: OpenApiDocument,
  method: string,
  path: string,
  values?: GatewayValues,
): Explanation {
  if (values) requireSameApi(document, values);
  const subject = findSubject(compiled, document, method, path);
  const { operation, gatewayPath, policy, at } = subject;
  return {
    operation: operation.name,
    id: policy.id,
    at: at(operation.node),
    ...(gatewayPath.path === operation.path ? {} : { gatewayPath: gatewayPath.path }),
    stages: stagesOf(subject, values),
    service: serviceRules(subject),
  };
}

type KnownValues = Pick<GatewayValues, 'stages' | 'schemes' | 'backends'>;

const NONE: KnownValues = { stages: {}, schemes: {}, backends: {} };

function stagesOf(subject: Subject, values: KnownValues = NONE): ExplainedStage[] {
  const stages: [title: string, enforcedBy: string, refusal: string | undefined, rules: ExplainedRule[]][] = [
    ['TLS', 'domain', 'handshake', [{ rule: 'TLS 1.2 or 1.3', from: 'props: domain' }]],
    ['addresses', 'web ACL', '403 REQUEST_BLOCKED', addressRules(subject)],
    ['rates', 'web ACL, stage', '429 RATE_LIMITED', rateRules(subject)],
    ['firewall', 'web ACL', '403 REQUEST_BLOCKED, 400, 413, 415', firewallRules(subject)],
    ['routing', 'API Gateway', '404 NOT_FOUND', routingRules(subject)],
    ['authentication', 'authorizer', '401 UNAUTHENTICATED', authenticationRules(subject, values)],
    ['authorization', 'authorizer', '403 FORBIDDEN', authorizationRules(subject)],
    ['parameters', 'authorizer', '400 CONTRACT_VIOLATION', parameterRules(subject)],
    ['exact limit', 'authorizer', '429 RATE_LIMITED', limitRules(subject)],
    ['plan', 'usage plan', '429 RATE_LIMITED, QUOTA_EXCEEDED', planRules(subject)],
    ['body', 'API Gateway', '400 INVALID_BODY', bodyRules(subject)],
    ['backend', 'integration', '502 BACKEND_UNAVAILABLE, 504 BACKEND_TIMEOUT', backendRules(subject, values)],
    ['audit', 'logs', undefined, auditRules(subject)],
  ];
  return stages.map(([title, enforcedBy, refusal, rules], index) => ({
    number: index + 1,
    title,
    enforcedBy,
    ...(refusal === undefined ? {} : { refusal }),
    rules: withValues(rules, values.stages[title]),
  }));
}

/** Values in place of the props they come from; what stands in the document, or holds always, comes first. */
function withValues(
  rules: readonly ExplainedRule[],
  values: readonly ExplainedRule[] | undefined,
): readonly ExplainedRule[] {
  const own = rules.filter(({ from }) => !from.startsWith('props'));
  return values && values.length > 0 && own.length < rules.length ? [...own, ...values] : rules;
}

function routingRules({ operation, gatewayPath, at }: Subject): ExplainedRule[] {
  return [{ rule: `${operation.method} ${gatewayPath.path}`, from: at(operation.node) }];
}

function limitRules({ policy, settings, at }: Subject): ExplainedRule[] {
  const { rateLimit } = policy;
  return rateLimit && settings.rateLimit
    ? [
        {
          rule: `${rateLimit.limit} requests in ${rateLimit.perSeconds} s for each ${rateLimit.by}`,
          from: at(settings.rateLimit.place),
        },
        { rule: 'let through or refused where it cannot be counted', from: 'props: limits' },
      ]
    : [];
}

function planRules({ policy }: Subject): ExplainedRule[] {
  return [
    policy.security.length === 0
      ? { rule: 'the plan of anonymous callers: no rate, no quota', from: 'default' }
      : { rule: "rate and quota of the caller's tier, if he has one", from: 'props: tiers' },
  ];
}

function backendRules(
  { compiled, policy, settings, at, operation }: Subject,
  { backends }: KnownValues,
): ExplainedRule[] {
  const { backend, timeout } = settings;
  const address = Object.hasOwn(backends, policy.backend) ? backends[policy.backend] : undefined;
  return [
    { rule: `goes to ${policy.backend}`, from: backend ? at(backend.place) : 'default: the only backend' },
    ...(address ? [{ ...address, rule: `${policy.backend} ${address.rule}` }] : []),
    {
      rule: `answers within ${timeout ? timeout.value / 1000 : 29} s`,
      from: timeout ? at(timeout.place) : 'default',
    },
    {
      rule: `gets ${Object.values(compiled.identity.headers).join(', ')}, and no credential of the caller`,
      from: address && isRenamed(compiled) ? address.from : namesFrom(compiled),
    },
    ...(operation.method === 'OPTIONS'
      ? [{ rule: 'is no preflight of ours', from: at(operation.node) }]
      : []),
  ];
}

function auditRules({ compiled, settings, at }: Subject): ExplainedRule[] {
  const { redact } = compiled.audit;
  const masked = [
    ...redact.headers.map((name) => `header ${name}`),
    ...redact.queryParameters.map((name) => `query ${name}`),
    ...redact.cookies.map((name) => `cookie ${name}`),
    'query parameters and headers known for credentials',
    ...(redact.query ? ['queries'] : []),
    ...(redact.path ? ['paths'] : []),
    ...(redact.body ? ['bodies'] : []),
  ];
  return [
    { rule: 'one line for each request, refused ones too, without query or body', from: 'default' },
    { rule: `masked in the log of the web ACL: ${masked.join(', ')}`, from: 'default' },
    { rule: 'kept for a year, if nothing else is said', from: 'props: audit' },
    ...(settings.audit ? [{ rule: 'sensitive', from: at(settings.audit.place) }] : []),
  ];
}
