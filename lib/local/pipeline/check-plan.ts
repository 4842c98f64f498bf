import type { ApiModel, MethodModel, ThrottleModel, UsagePlanModel } from '../model/api';
import type { PlanBook } from '../traffic/plan-book';
import type { QuotaCounter } from '../traffic/quota';
import { TokenBuckets } from '../traffic/token-bucket';
import { stageOfCode } from './authorize';
import type { Exchange, Refusal, Step } from './exchange';

interface Dependencies {
  readonly plans: PlanBook;
  readonly quotas: QuotaCounter;
  readonly now: () => number;
}

/** Finds the usage plan of the key that the request or its authorizer names, and counts against it. */
export function checkPlan({ plans, quotas, now }: Dependencies): Step {
  const buckets = new TokenBuckets(now);
  return {
    stage: 'plan',
    run(exchange) {
      const method = exchange.match?.method;
      if (!method?.apiKeyRequired) return undefined;

      const value = keyValue(exchange);
      const found = value === undefined ? undefined : plans.find(value);
      if (!found) return unknownKey(exchange);

      const { key, plan } = found;
      exchange.apiKey = { id: key.id, value: key.value };
      exchange.note = plan.name ?? plan.logicalId;
      const throttle = methodThrottle(plan, method);
      if (throttle && !buckets.take(`${key.id} ${plan.id} ${throttle.scope}`, throttle.limit)) {
        return throttled(plan, throttle.limit);
      }
      if (plan.quota && !quotas.take(`${key.id} ${plan.id}`, plan.quota)) return quotaExceeded(plan);
      return undefined;
    },
  };
}

/** Holds a method to the stage's throttle. */
export function checkStageThrottle({ stage }: ApiModel, now: () => number): Step {
  const buckets = new TokenBuckets(now);
  return {
    stage: 'plan',
    run({ match }) {
      if (!match) return undefined;

      const { httpMethod, resourcePath } = match.method;
      const scope = [`${httpMethod} ${resourcePath}`, `* ${resourcePath}`, '* *'].find(
        (key) => key in stage.throttles,
      );
      const throttle = scope === undefined ? undefined : stage.throttles[scope];
      if (!scope || !throttle || buckets.take(scope, throttle)) return undefined;

      return tooMany('Too Many Requests', `stage throttle ${scope}`, 'plan');
    },
  };
}

function keyValue(exchange: Exchange): string | undefined {
  return exchange.api.apiKeySource === 'AUTHORIZER'
    ? exchange.authorizer?.usageIdentifierKey
    : exchange.header('x-api-key');
}

/** A key that is missing, unknown, disabled, not yet active, or in no plan of this stage (aws-facts 13.4). */
function unknownKey({ authorizer }: Exchange): Refusal {
  const code = authorizer?.context['code'];
  const ours = code !== undefined && code !== '-';
  return {
    kind: 'refusal',
    responseType: 'INVALID_API_KEY',
    message: 'Forbidden',
    stage: ours ? (stageOfCode(code) ?? 'parameters') : 'plan',
    rule: ours ? code : 'unknown key',
  };
}

/** The nearest throttle of a plan to a method: its own, else the plan's (aws-facts 5.18). */
function methodThrottle(
  { methodThrottles, throttle }: UsagePlanModel,
  { httpMethod, resourcePath }: MethodModel,
): { readonly scope: string; readonly limit: ThrottleModel } | undefined {
  const scope = `${httpMethod} ${resourcePath}`;
  const own = methodThrottles[scope];
  if (own) return { scope, limit: own };
  return throttle && { scope: '*', limit: throttle };
}

function throttled({ name, logicalId }: UsagePlanModel, { rate, burst }: ThrottleModel): Refusal {
  // a plan that lets nothing through is how an exact limit says 429
  const stage = rate === 0 && burst === 0 ? 'limit' : 'plan';
  return tooMany('Too Many Requests', `throttle of ${name ?? logicalId}`, stage);
}

function quotaExceeded({ name, logicalId }: UsagePlanModel): Refusal {
  return {
    kind: 'refusal',
    responseType: 'QUOTA_EXCEEDED',
    message: 'Limit Exceeded',
    stage: 'plan',
    rule: `quota of ${name ?? logicalId}`,
  };
}

function tooMany(message: string, rule: string, stage: 'plan' | 'limit'): Refusal {
  return { kind: 'refusal', responseType: 'THROTTLED', message, stage, rule };
}
