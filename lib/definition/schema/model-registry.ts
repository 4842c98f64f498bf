import { FindingSeverity, type Report } from '../report';
import type { DocumentSource, Sourced } from '../source';
import { any, type Draft4 } from './draft4';
import { ModelStore } from './model-store';
import { References } from './references';
import { SchemaCompiler } from './schema-compiler';
import { keyOf, type SchemaNode } from './schema-node';
import type { FindingText } from './scope';
import { Shapes } from './shape';

/** How one request body's schema is compiled. */
export interface ModelOptions {
  /** What `nullable`, `exclusiveMinimum` and the siblings of a `$ref` mean. */
  readonly dialect: '3.0' | '3.1';

  /** Whether objects silent on additional properties refuse them. */
  readonly closed: boolean;

  /** `METHOD path`. */
  readonly operation: string;

  /** Whether a request may come without a body, which API Gateway takes for an empty object (4.8). */
  readonly optional?: boolean;
}

const SEVERITIES: Readonly<Record<FindingText['code'], FindingSeverity>> = {
  NOT_ENFORCED: FindingSeverity.WARNING,
  UNBOUNDED: FindingSeverity.WARNING,
  OPEN_OBJECT: FindingSeverity.WARNING,
  IGNORED_KEYWORD: FindingSeverity.WARNING,
  UNSAFE_PATTERN: FindingSeverity.WARNING,
  PATTERN_DIALECT: FindingSeverity.INFO,
  CLOSED: FindingSeverity.INFO,
};

/**
 * The models of one API: what the schemas of its request bodies compile to, each stored once.
 *
 * A model says no more than the document: it may let through what the document refuses, which is then a
 * finding, and refuses nothing that the document allows but fields that an object does not name.
 */
export class ModelRegistry {
  readonly #store = new ModelStore();
  readonly #compilers = new Map<string, SchemaCompiler>();
  readonly #reported = new Set<string>();
  #operation = '';

  constructor(
    private readonly source: DocumentSource,
    private readonly report: Report,
    private readonly options: { readonly emitUnproven: boolean },
  ) {}

  /** Compiles `schema` and answers the name of its model in `schemas`. */
  public model(schema: Sourced, { dialect, closed, operation, optional = false }: ModelOptions): string {
    this.#operation = operation;
    const compiled = this.compiler(dialect).compile({
      own: [schema],
      extra: [],
      mode: closed ? 'closed' : 'open',
    });
    const body = optional ? this.orAbsent(schema, compiled) : compiled;
    return this.#store.root(body, `${operation.toLowerCase().replaceAll(/[^a-z0-9]+(.)/g, upper)}Body`);
  }

  /** Models by name; names are alphanumeric. */
  public get schemas(): Record<string, unknown> {
    return this.#store.models(this.options.emitUnproven);
  }

  /** Lets an absent body through, and so, which cannot be told apart, an empty object. */
  private orAbsent(schema: Sourced, compiled: Draft4): Draft4 {
    if (isSatisfiedByNone(this.#store.resolved(compiled))) return compiled;

    this.found(schema, {
      code: 'NOT_ENFORCED',
      message:
        'an empty object is let through, because the body is optional and API Gateway takes none for {}',
      remedy: "write 'required: true' at the request body",
      fact: '4.8',
    });
    return any([{ type: 'object', maxProperties: 0 }, compiled]);
  }

  private compiler(dialect: '3.0' | '3.1'): SchemaCompiler {
    const known = this.#compilers.get(dialect);
    if (known) return known;

    const shapes = new Shapes(new References(this.source, dialect), dialect);
    const compiler = new SchemaCompiler(shapes, dialect, this.options.emitUnproven, this.#store, {
      finding: (node, finding) => this.found(node, finding),
      problem: (node, message, remedy) => {
        if (this.isNew(node, message)) this.report.problem('INVALID_SCHEMA', node, message, remedy);
      },
    });
    this.#compilers.set(dialect, compiler);
    return compiler;
  }

  private found(node: SchemaNode, { once, ...finding }: FindingText): void {
    if (!this.isNew(once ? undefined : node, finding.code + finding.message)) return;
    // a component is of no one operation
    const operation = node.pointer.startsWith('/paths/') ? { operation: this.#operation } : {};
    const severity = once ? FindingSeverity.INFO : SEVERITIES[finding.code];
    this.report.finding(node, { severity, ...operation, ...finding });
  }

  private isNew(node: SchemaNode | undefined, what: string): boolean {
    const key = `${node ? keyOf(node) : ''} ${what}`;
    const isNew = !this.#reported.has(key);
    this.#reported.add(key);
    return isNew;
  }
}

/** Whether a schema accepts an empty object as far as is easily seen. */
function isSatisfiedByNone(schema: Draft4): boolean {
  const harmless = ['type', 'properties', 'additionalProperties', 'maxProperties'];
  return schema.type === 'object' && Object.keys(schema).every((keyword) => harmless.includes(keyword));
}

const upper = (_: string, letter: string): string => letter.toUpperCase();
