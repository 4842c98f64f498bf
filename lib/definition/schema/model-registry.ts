import { FindingSeverity, type Report } from '../report';
import type { DocumentSource, Sourced } from '../source';

/** How one request body's schema is compiled. */
export interface ModelOptions {
  /** What `nullable`, `exclusiveMinimum` and the siblings of a `$ref` mean. */
  readonly dialect: '3.0' | '3.1';

  /** Whether objects silent on additional properties refuse them. */
  readonly closed: boolean;

  /** `METHOD path`. */
  readonly operation: string;
}

/**
 * The models of one API: what the schemas of its request bodies compile to, each stored once.
 *
 * A model says no more than the document: it may let through what the document refuses, which is then a
 * finding, and refuses nothing that the document allows but fields that an object does not name.
 */
export class ModelRegistry {
  readonly #models: Record<string, unknown> = {};

  constructor(
    protected readonly source: DocumentSource,
    private readonly report: Report,
    protected readonly options: { readonly emitUnproven: boolean },
  ) {}

  /** Compiles `schema` and answers the name of its model in `schemas`. */
  public model(schema: Sourced, { operation }: ModelOptions): string {
    this.report.finding(schema, {
      code: 'NOT_ENFORCED',
      severity: FindingSeverity.WARNING,
      operation,
      message: 'the body is not checked',
      remedy: 'check it in the service',
    });
    this.#models['Anything'] = {};
    return 'Anything';
  }

  /** Models by name; names are alphanumeric. */
  public get schemas(): Readonly<Record<string, unknown>> {
    return this.#models;
  }
}
