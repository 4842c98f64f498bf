import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { FunctionModel } from '../model/api';
import { isObject, objectOf, textOf } from '../template/read';
import { RUNNER } from './runner';

/** How an invocation ended, as the Lambda service would tell it. */
export type Invocation =
  | { readonly kind: 'result'; readonly value: unknown; readonly requestId: string }
  | {
      readonly kind: 'error';
      readonly errorType: string;
      readonly message: string;
      readonly requestId: string;
    }
  | { readonly kind: 'timeout'; readonly requestId: string }
  | { readonly kind: 'throttled' };

/** How long Lambda lets a function load. */
const LONGEST_START_MILLIS = 10_000;

interface Pending {
  readonly id: string;
  readonly settle: (invocation: Invocation) => void;
  readonly timer: NodeJS.Timeout;
}

/** One execution environment: a process that handles one invocation at a time, and dies of a time-out. */
export class FunctionInstance {
  private readonly child: ChildProcess;
  private readonly starting: NodeJS.Timeout;
  private pending: Pending | undefined;
  private ready = false;
  private exited = false;

  constructor(
    private readonly model: FunctionModel,
    environment: Readonly<Record<string, string>>,
    log: (line: string) => void,
    /** Called once the handler is loaded, or the process has ended without. */
    private readonly started: (instance: FunctionInstance) => void,
    private readonly now?: () => number,
  ) {
    this.child = spawn(
      process.execPath,
      [`--max-old-space-size=${model.memoryMegabytes}`, '--no-warnings', '-e', RUNNER],
      {
        cwd: model.folder,
        env: environment,
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        serialization: 'json',
      },
    );
    this.starting = setTimeout(() => this.stop(), LONGEST_START_MILLIS);
    for (const stream of [this.child.stdout, this.child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', log);
    }
    this.child.on('message', (message) => this.receive(message));
    this.child.on('error', () => this.end());
    this.child.on('exit', () => this.end());
  }

  public get alive(): boolean {
    return !this.exited;
  }

  /** Whether it has its handler and nothing to do. */
  public get free(): boolean {
    return this.ready && !this.exited && this.pending === undefined;
  }

  public invoke(event: unknown): Promise<Invocation> {
    const id = randomUUID();
    return new Promise((settle) => {
      const timer = setTimeout(() => this.expire(), this.model.timeoutMillis);
      this.pending = { id, settle, timer };
      this.child.send(
        {
          id,
          event,
          context: this.context(id),
          deadline: Date.now() + this.model.timeoutMillis,
          ...(this.now && { now: this.now() }),
        },
        (error) => error && this.end(),
      );
    });
  }

  public stop(): void {
    this.child.kill('SIGKILL');
    this.end();
  }

  private context(id: string): object {
    return {
      awsRequestId: id,
      functionName: this.model.name,
      functionVersion: '$LATEST',
      invokedFunctionArn: this.model.arn,
      memoryLimitInMB: String(this.model.memoryMegabytes),
      logGroupName: this.model.logGroup,
      logStreamName: 'local',
      callbackWaitsForEmptyEventLoop: true,
    };
  }

  private receive(message: unknown): void {
    if (isObject(message) && message['ready'] === true) this.start();
    if (!isObject(message) || message['id'] !== this.pending?.id || !this.pending) return;

    const requestId = this.pending.id;
    const { errorType, errorMessage } = objectOf(message['error']);
    this.settle(
      message['error']
        ? {
            kind: 'error',
            errorType: textOf(errorType) ?? 'Error',
            message: textOf(errorMessage) ?? '',
            requestId,
          }
        : { kind: 'result', value: message['result'], requestId },
    );
  }

  private start(): void {
    clearTimeout(this.starting);
    this.ready = true;
    this.started(this);
  }

  /** The service ends the environment of an invocation that ran out of time. */
  private expire(): void {
    if (this.pending) this.settle({ kind: 'timeout', requestId: this.pending.id });
    this.stop();
  }

  private end(): void {
    if (this.exited) return;
    this.exited = true;
    clearTimeout(this.starting);
    if (!this.ready) this.started(this);
    if (!this.pending) return;

    const { id } = this.pending;
    this.settle({
      kind: 'error',
      errorType: 'Runtime.ExitError',
      message: 'the process of the function ended',
      requestId: id,
    });
  }

  private settle(invocation: Invocation): void {
    const { pending } = this;
    this.pending = undefined;
    if (!pending) return;

    clearTimeout(pending.timer);
    pending.settle(invocation);
  }
}
