import { randomUUID } from 'node:crypto';
import { Ring } from '../logs/ring';
import type { FunctionModel } from '../model/api';
import { FunctionInstance, type Invocation } from './function-instance';

/** Lambda would start an environment for each invocation at a time; so many processes are enough here. */
const MAXIMUM_INSTANCES = 8;

/** How long an invocation waits for a free process before another one is started. */
const PATIENCE_MILLIS = 100;

interface Waiting {
  readonly event: unknown;
  readonly settle: (invocation: Invocation) => void;
}

/** The running function that an ARN names, version or alias included. */
export type FunctionByArn = (arn: string) => LocalFunction | undefined;

/** What the processes of a function are started with. */
export interface FunctionSurroundings {
  readonly environment: Readonly<Record<string, string>>;
  /** Receives each line the function writes. */
  log(line: string): void;
  /** Milliseconds, by which durations are measured. */
  stopwatch(): number;
  /** Present if the processes are to follow this clock. */
  readonly now?: () => number;
}

/** What Lambda would count of a function. */
export interface FunctionMetrics {
  readonly invocations: number;
  /** Invocations that failed or ran out of time. */
  readonly errors: number;
  /** Invocations refused because as many ran already as may. */
  readonly throttles: number;
  /** Milliseconds of the newest invocations, oldest first. */
  readonly durations: readonly number[];
}

const DURATIONS = 10_000;

/** A function of the template, run from its real bundle in processes of its own. */
export class LocalFunction {
  private readonly instances = new Set<FunctionInstance>();
  private readonly waiting: Waiting[] = [];
  private growing: NodeJS.Timeout | undefined;
  private readonly durations = new Ring<number>(DURATIONS);
  private invocations = 0;
  private errors = 0;
  private throttles = 0;
  private running = 0;
  private closed = false;

  constructor(
    public readonly model: FunctionModel,
    private readonly surroundings: FunctionSurroundings,
  ) {}

  /** Starts the first process before it is needed. */
  public warm(): void {
    if (this.model.reservedConcurrency !== 0) this.grow();
  }

  public async invoke(event: unknown): Promise<Invocation> {
    const { reservedConcurrency = Number.POSITIVE_INFINITY } = this.model;
    if (this.running >= reservedConcurrency) {
      this.throttles += 1;
      return { kind: 'throttled' };
    }

    this.running += 1;
    this.invocations += 1;
    const began = this.surroundings.stopwatch();
    const invocation = await new Promise<Invocation>((settle) => {
      this.waiting.push({ event, settle });
      this.serve();
    });
    this.running -= 1;
    this.durations.push(this.surroundings.stopwatch() - began);
    if (invocation.kind === 'error' || invocation.kind === 'timeout') this.errors += 1;
    return invocation;
  }

  public get metrics(): FunctionMetrics {
    const { invocations, errors, throttles } = this;
    return { invocations, errors, throttles, durations: [...this.durations.items()] };
  }

  public close(): void {
    this.closed = true;
    clearTimeout(this.growing);
    for (const instance of this.instances) instance.stop();
    this.instances.clear();
    for (const { settle } of this.waiting.splice(0)) settle({ kind: 'throttled' });
  }

  /** Hands waiting invocations to free processes. */
  private serve(): void {
    for (const instance of this.instances) {
      if (!instance.alive) this.instances.delete(instance);
    }
    if (this.instances.size === 0 && this.waiting.length > 0) this.grow();
    for (const instance of this.instances) {
      if (!instance.free) continue;
      const next = this.waiting.shift();
      if (!next) return;

      instance.invoke(next.event).then((invocation) => {
        next.settle(invocation);
        this.serve();
      });
    }
    this.growIfKeptWaiting();
  }

  private growIfKeptWaiting(): void {
    const [head] = this.waiting;
    if (!head || this.growing || this.instances.size >= MAXIMUM_INSTANCES) return;

    this.growing = setTimeout(() => {
      this.growing = undefined;
      if (this.waiting[0] === head) this.grow();
      this.serve();
    }, PATIENCE_MILLIS);
  }

  private grow(): void {
    const { environment, log, now } = this.surroundings;
    const started = (instance: FunctionInstance) => this.started(instance);
    this.instances.add(new FunctionInstance(this.model, environment, log, started, now));
  }

  /** A process that ended before it was ready fails the invocation it was started for, as Lambda's would. */
  private started(instance: FunctionInstance): void {
    if (this.closed) return;
    if (!instance.alive) {
      const message = 'the process of the function ended before it was ready';
      const invocation = {
        kind: 'error',
        errorType: 'Runtime.ExitError',
        message,
        requestId: randomUUID(),
      } as const;
      this.waiting.shift()?.settle(invocation);
    }
    this.serve();
  }
}
