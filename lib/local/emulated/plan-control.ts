import { randomBytes } from 'node:crypto';
import type { PlanKeyModel, UsagePlanModel } from '../model/api';
import { isObject, type Json, listOf, textOf } from '../template/read';
import type { PlanBook } from '../traffic/plan-book';
import type { QuotaCounter } from '../traffic/quota';
import { ServiceError } from './service-error';

export interface ControlRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Json;
}

interface Dependencies {
  readonly plans: PlanBook;
  readonly quotas: QuotaCounter;
  readonly now: () => number;
}

/** The calls of API Gateway's control plane that concern keys and usage plans. */
export function answerPlanControl(
  { method, path, query, body }: ControlRequest,
  { plans, quotas, now }: Dependencies,
): { readonly status: number; readonly body: Json } {
  const [collection, id = '', sub, subId = ''] = path.split('/').slice(1).map(decodeURIComponent);
  const call = `${method} ${collection}${id && '/{id}'}${sub ? `/${sub}` : ''}${subId && '/{id}'}`;
  const withValue = query.get('includeValue') === 'true' || query.get('includeValues') === 'true';
  switch (call) {
    case 'POST apikeys':
      return { status: 201, body: keyView(createKey(plans, body), true, now()) };
    case 'GET apikeys':
      return {
        status: 200,
        body: { item: namedKeys(plans, query).map((key) => keyView(key, withValue, now())) },
      };
    case 'GET apikeys/{id}':
      return { status: 200, body: keyView(keyOf(plans, id), withValue, now()) };
    case 'PATCH apikeys/{id}':
      return { status: 200, body: keyView(patchKey(plans, id, body), false, now()) };
    case 'DELETE apikeys/{id}':
      keyOf(plans, id);
      plans.remove(id);
      return { status: 202, body: {} };
    case 'GET usageplans': {
      const keyId = query.get('keyId');
      return { status: 200, body: { item: (keyId ? plans.plansOf(keyId) : plans.plans).map(planView) } };
    }
    case 'GET usageplans/{id}':
      return { status: 200, body: planView(planOf(plans, id)) };
    case 'POST usageplans/{id}/keys':
      return { status: 201, body: joinPlan(plans, planOf(plans, id), textOf(body['keyId']) ?? '') };
    case 'GET usageplans/{id}/keys':
      return { status: 200, body: { item: plans.keysOf(planOf(plans, id).id).map(memberView) } };
    case 'GET usageplans/{id}/keys/{id}':
      return { status: 200, body: memberView(memberOf(plans, id, subId)) };
    case 'DELETE usageplans/{id}/keys/{id}':
      memberOf(plans, id, subId);
      plans.leave(id, subId);
      return { status: 202, body: {} };
    case 'GET usageplans/{id}/usage':
      return { status: 200, body: usage(plans, quotas, planOf(plans, id), query) };
    default:
      throw new ServiceError('NotFoundException', `${method} ${path} is not run here`, 404);
  }
}

function createKey(plans: PlanBook, { name, value, enabled }: Json): PlanKeyModel {
  const given = textOf(value) ?? randomBytes(20).toString('hex');
  if (!/^[A-Za-z0-9]{20,128}$/.test(given)) {
    throw new ServiceError('BadRequestException', 'API Key value should be 20 to 128 alphanumerics');
  }
  if (plans.allKeys().some((key) => key.value === given)) {
    throw new ServiceError('ConflictException', 'API Key already exists', 409);
  }

  const key = {
    id: randomBytes(5).toString('hex'),
    ...(typeof name === 'string' && { name }),
    value: given,
    enabled: enabled === true,
  };
  plans.add(key);
  return key;
}

function patchKey(plans: PlanBook, id: string, { patchOperations }: Json): PlanKeyModel {
  const key = keyOf(plans, id);
  const enabled = listOf(patchOperations)
    .filter(isObject)
    .find(({ path }) => path === '/enabled');
  const patched = enabled ? { ...key, enabled: enabled['value'] === 'true' } : key;
  plans.replace(patched);
  return patched;
}

/** A key may be in one plan of a stage only (aws-facts 13.3). */
function joinPlan(plans: PlanBook, plan: UsagePlanModel, keyId: string): Json {
  const key = keyOf(plans, keyId);
  if (plans.plansOf(keyId).some(({ id, covers }) => id === plan.id || (covers && plan.covers))) {
    throw new ServiceError('ConflictException', 'the key is in a usage plan of this stage already', 409);
  }
  plans.join(plan.id, keyId);
  return memberView(key);
}

function usage(plans: PlanBook, quotas: QuotaCounter, plan: UsagePlanModel, query: URLSearchParams): Json {
  const { quota } = plan;
  const wanted = query.get('keyId');
  const keys = plans.keysOf(plan.id).filter(({ id }) => !wanted || id === wanted);
  return {
    usagePlanId: plan.id,
    startDate: query.get('startDate'),
    endDate: query.get('endDate'),
    values: Object.fromEntries(
      keys.map(({ id }) => {
        const used = quota ? quotas.countOf(`${id} ${plan.id}`, quota) : 0;
        return [id, [[used, quota ? quota.limit - used : 0]]];
      }),
    ),
  };
}

function namedKeys(plans: PlanBook, query: URLSearchParams): readonly PlanKeyModel[] {
  const prefix = query.get('name') ?? '';
  return plans.allKeys().filter(({ name = '' }) => name.startsWith(prefix));
}

function keyOf(plans: PlanBook, id: string): PlanKeyModel {
  const key = plans.keyById(id);
  if (key) return key;
  throw new ServiceError('NotFoundException', 'Invalid API Key identifier specified', 404);
}

function planOf(plans: PlanBook, id: string): UsagePlanModel {
  const plan = plans.plans.find((candidate) => candidate.id === id);
  if (plan) return plan;
  throw new ServiceError('NotFoundException', 'Invalid Usage Plan ID specified', 404);
}

function memberOf(plans: PlanBook, planId: string, keyId: string): PlanKeyModel {
  const key = plans.keysOf(planOf(plans, planId).id).find(({ id }) => id === keyId);
  if (key) return key;
  throw new ServiceError('NotFoundException', 'Invalid Usage Plan ID or API Key ID specified', 404);
}

function keyView({ id, name, value, enabled }: PlanKeyModel, withValue: boolean, now: number): Json {
  return { id, name, enabled, createdDate: Math.floor(now / 1000), ...(withValue && { value }) };
}

function memberView({ id, name }: PlanKeyModel): Json {
  return { id, name, type: 'API_KEY' };
}

function planView({ id, name, throttle, quota }: UsagePlanModel): Json {
  return {
    id,
    name,
    ...(throttle && { throttle: { rateLimit: throttle.rate, burstLimit: throttle.burst } }),
    ...(quota && { quota: { limit: quota.limit, period: quota.period, offset: quota.offset } }),
  };
}
