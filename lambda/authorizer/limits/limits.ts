import type { LimitConfiguration, RateLimit } from '../../../lib/protocol/limits';
import type { OperationPolicy } from '../../../lib/protocol/policy';
import type { AuthorizerRequest } from '../authorizer-request';
import type { Caller } from '../caller';
import { gcraOf, waitAfter } from './gcra';
import type { GuardedStore } from './guarded-store';
import { limitKey, subjectOf } from './limit-key';

/** A request that an exact limit refuses. */
export interface LimitRefusal {
  /** Undefined where the store could not be asked. */
  readonly retryAfterSeconds?: number;
}

/** Exact limits, counted across all instances. */
export class Limits {
  constructor(
    private readonly store: GuardedStore,
    private readonly onStoreFailure: LimitConfiguration['onStoreFailure'],
  ) {}

  /**
   * Counts a request against the limit of its operation and that of its caller's key; both must admit it.
   * Undefined at once where there is neither.
   */
  public refuse(
    operation: Pick<OperationPolicy, 'id' | 'rateLimit'>,
    caller: Caller | undefined,
    request: Pick<AuthorizerRequest, 'apiId' | 'sourceIp'>,
  ): undefined | Promise<LimitRefusal | undefined> {
    if (operation.rateLimit === undefined && caller?.limit === undefined) return undefined;
    return this.refuseAny(operation, caller, request);
  }

  private async refuseAny(
    { id, rateLimit }: Pick<OperationPolicy, 'id' | 'rateLimit'>,
    caller: Caller | undefined,
    request: Pick<AuthorizerRequest, 'apiId' | 'sourceIp'>,
  ): Promise<LimitRefusal | undefined> {
    if (rateLimit) {
      const { by, scope = id } = rateLimit;
      const key = limitKey(request.apiId, scope, by, subjectOf(by, caller, request));
      const refusal = await this.count(key, rateLimit);
      if (refusal) return refusal;
    }
    if (caller?.limit === undefined) return undefined;
    return this.count(limitKey(request.apiId, '', 'key', caller.keyId), caller.limit);
  }

  private async count(key: string, limit: RateLimit): Promise<LimitRefusal | undefined> {
    const gcra = gcraOf(limit);
    const taken = await this.store.take(key, gcra);
    if (taken === undefined) return this.onStoreFailure === 'refuse' ? {} : undefined;
    if (taken.admitted) return undefined;
    return { retryAfterSeconds: Math.ceil(waitAfter(gcra, taken) / 1_000_000) };
  }
}
