import type { APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { type AuthorizerRequest, readRequest } from './authorizer-request';
import { Decider, type Decision, type DecisionDependencies, forbid } from './decide';
import type { Recorder } from './recorder';
import { Forbidden, Unauthenticated } from './refused';

export type AuthorizerEvent = APIGatewayRequestAuthorizerEvent;

export type AuthorizerHandler = (event: AuthorizerEvent) => Promise<Decision>;

/**
 * The authorizer's handler: decides, and turns what a decision throws into what API Gateway understands.
 *
 * Without a middleware engine: for the one thing it would do here it costs a twentieth of a cold start, and on each
 * request a controller of aborts that nobody aborts (bench/coldstart.ts).
 */
export function createHandler(dependencies: DecisionDependencies): AuthorizerHandler {
  const decider = new Decider(dependencies);
  return async (event) => {
    let request: AuthorizerRequest | undefined;
    try {
      // what fails beside requests is counted for the API too, from the first request on, whatever becomes of that
      dependencies.recorder.api = event.requestContext.apiId;
      request = readRequest(event);
      return await decider.decide(request);
    } catch (error) {
      return answerRefusal(error, request, dependencies.recorder);
    }
  };
}

/**
 * 401 is the one error text API Gateway knows, 403 a decision, anything else becomes its 500.
 *
 * What is thrown carries no reason and no cause: the runtime writes it to the log as it is.
 */
function answerRefusal(error: unknown, request: AuthorizerRequest | undefined, recorder: Recorder): Decision {
  if (request && error instanceof Forbidden) {
    recorder.forbidden(request, error.reason, error.credentialId);
    return forbid(request, error);
  }
  if (request && error instanceof Unauthenticated) {
    recorder.unauthenticated(request, error);
    throw new Error('Unauthorized');
  }
  // an event that cannot be read is no request
  recorder.failed(request, error);
  throw new Error('Internal');
}
