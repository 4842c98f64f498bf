import type { Stage } from '../../protocol/refusals';

/** What one stage made of a request. */
export interface StageRecord {
  readonly stage: Stage;
  readonly verdict: 'passed' | 'refused' | 'answered';
  /** The rule that decided, or what the stage has to say. */
  readonly rule?: string;
  readonly milliseconds: number;
}

/** A request's way through the stages. */
export interface RequestRecord {
  /** `x-amzn-RequestId` of the response. */
  readonly requestId: string;
  readonly time: Date;
  readonly method: string;
  readonly path: string;
  readonly resourcePath?: string;
  readonly status: number;
  /** The stage that refused it; undefined if it reached its backend. */
  readonly refusedBy?: Stage;
  /** API Gateway's type of the refusal, for example `ACCESS_DENIED`. */
  readonly responseType?: string;
  readonly rule?: string;
  readonly stages: readonly StageRecord[];
  readonly milliseconds: number;
  /** As in the access log, masked. */
  readonly logLine?: string;
}
