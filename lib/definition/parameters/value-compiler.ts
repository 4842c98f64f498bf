import type { ValueRule } from '../../protocol/parameter-rules';
import type { Sourced } from '../source';
import type { ParameterContext } from './context';
import { ANNOTATIONS, KEYWORDS } from './value-keywords';

/** Rules of one parameter beyond this are not compiled: the policy is read on every cold start. */
const MAXIMUM_SCHEMAS = 2_000;

type Weaken = (place: Sourced, message: string, remedy: string) => void;

/**
 * Compiles the schema of one parameter.
 *
 * A keyword that cannot be held with its exact meaning is left out and reported. Where leaving out would
 * make the whole stricter (below `not`, `oneOf`, `if`), the whole is left out: see `exactly`.
 */
export class ValueCompiler {
  public readonly definitions: Record<string, ValueRule> = {};

  private readonly inProgress = new Map<string, { readonly depth: number; readonly id: string }>();
  private readonly recursive = new Set<string>();
  private depth = 0;
  private schemas = 0;
  private weakenings = 0;

  constructor(
    public readonly context: ParameterContext,
    private readonly subject: string,
    private readonly report: Weaken,
  ) {}

  /** The rule of a schema, its references followed. */
  public compile(node: Sourced): ValueRule {
    const { value } = node;
    if (value === true) return {};
    if (value === false) return { never: true };
    if (!isRecord(value)) {
      this.invalid(node, 'a schema must be an object');
      return {};
    }
    this.schemas += 1;
    if (this.schemas > MAXIMUM_SCHEMAS) {
      this.weaken(node, `unfolds to more than ${MAXIMUM_SCHEMAS} schemas`, 'simplify it');
      return {};
    }
    return typeof value['$ref'] === 'string' ? this.compileReference(node, value) : this.compilePlace(node);
  }

  /** Compiles what is held against a part of the value, so that a reference back up terminates. */
  public compilePart(node: Sourced): ValueRule {
    this.depth += 1;
    try {
      return this.compile(node);
    } finally {
      this.depth -= 1;
    }
  }

  /** What `compile` answers if nothing was left out of it, else undefined. */
  public exactly<T>(compile: () => T): T | undefined {
    const before = this.weakenings;
    const result = compile();
    return this.weakenings === before ? result : undefined;
  }

  public weaken(place: Sourced, message: string, remedy: string): void {
    this.weakenings += 1;
    this.report(place, message, remedy);
  }

  public invalid(place: Sourced, message: string): void {
    this.weakenings += 1;
    this.context.report.problem(
      'INVALID_PARAMETER_SCHEMA',
      place,
      `${this.context.operation}: schema of ${this.subject}: ${message}`,
      'correct the schema',
    );
  }

  /** Definitions that `rule` needs, ready to spread. */
  public usedDefinitions(rule: ValueRule): { definitions?: Record<string, ValueRule> } {
    const used = new Set<string>();
    const visit = (part: unknown): void => {
      if (typeof part !== 'object' || part === null) return;
      const reference = 'ref' in part ? part.ref : undefined;
      const target = typeof reference === 'string' ? this.definitions[reference] : undefined;
      if (typeof reference === 'string' && target !== undefined && !used.has(reference)) {
        used.add(reference);
        visit(target);
      }
      Object.values(part).forEach(visit);
    };
    visit(rule);
    if (used.size === 0) return {};
    return {
      definitions: Object.fromEntries(Object.entries(this.definitions).filter(([id]) => used.has(id))),
    };
  }

  private compileReference(node: Sourced, value: Record<string, unknown>): ValueRule {
    const { source, dialect } = this.context;
    const target = source.resolve(String(value['$ref']), node);
    if (target === undefined) return {};

    const rule = this.compile(target);
    const siblings = Object.keys(value).some((key) => key !== '$ref' && !isAnnotation(key));
    // OpenAPI 3.0 ignores whatever stands beside a reference
    if (dialect === '3.0' || !siblings) return rule;
    return { all: [rule, this.compileKeywords(node, value)] };
  }

  private compilePlace(node: Sourced): ValueRule {
    const place = `${node.file}#${node.pointer}`;
    const open = this.inProgress.get(place);
    if (open !== undefined) {
      if (open.depth === this.depth) {
        this.weaken(node, 'refers to itself without an end', 'break the circle');
        return {};
      }
      this.recursive.add(open.id);
      return { ref: open.id };
    }

    const id = `r${this.inProgress.size}_${this.schemas}`;
    this.inProgress.set(place, { depth: this.depth, id });
    const rule = this.compileKeywords(node, node.value as Record<string, unknown>);
    this.inProgress.delete(place);
    if (!this.recursive.has(id)) return rule;

    this.definitions[id] = rule;
    return { ref: id };
  }

  private compileKeywords(node: Sourced, schema: Record<string, unknown>): ValueRule {
    const parts: ValueRule[] = [];
    for (const key of Object.keys(schema)) {
      const keyword = Object.hasOwn(KEYWORDS, key) ? KEYWORDS[key] : undefined;
      if (keyword) {
        parts.push(keyword({ compiler: this, schema, node, keyword: this.context.source.child(node, key) }));
      } else if (!isAnnotation(key) && key !== '$ref') {
        const place = this.context.source.child(node, key);
        this.weaken(place, `uses '${key}', which is not enforced`, 'use another keyword');
      }
    }
    return merge(parts);
  }
}

/** One rule that holds where all of `parts` hold; what two of them say of the same member stands side by side. */
function merge(parts: readonly ValueRule[]): ValueRule {
  const merged: Record<string, unknown> = {};
  const beside: ValueRule[] = [];
  for (const part of parts) {
    const clashes = Object.keys(part).some((key) => Object.hasOwn(merged, key));
    if (clashes) beside.push(part);
    else Object.assign(merged, part);
  }
  if (beside.length === 0) return merged;
  return { all: [merged, ...beside] };
}

function isAnnotation(key: string): boolean {
  return ANNOTATIONS.has(key) || key.startsWith('x-');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
