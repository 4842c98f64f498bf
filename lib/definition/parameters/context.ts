import type { Report } from '../report';
import type { DocumentSource } from '../source';

export interface ParameterContext {
  readonly source: DocumentSource;
  readonly report: Report;
  readonly dialect: '3.0' | '3.1';
  /** `METHOD path`, for findings. */
  readonly operation: string;
  /** Violations are logged, not refused. */
  readonly observe: boolean;
}
