import type { Patience } from './limit-store';

/**
 * Gives every call the same time, by one timer for all: a timer for each costs as much as the way to a near server.
 */
export class EqualPatience {
  /** In the order in which they began, which is that in which they are late. */
  private readonly waiting = new Set<Waiting>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly timeLimitMillis: number) {}

  /** Answers what `call` answers; rejects once its time is over, and tells it to stop. */
  public run<T>(call: (patience: Patience) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const waiting = new Waiting(performance.now() + this.timeLimitMillis, reject);
      this.begin(waiting);
      const fail = (error: unknown): void => {
        this.end(waiting);
        reject(error);
      };
      const succeed = (value: T): void => {
        this.end(waiting);
        resolve(value);
      };
      call(waiting).then(succeed, (error: unknown) => {
        if (isLostConnection(error) && !waiting.isLate) call(waiting).then(succeed, fail);
        else fail(error);
      });
    });
  }

  private begin(waiting: Waiting): void {
    this.waiting.add(waiting);
    if (this.timer === undefined) this.arm(this.timeLimitMillis);
    else if (this.waiting.size === 1) this.timer.ref();
  }

  /** The timer goes on: the next call mostly comes before it ends. It keeps no process alive. */
  private end(waiting: Waiting): void {
    this.waiting.delete(waiting);
    if (this.waiting.size === 0) this.timer?.unref();
  }

  private arm(millis: number): void {
    this.timer = setTimeout(() => this.endLate(), millis);
  }

  private endLate(): void {
    this.timer = undefined;
    const now = performance.now();
    for (const waiting of this.waiting) {
      if (waiting.deadline > now) {
        this.arm(Math.ceil(waiting.deadline - now));
        return;
      }
      this.waiting.delete(waiting);
      waiting.end(new Error(`no answer within ${this.timeLimitMillis} ms`));
    }
  }
}

class Waiting implements Patience {
  public isLate = false;
  private controller: AbortController | undefined;

  constructor(
    /** On the clock of `performance`. */
    public readonly deadline: number,
    private readonly reject: (reason: Error) => void,
  ) {}

  /** Made only for whoever asks: most calls end in time. */
  public get signal(): AbortSignal {
    this.controller ??= new AbortController();
    return this.controller.signal;
  }

  public end(reason: Error): void {
    this.isLate = true;
    this.controller?.abort(reason);
    this.reject(reason);
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
