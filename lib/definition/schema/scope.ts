import { ANYTHING, all, type Draft4 } from './draft4';
import { KEYWORDS, UNSUPPORTED_FACT } from './keywords';
import { fieldPrefix } from './name-of-place';
import { at, isObjectNode, keyOf, type ObjectNode, type SchemaNode, uniqueNodes } from './schema-node';
import { conditionalSchemas, type Shape, type Shapes } from './shape';

/**
 * What to make of a schema beside its plain meaning.
 *
 * - `pure`: nothing; the only mode in which a schema may be negated or counted
 * - `open`: refuse what only responses have
 * - `inner`: that, and close objects within
 * - `closed`: that, and close the object itself
 */
export type Mode = 'pure' | 'open' | 'inner' | 'closed';

/** What to compile: schemas that all apply to one value, in their context. */
export interface Group {
  readonly own: readonly SchemaNode[];

  /** Schemas that apply, or may apply, to the same value from elsewhere; what they name is not unexpected here. */
  readonly extra: readonly ObjectNode[];

  readonly mode: Mode;
}

/** A schema that accepts at least what the document accepts. */
export interface Compiled {
  readonly schema: Draft4;

  /** It accepts nothing more either, by keywords that are proven. Says something of `pure` schemas only. */
  readonly exact: boolean;
}

/** What compiling one schema needs of the compiler. */
export interface Compiler {
  readonly shapes: Shapes;
  readonly dialect: '3.0' | '3.1';
  readonly emitUnproven: boolean;

  /** Compiles schemas of the same value. */
  here(group: Group): Compiled;

  /** Compiles schemas of a value within. */
  within(group: Group): Compiled;

  /** What a reference to a model refers to. */
  resolved(schema: Draft4): Draft4;

  /** The schema of `null`, which draft 4 can say in one word and an import cannot. */
  nullSchema(): Draft4;

  finding(node: SchemaNode, finding: FindingText): void;
  problem(node: SchemaNode, message: string, remedy: string): void;
}

export interface FindingText {
  readonly code:
    | 'NOT_ENFORCED'
    | 'CLOSED'
    | 'OPEN_OBJECT'
    | 'UNBOUNDED'
    | 'IGNORED_KEYWORD'
    | 'PATTERN_DIALECT'
    | 'UNSAFE_PATTERN';
  readonly message: string;
  readonly remedy: string;
  readonly fact?: string;

  /** True of so many places, and matters so little, that the first is enough. */
  readonly once?: true;
}

/** One group while it is compiled: collects parts that must all hold. */
export class Scope {
  readonly #parts: Draft4[] = [];
  #exact = true;

  constructor(
    public readonly compiler: Compiler,
    public readonly group: Group,
    public readonly shape: Shape,
  ) {}

  public get result(): Compiled {
    return { schema: all(this.#parts), exact: this.#exact };
  }

  public get nodes(): readonly ObjectNode[] {
    return this.shape.nodes;
  }

  public add(...parts: readonly Draft4[]): void {
    this.#parts.push(...parts);
  }

  /** Adds a part compiled elsewhere. */
  public take({ schema, exact }: Compiled): void {
    this.add(schema);
    if (!exact) this.weaken();
  }

  /** From here on the result accepts more than the document does; say so by a finding at the place that weakens. */
  public weaken(): void {
    this.#exact = false;
  }

  /** A keyword is not held, or not wholly: a finding. */
  public lose(node: SchemaNode, keyword: string, message: string, remedy?: string): void {
    this.loseAt(at(node, keyword), keyword, message, remedy);
  }

  /** The same, for a keyword that stands at `place`. */
  public loseAt(
    place: SchemaNode,
    keyword: string,
    message: string,
    remedy = 'check it in the service',
  ): void {
    this.weaken();
    const fact = KEYWORDS[keyword]?.fact ?? UNSUPPORTED_FACT;
    this.compiler.finding(place, { code: 'NOT_ENFORCED', message, remedy, fact });
  }

  /** Something so small is not held that it is said but once. */
  public loseSlightly(node: SchemaNode, keyword: string, message: string): void {
    this.weaken();
    const remedy = 'check it in the service, here and wherever it stands';
    this.compiler.finding(at(node, keyword), { code: 'NOT_ENFORCED', message, remedy, once: true });
  }

  /** Emits `part` if unproven keywords are wanted. Either way it does not count. */
  public addUnproven(node: SchemaNode, keyword: string, part: Draft4 = ANYTHING): void {
    this.lose(
      node,
      keyword,
      this.compiler.emitUnproven
        ? `'${keyword}' is emitted, but API Gateway is not known to hold it`
        : `'${keyword}' is not checked at the gateway`,
    );
    if (this.compiler.emitUnproven) this.add(part);
  }

  /** Says that values of `types` have no limit, at the schema that names the type. */
  public findUnbounded(types: readonly string[], message: string, remedy: string): void {
    const isOfType = ({ value }: ObjectNode) =>
      [value['type']].flat().some((type) => types.includes(String(type)));
    const node = this.group.mode === 'pure' ? undefined : this.nodes.find(isOfType);
    if (!node) return;
    const prefix = fieldPrefix(node.pointer);
    this.compiler.finding(at(node, 'type'), { code: 'UNBOUNDED', message: `${prefix}${message}`, remedy });
  }

  /** Mode for schemas of values within. */
  public get childMode(): Mode {
    return this.closes ? 'closed' : this.group.mode;
  }

  /** Mode for schemas of the same value that leave closing it to this scope. */
  public get branchMode(): Mode {
    return this.closes ? 'inner' : this.group.mode;
  }

  public get closes(): boolean {
    return this.group.mode === 'closed' || this.group.mode === 'inner';
  }

  /** Schemas that may apply to the same value beside this scope's own nodes. */
  public get others(): readonly ObjectNode[] {
    const own = new Set(this.nodes.map(keyOf));
    return this.context([]).filter((node) => !own.has(keyOf(node)));
  }

  /** All that may apply to the same value, without what applies only through `excluded`. */
  public context(excluded: readonly SchemaNode[]): ObjectNode[] {
    const without = new Set(excluded.map(keyOf));
    const conditional = this.nodes
      .flatMap(conditionalSchemas)
      .filter((schema) => !without.has(keyOf(schema)));
    const found = [...this.nodes, ...this.group.extra, ...reach(this.compiler.shapes, conditional)];
    return uniqueNodes(found.filter(bears)).filter(isObjectNode);
  }
}

/** All that may apply to the value that `schemas` apply to, cases of `anyOf` and the like included. */
export function reach(shapes: Shapes, schemas: readonly SchemaNode[]): ObjectNode[] {
  const found = new Map<string, ObjectNode>();
  const open = [...schemas].reverse();
  for (let schema = open.pop(); schema; schema = open.pop()) {
    for (const node of shapes.of([schema]).nodes) {
      if (found.has(keyOf(node))) continue;
      found.set(keyOf(node), node);
      open.push(...conditionalSchemas(node));
    }
  }
  return [...found.values()];
}

const BEARING = [
  'properties',
  'patternProperties',
  'additionalProperties',
  'unevaluatedProperties',
  'required',
  'dependentRequired',
  'dependencies',
  'dependentSchemas',
  'discriminator',
  'items',
  'prefixItems',
  'additionalItems',
];

/** Whether a schema says anything of values within. */
const bears = ({ value }: ObjectNode): boolean => BEARING.some((keyword) => value[keyword] !== undefined);
