import { AUTHORIZER_METRICS } from '../../lib/protocol/metrics';
import { FailureCounter } from './failures';
import { allowedFields, type LogFields } from './log';
import { embeddedMetrics } from './metrics';
import type { Unauthenticated } from './refused';

export interface RecorderDependencies {
  readonly write: (line: string) => void;
  readonly now: () => number;
}

interface Subject {
  readonly requestId: string;
  readonly sourceIp: string;
  readonly operation: string;
}

/** Of what belongs to no request. */
const NOBODY: Subject = { requestId: '-', sourceIp: '-', operation: '-' };

/** An error that is counted on its own, too. */
type Counted = Pick<Unauthenticated, 'counts'>;

type Metric = keyof typeof AUTHORIZER_METRICS;

/** Writes one line for whatever did not simply pass: log and metrics in one. */
export class Recorder {
  private readonly failures: FailureCounter;
  /** Id of the API that asks: a function belongs to one, and hears of it with its first request. */
  public api = '-';

  constructor(private readonly dependencies: RecorderDependencies) {
    this.failures = new FailureCounter(dependencies.now);
  }

  /** `counts`: what this failure is counted as beside. */
  public unauthenticated(subject: Subject, { reason, credentialId, counts }: Unauthenticated): void {
    const failures = this.failures.count(subject.sourceIp);
    const more = { [AUTHORIZER_METRICS.failuresOfOneAddress]: failures, ...counts };
    this.refused(subject, 401, 'unauthenticated', { reason, credentialId, failures }, more);
  }

  public forbidden(subject: Subject, reason: string, credentialId?: string): void {
    this.refused(subject, 403, 'forbidden', { reason, credentialId });
  }

  public contractRefused(subject: Subject, reason: string, detail: string, credentialId?: string): void {
    this.refused(subject, 400, 'contractRefused', { reason, detail, credentialId });
  }

  public contractObserved(subject: Subject, reason: string, detail: string, credentialId?: string): void {
    const fields = { level: 'INFO', message: 'observed', reason, detail, credentialId };
    this.record(subject, fields, { [AUTHORIZER_METRICS.contractObserved]: 1 });
  }

  /** 429: an exact limit, or too many failed authentications of one address. */
  public limited(subject: Subject, reason: string, detail?: string, credentialId?: string): void {
    this.refused(subject, 429, 'limited', { reason, detail, credentialId });
  }

  /** The error's text is ours (or a library's about our own calls); it is cut, and credentials are never put in one. */
  public failed(subject: Subject | undefined, error: unknown): void {
    this.failure(subject, 'failed', error, { message: 'failed', status: 500 });
  }

  /** Belongs to no request: keys are also refreshed between requests. */
  public keySetUnavailable(issuer: string, error: unknown): void {
    const fields = { message: 'key set unavailable', detail: issuer };
    this.failure(undefined, 'keySetUnavailable', error, fields);
  }

  /** Belongs to no request: how often depends on who asked, not on what was asked. */
  public limitStoreFailed(error: unknown): void {
    this.failure(undefined, 'limitStoreFailed', error, { message: 'limit store unavailable' });
  }

  private refused(subject: Subject, status: number, metric: Metric, fields: LogFields, more = {}): void {
    const line = { level: 'WARN', message: 'refused', status, ...fields };
    this.record(subject, line, { [AUTHORIZER_METRICS[metric]]: 1, ...more });
  }

  private failure(subject = NOBODY, metric: Metric, error: unknown, fields: LogFields): void {
    const line = { level: 'ERROR', error: textOf(error), ...fields };
    this.record(subject, line, {
      [AUTHORIZER_METRICS[metric]]: 1,
      ...(error as Counted | undefined)?.counts,
    });
  }

  private record(
    { requestId, sourceIp, operation }: Subject,
    fields: LogFields,
    metrics: Readonly<Record<string, number>>,
  ): void {
    const line = {
      ...allowedFields({ ...fields, requestId, sourceIp, operation }),
      ...embeddedMetrics(this.api, metrics, this.dependencies.now()),
    };
    this.dependencies.write(`${JSON.stringify(line)}\n`);
  }
}

// a parser quotes what it could not read, and that may be an answer with a secret in it
function textOf(error: unknown): string {
  if (error instanceof SyntaxError) return error.name;
  return error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error';
}
