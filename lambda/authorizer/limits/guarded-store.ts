import { Circuit } from './circuit';
import type { Gcra, Taken } from './gcra';
import { type LimitStore, type Patience, ThrottledKeyError } from './limit-store';
import { EqualPatience } from './patience';

/** A caller waits no longer than 100 ms for a store that does not answer; the rest is ours. */
const TIME_LIMIT_MILLIS = 90;

const NO_ANSWER = Promise.resolve(undefined);

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
  private readonly patience = new EqualPatience(TIME_LIMIT_MILLIS);

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

  // each promise more would cost a tenth of the way to a near server
  private run<T>(call: (patience: Patience) => Promise<T>): Promise<T | undefined> {
    const how = this.circuit.enter();
    if (how === undefined) return NO_ANSWER;
    return this.patience.run(call).then(
      (answer) => {
        this.circuit.succeeded();
        return answer;
      },
      (error: unknown) => {
        if (error instanceof ThrottledKeyError) this.circuit.succeeded();
        else this.circuit.failed(how);
        this.dependencies.onFailure(error);
        return undefined;
      },
    );
  }
}
