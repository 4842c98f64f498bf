import type { ApiModel } from '../model/api';
import { refuseUndecodable } from './content-coding';
import type { Step } from './exchange';
import { Router } from './router';

/** Finds the method; unknown paths and methods get the type API Gateway has for both (aws-facts 3.8). */
export function findMethod(api: ApiModel): Step {
  const router = new Router(api.methods);
  return {
    stage: 'routing',
    run(exchange) {
      const undecodable = refuseUndecodable(exchange.request);
      if (undecodable) return undecodable;

      const { method, apiPath } = exchange.request;
      // outside of stage and base path nothing is looked up: the service answers for itself
      exchange.match = apiPath === undefined ? undefined : router.match(method, apiPath);
      if (exchange.match) {
        exchange.note = `${exchange.match.method.httpMethod} ${exchange.match.method.resourcePath}`;
        return undefined;
      }
      return {
        kind: 'refusal',
        responseType: 'MISSING_AUTHENTICATION_TOKEN',
        message: 'Missing Authentication Token',
        stage: 'routing',
        rule: 'no such path and method',
      };
    },
  };
}
