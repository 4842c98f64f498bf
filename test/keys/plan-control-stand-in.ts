import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { answerPlanControl, type ControlRequest } from '../../lib/local/emulated/plan-control';
import { createServiceEndpoint } from '../../lib/local/emulated/service-endpoint';
import type { ServiceError } from '../../lib/local/emulated/service-error';
import type { UsagePlanModel } from '../../lib/local/model/api';
import { closeServer } from '../../lib/local/server/close';
import { listen } from '../../lib/local/server/listen';
import { PlanBook } from '../../lib/local/traffic/plan-book';
import { QuotaCounter } from '../../lib/local/traffic/quota';

/** Calls the client makes at most. */
export const ATTEMPTS = 3;

/** API Gateway's control plane on loopback: the local gateway's, with what goes wrong on demand. */
export class PlanControlStandIn {
  public readonly calls: string[] = [];
  public book: PlanBook;
  private failures: { readonly call: RegExp; readonly error: ServiceError; readonly after: boolean }[] = [];

  private constructor(private readonly now: () => number) {
    this.book = this.replaceStack();
  }

  public static async start(now: () => number) {
    const standIn = new PlanControlStandIn(now);
    const server = createServiceEndpoint({ services: {}, control: (request) => standIn.answer(request) });
    const endpoint = `http://127.0.0.1:${await listen(server, 0, 'control plane')}`;
    const client = new APIGatewayClient({
      endpoint,
      region: 'local',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: ATTEMPTS,
    });
    const close = async () => {
      client.destroy();
      await closeServer(server);
    };
    return { standIn, client, endpoint, close };
  }

  /** New, empty plans under the same ids. */
  public replaceStack(keepKeys = false): PlanBook {
    const keys = keepKeys ? this.book.allKeys() : [];
    const model = {
      plans: [plan('free'), plan('plus'), plan('pro'), plan('pro-other', false)],
      keys,
      members: {},
    };
    this.book = new PlanBook(model, () => this.now() * 1000, 120);
    return this.book;
  }

  /** The next such call fails: instead of being carried out, or with its answer lost. */
  public fail(call: RegExp, error: ServiceError, after = false): void {
    this.failures.push({ call, error, after });
  }

  public members(planId: string): string[] {
    return this.book.keysOf(planId).map(({ value }) => value);
  }

  private answer(request: ControlRequest) {
    const call = `${request.method} ${request.path}`;
    this.calls.push(call);
    const failure = this.failures.find((each) => each.call.test(call));
    this.failures = this.failures.filter((each) => each !== failure);
    if (failure && !failure.after) throw failure.error;

    const now = () => this.now() * 1000;
    const answer = answerPlanControl(request, { plans: this.book, quotas: new QuotaCounter(now), now });
    if (failure) throw failure.error;
    return answer;
  }
}

function plan(id: string, covers = true): UsagePlanModel {
  return { id, logicalId: id, methodThrottles: {}, covers };
}
