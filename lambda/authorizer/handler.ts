import middy, { type MiddlewareObj } from '@middy/core';
import type { APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { readRequest } from './authorizer-request';
import { Decider, type Decision, type DecisionDependencies, forbid } from './decide';
import type { Recorder } from './recorder';
import { Forbidden, Unauthenticated } from './refused';

export type AuthorizerEvent = APIGatewayRequestAuthorizerEvent;

/** The authorizer's handler: decides, and turns what a decision throws into what API Gateway understands. */
export function createHandler(dependencies: DecisionDependencies) {
  const decider = new Decider(dependencies);

  // its warning of the function's time-out costs a timer a request; every wait in here has a limit of its own
  return middy<AuthorizerEvent, Decision>({ timeoutEarlyInMillis: 0 })
    .use(answerRefusals(dependencies.recorder))
    .handler((event: AuthorizerEvent) => {
      // what fails beside requests is counted for the API too, from the first request on, whatever becomes of that
      dependencies.recorder.api = event.requestContext.apiId;
      return decider.decide(readRequest(event));
    });
}

/**
 * 401 is the one error text API Gateway knows, 403 a decision, anything else becomes its 500.
 *
 * What is thrown carries no reason and no cause: the runtime writes it to the log as it is.
 */
function answerRefusals(recorder: Recorder): MiddlewareObj<AuthorizerEvent, Decision, Error> {
  return {
    onError: (handling) => {
      const { error } = handling;
      const request = readRequest(handling.event);
      if (error instanceof Forbidden) {
        recorder.forbidden(request, error.reason, error.credentialId);
        handling.response = forbid(request, error);
      } else if (error instanceof Unauthenticated) {
        recorder.unauthenticated(request, error);
        handling.error = new Error('Unauthorized');
      } else {
        recorder.failed(request, error);
        handling.error = new Error('Internal');
      }
    },
  };
}
