import { REFUSALS, type Stage } from '../../protocol/refusals';
import type { Invocation } from '../functions/function-instance';
import type { FunctionByArn } from '../functions/local-function';
import { mayInvoke } from '../functions/may-invoke';
import type { AuthorizerModel } from '../model/api';
import { parseAuthorizerAnswer } from './authorizer-answer';
import { methodArn, requestAuthorizerEvent, tokenAuthorizerEvent } from './authorizer-event';
import { evaluatePolicy } from './evaluate-policy';
import type { Exchange, Refusal, Step } from './exchange';
import { sourceValue } from './substitute';

/** Bytes of a method's ARN, its path as it was sent, where there is an authorizer (aws-facts 5.12). */
const MAXIMUM_METHOD_ARN = 1_600;

type RunnableAuthorizer = Exclude<AuthorizerModel, { readonly kind: 'unsupported' }>;

interface Dependencies {
  readonly functionOf: FunctionByArn;
  readonly now: () => number;
}

/** Runs the method's authorizer and holds the request to the policy it answers. */
export function authorize({ functionOf, now }: Dependencies): Step {
  const remembered = new Map<string, { readonly until: number; readonly value: unknown }>();

  async function askAuthorizer(
    exchange: Exchange,
    authorizer: RunnableAuthorizer,
    sources: readonly string[],
  ): Promise<Refusal | { readonly value: unknown }> {
    const key = JSON.stringify([authorizer.name, ...sources]);
    const known = remembered.get(key);
    if (known && known.until > now()) {
      exchange.note = 'cached answer';
      return { value: known.value };
    }

    const target = functionOf(authorizer.functionArn);
    if (
      !target ||
      !(authorizer.credentials || mayInvoke(exchange.api, `authorizers/${authorizer.id}`, target))
    ) {
      return failure('AUTHORIZER_CONFIGURATION_ERROR', 'API Gateway may not invoke the function');
    }

    const [token = ''] = sources;
    const method = exchange.match?.method;
    if (!method) return failure('AUTHORIZER_CONFIGURATION_ERROR', 'no method');
    const event =
      authorizer.kind === 'token'
        ? tokenAuthorizerEvent(exchange, token)
        : requestAuthorizerEvent(exchange, method);
    const began = exchange.stopwatch();
    const invocation = await target.invoke(event);
    noteInvocation(exchange, invocation, exchange.stopwatch() - began);
    if (invocation.kind !== 'result') return refusalOf(invocation);

    if (authorizer.resultTtlSeconds > 0 && sources.length > 0) {
      remembered.set(key, { until: now() + authorizer.resultTtlSeconds * 1000, value: invocation.value });
    }
    return { value: invocation.value };
  }

  return {
    stage: 'authentication',
    async run(exchange) {
      const authorizer = exchange.match?.method.authorizer;
      if (!authorizer) {
        exchange.note = 'no authorizer';
        return undefined;
      }
      if (authorizer.kind === 'unsupported') {
        return failure(
          'AUTHORIZER_CONFIGURATION_ERROR',
          `authorizer type ${authorizer.type} is not run here`,
        );
      }

      if (Buffer.byteLength(methodArn(exchange)) > MAXIMUM_METHOD_ARN) {
        return {
          kind: 'refusal',
          responseType: 'REQUEST_URI_TOO_LONG',
          message: 'Request URI too long',
          stage: 'gateway',
          rule: 'length of the method ARN',
        };
      }
      const sources = authorizer.identitySources.map((source) => sourceValue(exchange, source) ?? '');
      if (sources.some((value) => value === '') || !looksValid(authorizer, sources)) {
        return unauthorized('identity source');
      }
      const asked = await askAuthorizer(exchange, authorizer, sources);
      return 'kind' in asked ? asked : judge(exchange, asked.value);
    },
  };
}

function judge(exchange: Exchange, value: unknown): Refusal | undefined {
  const answer = parseAuthorizerAnswer(value);
  if (answer.kind === 'malformed') return failure('AUTHORIZER_CONFIGURATION_ERROR', answer.reason);

  exchange.authorizer = answer.result;
  const verdict = evaluatePolicy(answer.policyDocument, methodArn(exchange));
  // only what an authorizer said is weighed; AWS does not say what stands here for a policy that is not valid
  exchange.variables.set('authorize.status', verdict === 'allow' ? '200' : '403');
  if (verdict === 'allow') return undefined;
  if (verdict === 'invalid') return failure('AUTHORIZER_CONFIGURATION_ERROR', 'the policy is not valid');

  const explicit = verdict === 'deny' ? ' with an explicit deny' : '';
  return {
    kind: 'refusal',
    responseType: 'ACCESS_DENIED',
    message: `User is not authorized to access this resource${explicit}`,
    stage: stageOfCode(answer.result.context['code']) ?? 'authorization',
    rule: answer.result.context['code'] ?? verdict,
  };
}

/** Where in the pipeline a refusal belongs that the authorizer decided and names by our code. */
export function stageOfCode(code: string | undefined): Stage | undefined {
  return REFUSALS.find((refusal) => refusal.code === code)?.stage;
}

function refusalOf(invocation: Exclude<Invocation, { kind: 'result' }>): Refusal {
  switch (invocation.kind) {
    case 'error':
      // exactly this word, and nothing else, is a 401 (aws-facts 3.11)
      return invocation.message === 'Unauthorized'
        ? unauthorized('authorizer')
        : failure('AUTHORIZER_FAILURE', `the function failed: ${invocation.errorType}`);
    case 'timeout':
      return failure('AUTHORIZER_FAILURE', 'the function ran out of time');
    case 'throttled':
      return failure('AUTHORIZER_FAILURE', 'the function was throttled');
  }
}

function noteInvocation({ variables }: Exchange, invocation: Invocation, millis: number): void {
  const unauthorizedError = invocation.kind === 'error' && invocation.message === 'Unauthorized';
  const status = invocation.kind === 'result' ? '200' : unauthorizedError ? '401' : '500';
  variables.set('authorizer.latency', String(Math.round(millis)));
  variables.set('authorizer.integrationLatency', String(Math.round(millis)));
  variables.set('authorizer.status', status);
  variables.set('authorizer.integrationStatus', '200');
  if (invocation.kind !== 'throttled') variables.set('authorizer.requestId', invocation.requestId);
  if (invocation.kind === 'error') variables.set('authorizer.error', invocation.message);
}

function looksValid(authorizer: RunnableAuthorizer, [token = '']: readonly string[]): boolean {
  return authorizer.validation === undefined || new RegExp(authorizer.validation).test(token);
}

function unauthorized(rule: string): Refusal {
  return {
    kind: 'refusal',
    responseType: 'UNAUTHORIZED',
    message: 'Unauthorized',
    stage: 'authentication',
    rule,
  };
}

function failure(
  responseType: 'AUTHORIZER_FAILURE' | 'AUTHORIZER_CONFIGURATION_ERROR',
  rule: string,
): Refusal {
  return { kind: 'refusal', responseType, message: 'Internal server error', stage: 'gateway', rule };
}
