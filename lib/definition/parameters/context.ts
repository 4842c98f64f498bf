import type { Report } from '../report';
import type { Shapes } from '../schema';
import type { DocumentSource, Sourced } from '../source';

export interface ParameterContext {
  readonly source: DocumentSource;
  readonly report: Report;
  readonly dialect: '3.0' | '3.1';
  /** Schemas with their references resolved; one for the whole document, because it remembers. */
  readonly shapes: Shapes;
  /** The operation object. */
  readonly place: Sourced;
  /** `METHOD path`, for findings. */
  readonly operation: string;
  /** Violations are logged, not refused. */
  readonly observe: boolean;
  /** Headers only the gateway may set. */
  readonly identityNames: readonly string[];
}
