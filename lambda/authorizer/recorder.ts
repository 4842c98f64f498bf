import { AUTHORIZER_METRICS } from '../../lib/protocol/metrics';
import { FailureCounter } from './failures';
import { allowedFields, type LogFields } from './log';
import { embeddedMetrics } from './metrics';

export interface RecorderDependencies {
  readonly write: (line: string) => void;
  readonly now: () => number;
}

interface Subject {
  readonly apiId: string;
  readonly requestId: string;
  readonly sourceIp: string;
  readonly operation: string;
}

/** Writes one line for whatever did not simply pass: log and metrics in one. */
export class Recorder {
  private readonly failures: FailureCounter;
  // a function belongs to one API
  private lastApiId = '-';

  constructor(private readonly dependencies: RecorderDependencies) {
    this.failures = new FailureCounter(dependencies.now);
  }

  public unauthenticated(subject: Subject, reason: string, credentialId?: string): void {
    const failures = this.failures.count(subject.sourceIp);
    this.record(
      subject,
      { level: 'WARN', message: 'refused', status: 401, reason, credentialId, failures },
      { [AUTHORIZER_METRICS.unauthenticated]: 1, [AUTHORIZER_METRICS.failuresOfOneAddress]: failures },
    );
  }

  public forbidden(subject: Subject, reason: string, credentialId?: string): void {
    const fields = { level: 'WARN', message: 'refused', status: 403, reason, credentialId };
    this.record(subject, fields, { [AUTHORIZER_METRICS.forbidden]: 1 });
  }

  public contractRefused(subject: Subject, reason: string, detail: string, credentialId?: string): void {
    const fields = { level: 'WARN', message: 'refused', status: 400, reason, detail, credentialId };
    this.record(subject, fields, { [AUTHORIZER_METRICS.contractRefused]: 1 });
  }

  public contractObserved(subject: Subject, reason: string, detail: string, credentialId?: string): void {
    const fields = { level: 'INFO', message: 'observed', reason, detail, credentialId };
    this.record(subject, fields, { [AUTHORIZER_METRICS.contractObserved]: 1 });
  }

  /** 429: an exact limit, or too many failed authentications of one address. */
  public limited(subject: Subject, reason: string, detail?: string, credentialId?: string): void {
    const fields = { level: 'WARN', message: 'refused', status: 429, reason, detail, credentialId };
    this.record(subject, fields, { [AUTHORIZER_METRICS.limited]: 1 });
  }

  /** The error's text is ours (or a library's about our own calls); it is cut, and credentials are never put in one. */
  public failed(subject: Subject, error: unknown): void {
    const fields = { level: 'ERROR', message: 'failed', status: 500, error: textOf(error) };
    this.record(subject, fields, { [AUTHORIZER_METRICS.failed]: 1 });
  }

  /** Belongs to no request: keys are also refreshed between requests. */
  public keySetUnavailable(issuer: string, error: unknown): void {
    const subject = { apiId: this.lastApiId, requestId: '-', sourceIp: '-', operation: '-' };
    const fields = { level: 'ERROR', message: 'key set unavailable', detail: issuer, error: textOf(error) };
    this.record(subject, fields, { [AUTHORIZER_METRICS.keySetUnavailable]: 1 });
  }

  /** Belongs to no request: how often depends on who asked, not on what was asked. */
  public limitStoreFailed(error: unknown): void {
    const subject = { apiId: this.lastApiId, requestId: '-', sourceIp: '-', operation: '-' };
    const fields = { level: 'ERROR', message: 'limit store unavailable', error: textOf(error) };
    this.record(subject, fields, { [AUTHORIZER_METRICS.limitStoreFailed]: 1 });
  }

  private record(
    { apiId, requestId, sourceIp, operation }: Subject,
    fields: LogFields,
    metrics: Readonly<Record<string, number>>,
  ): void {
    this.lastApiId = apiId;
    const line = {
      ...allowedFields({ ...fields, requestId, sourceIp, operation }),
      ...embeddedMetrics(apiId, metrics, this.dependencies.now()),
    };
    this.dependencies.write(`${JSON.stringify(line)}\n`);
  }
}

// a parser quotes what it could not read, and that may be an answer with a secret in it
function textOf(error: unknown): string {
  if (error instanceof SyntaxError) return error.name;
  return error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error';
}
