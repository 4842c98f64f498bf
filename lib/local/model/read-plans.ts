import { isObject, listOf, numberOf, objectOf, textOf } from '../template/read';
import type { TemplateResolver } from '../template/resolver';
import type { PlanKeyModel, PlansModel, ThrottleModel, UsagePlanModel } from './api';

/** Usage plans, keys and which key is in which plan, for the served stage of an API. */
export function readPlans(resolver: TemplateResolver, apiId: string, stageName: string): PlansModel {
  const members: Record<string, string[]> = {};
  for (const id of resolver.idsOf('AWS::ApiGateway::UsagePlanKey')) {
    const { KeyId: keyId, UsagePlanId: planId } = resolver.properties(id);
    if (typeof keyId !== 'string' || typeof planId !== 'string') continue;
    members[planId] = [...(members[planId] ?? []), keyId];
  }
  return {
    plans: resolver.idsOf('AWS::ApiGateway::UsagePlan').map((id) => readPlan(resolver, id, apiId, stageName)),
    keys: resolver.idsOf('AWS::ApiGateway::ApiKey').map((id) => readKey(resolver, id)),
    members,
  };
}

function readPlan(resolver: TemplateResolver, id: string, apiId: string, stageName: string): UsagePlanModel {
  const properties = resolver.properties(id);
  const stages = listOf(properties['ApiStages']).map(objectOf);
  const served = stages.find((stage) => stage['ApiId'] === apiId && stage['Stage'] === stageName);
  const throttle = readThrottle(properties['Throttle']);
  const quota = readQuota(properties['Quota']);
  const name = textOf(properties['UsagePlanName']);
  return {
    id: String(resolver.reference(id)),
    logicalId: id,
    ...(name && { name }),
    ...(throttle && { throttle }),
    ...(quota && { quota }),
    methodThrottles: readMethodThrottles(served?.['Throttle']),
    covers: served !== undefined,
  };
}

/** Keyed `METHOD path` here; `path/METHOD` in the template. */
function readMethodThrottles(throttles: unknown): Record<string, ThrottleModel> {
  return Object.fromEntries(
    Object.entries(objectOf(throttles)).flatMap(([key, value]) => {
      const [, path, method] = /^(.*)\/([A-Z*]+)$/.exec(key) ?? [];
      const throttle = readThrottle(value);
      return method && throttle ? [[`${method} ${path || '/'}`, throttle] as const] : [];
    }),
  );
}

function readThrottle(value: unknown): ThrottleModel | undefined {
  if (!isObject(value)) return undefined;

  return {
    rate: numberOf(value['RateLimit']) ?? Number.POSITIVE_INFINITY,
    burst: numberOf(value['BurstLimit']) ?? Number.POSITIVE_INFINITY,
  };
}

function readQuota(value: unknown): UsagePlanModel['quota'] {
  const { Limit, Period, Offset } = objectOf(value);
  const limit = numberOf(Limit);
  if (limit === undefined || (Period !== 'DAY' && Period !== 'WEEK' && Period !== 'MONTH')) return undefined;

  return { limit, period: Period, offset: numberOf(Offset) ?? 0 };
}

function readKey(resolver: TemplateResolver, id: string): PlanKeyModel {
  const properties = resolver.properties(id);
  const name = textOf(properties['Name']);
  return {
    id: String(resolver.reference(id)),
    ...(name && { name }),
    // a key without a value gets one that nobody can know beforehand; its id serves as well
    value: textOf(properties['Value']) ?? `generated${String(resolver.reference(id))}`.padEnd(20, '0'),
    // the property's default is false, and such a key is refused
    enabled: properties['Enabled'] === true || properties['Enabled'] === 'true',
  };
}
