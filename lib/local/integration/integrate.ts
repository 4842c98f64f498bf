import type { FunctionByArn } from '../functions/local-function';
import type { Step } from '../pipeline/exchange';
import type { BackendTarget } from './backend-targets';
import type { BackendCaller } from './call-backend';
import { callFunction } from './call-function';
import { callHttp, callHttpProxy } from './call-http';
import { callMock } from './call-mock';

interface Dependencies {
  readonly targets: readonly BackendTarget[];
  readonly caller: BackendCaller;
  /** Logical ids by ARN. */
  readonly loadBalancers: ReadonlyMap<string, string>;
  readonly functionOf: FunctionByArn;
}

/** The last step: what answers the request in the end. */
export function integrate(dependencies: Dependencies): Step {
  return {
    stage: 'backend',
    run(exchange) {
      const integration = exchange.match?.method.integration;
      switch (integration?.type) {
        case 'HTTP_PROXY':
          return callHttpProxy(exchange, integration, dependencies);
        case 'HTTP':
          return callHttp(exchange, integration, dependencies);
        case 'AWS_PROXY':
          return callFunction(exchange, integration, dependencies.functionOf);
        case 'MOCK':
          return callMock(exchange, integration);
        default:
          return {
            kind: 'refusal',
            responseType: 'API_CONFIGURATION_ERROR',
            message: 'Internal server error',
            stage: 'backend',
            rule: `integration type ${integration?.declaredType ?? 'none'} is not run here`,
          };
      }
    },
  };
}
