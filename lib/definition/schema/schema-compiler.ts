import { chooseOne } from './choose-one';
import { combineSchemas } from './combine-schemas';
import { compileArray } from './compile-arrays';
import { compileNumber } from './compile-numbers';
import { compileObject, compilePropertyNames } from './compile-objects';
import { compileString } from './compile-strings';
import { compileValues } from './compile-values';
import { ANYTHING, type Draft4, NOTHING } from './draft4';
import { reportIgnored, reportSilenced, reportUndescribed } from './ignored-keywords';
import { isWorthNaming, type ModelStore, nameIn } from './model-store';
import { requireSchemas } from './read-keyword';
import { at, keyOf, type SchemaNode, uniqueNodes } from './schema-node';
import { type Compiled, type Compiler, type FindingText, type Group, Scope } from './scope';
import type { Shapes } from './shape';

/** Where what is found while compiling goes. */
export interface Listener {
  finding(node: SchemaNode, finding: FindingText): void;
  problem(node: SchemaNode, message: string, remedy: string): void;
}

interface Entry {
  /** Its name, once someone refers to it before it is finished. */
  name?: string;
  result?: Compiled;
}

/** No document means to nest as deep as this, or to combine its schemas in as many ways. */
const DEEPEST = 200;
const MOST = 20_000;

/** Compiles groups of schemas, each once; a group that contains itself becomes a named model. */
export class SchemaCompiler implements Compiler {
  readonly #entries = new Map<string, Entry>();
  readonly #inexact = new Set<string>();
  #assumed = new Set<string>();
  #sameValue: readonly string[] = [];
  #depth = 0;
  #count = 0;
  #findings: [SchemaNode, FindingText][] = [];
  #run: string[] = [];

  constructor(
    public readonly shapes: Shapes,
    public readonly dialect: '3.0' | '3.1',
    public readonly emitUnproven: boolean,
    private readonly store: ModelStore,
    private readonly listener: Listener,
  ) {}

  /**
   * Compiles a whole schema.
   *
   * A recursive schema is first taken to be held exactly; where that proves wrong, all is compiled again in that knowledge.
   */
  public compile(group: Group): Draft4 {
    this.#count = 0;
    for (;;) {
      this.#findings = [];
      this.#run = [];
      this.#assumed = new Set();
      const { schema } = this.within(group);
      const wrong = [...this.#assumed].filter((key) => this.#entries.get(key)?.result?.exact === false);
      if (wrong.length === 0) {
        for (const [node, finding] of this.#findings) this.listener.finding(node, finding);
        return schema;
      }
      for (const key of wrong) this.#inexact.add(key);
      this.forgetRun();
    }
  }

  public within(group: Group): Compiled {
    const outer = this.#sameValue;
    this.#sameValue = [];
    try {
      return this.here(group);
    } finally {
      this.#sameValue = outer;
    }
  }

  public here({ own, extra, mode }: Group): Compiled {
    for (const node of own) reportSilenced(this, this.shapes.silencedBy(node));
    const group = { own: uniqueNodes(own.map((node) => this.shapes.target(node))), extra, mode };
    const key = keyOfGroup(group);
    const place = `${group.mode}:${group.own.map(keyOf).join('|')}`;
    if (this.#sameValue.includes(place))
      return this.giveUp(group, 'a schema that applies to the same value as itself');

    const entry = this.#entries.get(key);
    if (entry?.result) return entry.result;
    if (entry) return this.referTo(key, entry, group);

    if (this.#depth >= DEEPEST) return this.giveUp(group, `schemas nested more than ${DEEPEST} deep`);
    if (++this.#count > MOST) return this.giveUp(group, `schemas combined in more than ${MOST} ways`);
    return this.define(key, place, group);
  }

  public resolved(schema: Draft4): Draft4 {
    return this.store.resolved(schema);
  }

  public nullSchema(): Draft4 {
    const types = ['boolean', 'object', 'array', 'string', 'number'].map((type) => ({ type }));
    return this.store.put({ not: { anyOf: types } }, 'Null');
  }

  public finding(node: SchemaNode, finding: FindingText): void {
    this.#findings.push([node, finding]);
  }

  public problem(node: SchemaNode, message: string, remedy: string): void {
    this.listener.problem(node, message, remedy);
  }

  private define(key: string, place: string, group: Group): Compiled {
    const entry: Entry = {};
    this.#entries.set(key, entry);
    this.#run.push(key);

    const outer = this.#sameValue;
    this.#sameValue = [...outer, place];
    this.#depth++;
    const { schema, exact } = this.translate(group);
    this.#depth--;
    this.#sameValue = outer;

    entry.result = { schema: this.named(entry, schema, group), exact };
    return entry.result;
  }

  private named(entry: Entry, schema: Draft4, group: Group): Draft4 {
    if (entry.name !== undefined) return this.store.define(entry.name, schema);
    return isWorthNaming(schema) ? this.store.put(schema, hintOf(group)) : schema;
  }

  private translate(group: Group): Compiled {
    const shape = this.shapes.of(group.own);
    const scope = new Scope(this, group, shape);
    for (const { at: node, keyword, message } of shape.losses) scope.loseAt(node, keyword, message);
    reportSilenced(this, shape.silenced);
    if (shape.never) return { schema: NOTHING, exact: true };

    for (const node of shape.nodes) {
      requireSchemas(scope, node);
      reportIgnored(scope, node);
    }
    reportUndescribed(scope);
    const kinds = compileValues(scope);
    compileNumber(scope, kinds);
    compileString(scope, kinds);
    compileArray(scope, kinds);
    compileObject(scope, kinds);
    if (kinds.has('object')) compilePropertyNames(scope);
    combineSchemas(scope);
    chooseOne(scope);
    return scope.result;
  }

  /** Refers to a group that is not finished, which therefore must have a name. */
  private referTo(key: string, entry: Entry, group: Group): Compiled {
    entry.name ??= this.store.reserve(hintOf(group));
    const exact = !this.#inexact.has(key);
    if (exact && group.mode === 'pure') this.#assumed.add(key);
    return { schema: { $ref: `#/components/schemas/${entry.name}` }, exact };
  }

  private giveUp(group: Group, what: string): Compiled {
    const [node] = group.own;
    if (node) {
      const message = `${what} cannot be checked`;
      this.finding(node, { code: 'NOT_ENFORCED', message, remedy: 'write the schema without it' });
    }
    return { schema: ANYTHING, exact: false };
  }

  private forgetRun(): void {
    for (const key of this.#run) {
      const name = this.#entries.get(key)?.name;
      if (name !== undefined) this.store.release(name);
      this.#entries.delete(key);
    }
  }
}

const keyOfGroup = ({ own, extra, mode }: Group): string =>
  `${mode}:${own.map(keyOf).sort().join('|')}>${extra.map(keyOf).sort().join('|')}`;

/** A name for the model of a group: that of the component it is, or of the property it stands in. */
function hintOf({ own: [node] }: Group): string {
  if (!node) return 'Model';
  const target = at(node, '$ref').value;
  const path = typeof target === 'string' ? target : node.pointer;
  const words = path.split('/').filter((word) => /^[A-Za-z]/.test(word) && !STRUCTURE.has(word));
  const name = words.at(-1)?.replaceAll(/~[01]/g, '') ?? 'Model';
  return name.charAt(0).toUpperCase() + name.slice(1);
}

const STRUCTURE = new Set([
  'schema',
  'schemas',
  'properties',
  'items',
  'allOf',
  'anyOf',
  'oneOf',
  'additionalProperties',
  'content',
  'requestBody',
  'application~1json',
]);

export { nameIn };
