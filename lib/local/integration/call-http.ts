import type { IntegrationModel } from '../model/api';
import type { Answer, Exchange, Refusal } from '../pipeline/exchange';
import { mappedHeaders, proxiedHeaders } from './answer-headers';
import { type BackendRequest, customRequest, proxyRequest } from './backend-request';
import { type BackendTarget, targetOf } from './backend-targets';
import type { BackendAnswer, BackendCaller } from './call-backend';
import { mapIntegrationResponse } from './integration-response';
import { responsePayload } from './payload';
import { mapsForbiddenHeader } from './request-parameters';
import { requestBody } from './request-template';

interface Dependencies {
  readonly targets: readonly BackendTarget[];
  readonly caller: BackendCaller;
  /** Logical ids by ARN. */
  readonly loadBalancers: ReadonlyMap<string, string>;
}

/** HTTP_PROXY: the service's answer, its headers remapped where API Gateway has its own. */
export async function callHttpProxy(
  exchange: Exchange,
  integration: IntegrationModel,
  dependencies: Dependencies,
): Promise<Answer> {
  const called = await call(exchange, integration, dependencies, (target) =>
    proxyRequest(exchange, integration, target),
  );
  if (called.kind === 'refusal') return called;

  const { status, headers } = called;
  const body = integration.streamed ? called.body : responsePayload(exchange, headers, called.body);
  return { kind: 'response', status, headers: proxiedHeaders(headers, integration.streamed), body };
}

/** HTTP: mapped both ways; nothing passes that no mapping names. */
export async function callHttp(
  exchange: Exchange,
  integration: IntegrationModel,
  dependencies: Dependencies,
): Promise<Answer> {
  const body = requestBody(exchange, integration);
  if ('kind' in body) return body;

  const called = await call(exchange, integration, dependencies, (target) =>
    customRequest(exchange, integration, target, body.body),
  );
  if (called.kind === 'refusal') return called;

  const payload = responsePayload(exchange, called.headers, called.body);
  const answer = mapIntegrationResponse(exchange, integration, { ...called, body: payload });
  return answer.kind === 'response' ? { ...answer, headers: mappedHeaders(answer.headers) } : answer;
}

async function call(
  exchange: Exchange,
  integration: IntegrationModel,
  { targets, caller, loadBalancers }: Dependencies,
  requestTo: (target: BackendTarget) => BackendRequest,
): Promise<Refusal | Extract<BackendAnswer, { kind: 'answer' }>> {
  const target = targetOf(targets, integration.uri);
  if (!target || mapsForbiddenHeader(integration)) {
    return failed('API_CONFIGURATION_ERROR', 'Internal server error', 'integration cannot be called');
  }

  const { target: loadBalancer } = integration;
  const through = loadBalancer && ` through ${loadBalancers.get(loadBalancer) ?? loadBalancer}`;
  exchange.note = `${target.name}${through ?? ''}`;
  const began = exchange.stopwatch();
  const { timeoutMillis, insecureSkipVerification } = integration;
  const answer = await caller.call(requestTo(target), timeoutMillis, insecureSkipVerification);
  const millis = String(Math.round(exchange.stopwatch() - began));
  exchange.variables.set('integrationLatency', millis);
  exchange.variables.set('integration.latency', millis);
  if (answer.kind === 'answer') {
    exchange.variables.set('integrationStatus', String(answer.status));
    exchange.variables.set('integration.status', String(answer.status));
    exchange.variables.set('integration.integrationStatus', String(answer.status));
    return answer;
  }

  const reason =
    answer.kind === 'timeout' ? 'Endpoint request timed out' : 'Network error communicating with endpoint';
  exchange.variables.set('integration.error', reason);
  exchange.variables.set('integrationErrorMessage', reason);
  return answer.kind === 'timeout'
    ? failed('INTEGRATION_TIMEOUT', reason, `${target.name}: time-out`)
    : failed('INTEGRATION_FAILURE', reason, `${target.name}: ${answer.reason}`);
}

function failed(responseType: string, message: string, rule: string): Refusal {
  return { kind: 'refusal', responseType, message, stage: 'backend', rule };
}
