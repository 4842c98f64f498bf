import type { Deployment } from './deployment';
import type { FunctionByArn } from './functions/local-function';
import type { BackendCaller } from './integration/call-backend';
import { integrate } from './integration/integrate';
import type { LogBook } from './logs/log-book';
import { authorize } from './pipeline/authorize';
import { checkLimits } from './pipeline/check-limits';
import { checkPlan, checkStageThrottle } from './pipeline/check-plan';
import { type AskStandIn, checkWebAcl } from './pipeline/check-web-acl';
import type { Step } from './pipeline/exchange';
import { findMethod } from './pipeline/find-method';
import { validateRequest } from './pipeline/validate-request';
import type { PlanBook } from './traffic/plan-book';
import type { QuotaCounter } from './traffic/quota';

interface Dependencies {
  readonly deployment: Deployment;
  readonly functionOf: FunctionByArn;
  readonly plans: PlanBook;
  readonly quotas: QuotaCounter;
  readonly caller: BackendCaller;
  readonly logs: LogBook;
  readonly askStandIn: AskStandIn;
  readonly now: () => number;
}

/** The pipeline, in the order of aws-facts section 6. */
export function createSteps({
  deployment,
  functionOf,
  plans,
  quotas,
  caller,
  logs,
  askStandIn,
  now,
}: Dependencies): readonly Step[] {
  const { api, targets, loadBalancers, webAcl } = deployment;
  return [
    checkLimits(),
    checkWebAcl(webAcl, logs, askStandIn),
    findMethod(api),
    authorize({ functionOf, now }),
    checkPlan({ plans, quotas, now }),
    checkStageThrottle(api, now),
    validateRequest(api),
    integrate({ targets, loadBalancers, caller, functionOf }),
  ];
}
