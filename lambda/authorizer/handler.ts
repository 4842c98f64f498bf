import type { APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { readRequest } from './authorizer-request';
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
    try {
      // what fails beside requests is counted for the API too, from the first request on, whatever becomes of that
      dependencies.recorder.api = event.requestContext.apiId;
      return await decider.decide(readRequest(event));
    } catch (error) {
      return answerRefusal(error, event, dependencies.recorder);
    }
  };
}

/**
 * 401 is the one error text API Gateway knows, 403 a decision, anything else becomes its 500.
 *
 * What is thrown carries no reason and no cause: the runtime writes it to the log as it is.
 */
function answerRefusal(error: unknown, event: AuthorizerEvent, recorder: Recorder): Decision {
  const request = readRequest(event);
  if (error instanceof Forbidden) {
    recorder.forbidden(request, error.reason, error.credentialId);
    return forbid(request, error);
  }
  if (error instanceof Unauthenticated) {
    recorder.unauthenticated(request, error);
    throw new Error('Unauthorized');
  }
  recorder.failed(request, error);
  throw new Error('Internal');
}
