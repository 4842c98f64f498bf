import { Circuit } from './circuit';
import type { Gcra, Taken } from './gcra';
import type { LimitStore, Patience } from './limit-store';

/** A caller waits no longer than 100 ms for a store that does not answer; the rest is ours. */
const TIME_LIMIT_MILLIS = 90;

export interface GuardedStoreDependencies {
  readonly store: LimitStore;
  /** Told of each call that failed, not of those that were not made. */
  readonly onFailure: (error: unknown) => void;
  /** Milliseconds. */
  readonly now: () => number;
}

/** A store that answers in time or not at all: undefined where it could not be asked. */
export class GuardedStore {
  private readonly circuit: Circuit;

  constructor(private readonly dependencies: GuardedStoreDependencies) {
    this.circuit = new Circuit(dependencies.now);
  }

  public take(key: string, gcra: Gcra): Promise<Taken | undefined> {
    return this.run((patience) => this.dependencies.store.take(key, gcra, patience));
  }

  /** Null where there is no state. */
  public peek(key: string): Promise<number | null | undefined> {
    return this.run(async (patience) => (await this.dependencies.store.peek(key, patience)) ?? null);
  }

  private async run<T>(call: (patience: Patience) => Promise<T>): Promise<T | undefined> {
    const { onFailure } = this.dependencies;
    try {
      return await this.circuit.run(() => inTime(call));
    } catch (error) {
      onFailure(error);
      return undefined;
    }
  }
}

/** A timer of our own: `AbortSignal.timeout` costs as much as a round trip to a near server. */
function inTime<T>(call: (patience: Patience) => Promise<T>): Promise<T> {
  const patience = new OwnPatience();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const error = new Error(`no answer within ${TIME_LIMIT_MILLIS} ms`);
      patience.end(error);
      reject(error);
    }, TIME_LIMIT_MILLIS);
    const succeed = (value: T): void => {
      clearTimeout(timer);
      resolve(value);
    };
    const fail = (error: unknown): void => {
      clearTimeout(timer);
      reject(error);
    };
    call(patience).then(succeed, (error: unknown) => {
      if (isLostConnection(error) && !patience.ended) call(patience).then(succeed, fail);
      else fail(error);
    });
  });
}

class OwnPatience implements Patience {
  public ended = false;
  private controller: AbortController | undefined;

  public get signal(): AbortSignal {
    this.controller ??= new AbortController();
    return this.controller.signal;
  }

  public end(reason: Error): void {
    this.ended = true;
    this.controller?.abort(reason);
  }
}

/**
 * A connection dies while a function is frozen, and is found dead by the next request; that says nothing about
 * the store, so one more is opened. A request that was counted before its answer was lost is counted twice.
 */
function isLostConnection(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ECONNRESET' || code === 'EPIPE';
}
