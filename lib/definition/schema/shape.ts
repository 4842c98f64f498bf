import type { References } from './references';
import {
  at,
  elementsAt,
  entriesAt,
  isObjectNode,
  keyOf,
  type ObjectNode,
  type SchemaNode,
  schemaAt,
} from './schema-node';
import { KINDS, type Kind, kindsOf } from './types';

/** Schemas that all apply to the same value, `allOf` and `$ref` resolved. */
export interface Shape {
  readonly nodes: readonly ObjectNode[];

  /** One of them is `false`. */
  readonly never: boolean;

  /** What could not be taken in, by the node that said it. */
  readonly losses: readonly Loss[];

  /** Keywords beside a `$ref` of 3.0, which have no effect. */
  readonly silenced: readonly SchemaNode[];

  /** Kinds of value that the `type`s admit. */
  readonly kinds: ReadonlySet<Kind>;

  /** `readOnly: true` somewhere, so that a request must not have it. */
  readonly readOnly: boolean;

  /** A base schema with a `discriminator`: values are of schemas derived from it, which it does not name. */
  readonly polymorphic: boolean;
}

export interface Loss {
  readonly at: SchemaNode;
  readonly keyword: string;
  readonly message: string;
}

const ANNOTATIONS = new Set([
  'title',
  'summary',
  'description',
  '$comment',
  'example',
  'examples',
  'deprecated',
]);

/** Keywords by which a schema is not all of its shape, or not by its own words. */
const COMBINING = new Set([
  '$ref',
  '$dynamicRef',
  '$recursiveRef',
  '$schema',
  'allOf',
  'discriminator',
  'nullable',
]);

/** Resolves `allOf` and `$ref`, and remembers what it has resolved. */
export class Shapes {
  readonly #known = new Map<string, Shape>();

  constructor(
    private readonly references: References,
    private readonly dialect: '3.0' | '3.1',
  ) {}

  public of(schemas: readonly SchemaNode[]): Shape {
    const key = schemas.map(keyOf).join('|');
    const known = this.#known.get(key);
    if (known) return known;

    const shape = this.single(schemas) ?? this.gather(schemas);
    this.#known.set(key, shape);
    return shape;
  }

  /** The schema that `schema` is another name of, or itself. */
  public target(schema: SchemaNode): SchemaNode {
    const seen = new Set<string>();
    let node = schema;
    while (isObjectNode(node) && !seen.has(keyOf(node))) {
      seen.add(keyOf(node));
      const { $ref, ...siblings } = node.value;
      const alone =
        this.dialect === '3.0' || Object.keys(siblings).every((keyword) => ANNOTATIONS.has(keyword));
      const target = typeof $ref === 'string' && alone ? this.references.resolve($ref, node) : undefined;
      if (!target) return node;
      node = target;
    }
    return schema;
  }

  /** Keywords that have no effect because they stand beside a `$ref` of 3.0. */
  public silencedBy(schema: SchemaNode): SchemaNode[] {
    if (this.dialect === '3.1' || !isObjectNode(schema) || typeof schema.value['$ref'] !== 'string')
      return [];
    return Object.keys(schema.value)
      .filter((keyword) => keyword !== '$ref' && !ANNOTATIONS.has(keyword) && !keyword.startsWith('x-'))
      .map((keyword) => at(schema, keyword));
  }

  /** Whether two references, or a reference and a schema, lead to the same. */
  public refersTo(reference: string, from: SchemaNode, schema: SchemaNode): boolean {
    const target = this.references.resolve(reference, from);
    return target !== undefined && keyOf(this.target(target)) === keyOf(this.target(schema));
  }

  /** What `gather` answers for one schema that none is combined with: most are. */
  private single([schema, ...others]: readonly SchemaNode[]): Shape | undefined {
    if (!schema || others.length > 0 || !isObjectNode(schema)) return undefined;
    const keywords = Object.keys(schema.value);
    if (keywords.some((keyword) => COMBINING.has(keyword))) return undefined;

    return {
      nodes: keywords.length > 0 ? [schema] : [],
      never: false,
      losses: [],
      silenced: [],
      kinds: intersectKinds([schema], this.dialect),
      readOnly: schema.value['readOnly'] === true,
      polymorphic: false,
    };
  }

  private gather(schemas: readonly SchemaNode[]): Shape {
    const nodes = new Map<string, ObjectNode>();
    const losses: Loss[] = [];
    const silenced: SchemaNode[] = [];
    const inAllOf = new Set<string>();
    let never = false;

    // a stack, because references chain and `allOf` nests as deep as a document likes
    const open: { schema: SchemaNode; part: boolean }[] = schemas
      .map((schema) => ({ schema, part: false }))
      .reverse();
    for (let next = open.pop(); next; next = open.pop()) {
      const { part } = next;
      const schema = this.admitNull(next.schema, losses);
      if (schema.value === false) never = true;
      if (!isObjectNode(schema) || nodes.has(keyOf(schema))) continue;

      const followed = this.follow(schema, losses);
      if (followed.silenced || isForeign(schema, losses)) {
        nodes.set(keyOf(schema), { ...schema, value: {} });
        silenced.push(...this.silencedBy(schema));
      } else {
        nodes.set(keyOf(schema), schema);
        if (part) inAllOf.add(keyOf(schema));
        const parts = elementsAt(schema, 'allOf').map((element) => ({ schema: element, part: true }));
        open.push(...parts.reverse());
      }
      if (followed.target) open.push({ schema: followed.target, part });
    }

    const found = [...nodes.values()];
    return {
      nodes: found.filter(({ value }) => Object.keys(value).length > 0),
      never,
      losses,
      silenced,
      kinds: intersectKinds(found, this.dialect),
      readOnly: found.some(({ value }) => value['readOnly'] === true),
      polymorphic: found.some(
        (node) => node.value['discriminator'] !== undefined && !inAllOf.has(keyOf(node)) && !chooses(node),
      ),
    };
  }

  /**
   * `nullable` beside an `enum` without `null`, or beside `allOf`, says nothing in 3.0.3, and nowhere anything in 3.1. But whoever
   * writes it means that `null` is welcome; so it is let through, and reported.
   */
  private admitNull(schema: SchemaNode, losses: Loss[]): SchemaNode {
    if (!isObjectNode(schema)) return schema;
    const { nullable, ...rest } = schema.value;
    if (nullable !== true) return schema;

    const lose = (message: string) =>
      losses.push({ at: at(schema, 'nullable'), keyword: 'nullable', message });
    if (this.dialect === '3.1') {
      lose("'nullable' has no meaning in 3.1, but 'null' is let through as it says");
    } else {
      if (typeof rest['$ref'] === 'string' || !refusesNull(rest)) return schema;
      lose("'null' is let through, though the schemas beside 'nullable' refuse it");
    }
    const { file, pointer } = schema;
    const alternatives = [
      { value: { type: 'null' }, file, pointer, derived: '?null' },
      { value: rest, file, pointer, derived: '?rest' },
    ];
    return { value: { alternatives: true }, file, pointer, derived: '?nullable', alternatives };
  }

  /** What `schema` refers to, and whether that silences all else it says, as in 3.0. */
  private follow(schema: ObjectNode, losses: Loss[]): { target?: SchemaNode; silenced: boolean } {
    const lose = (keyword: string, message: string): void => {
      losses.push({ at: at(schema, keyword), keyword, message });
    };
    for (const keyword of ['$dynamicRef', '$recursiveRef']) {
      if (schema.value[keyword] !== undefined)
        lose(keyword, `what '${keyword}' names depends on the path to it`);
    }

    const reference = schema.value['$ref'];
    if (typeof reference !== 'string') return { silenced: false };

    const target = this.references.resolve(reference, schema);
    if (!target) lose('$ref', `reference ${JSON.stringify(reference)} cannot be resolved`);
    return { ...(target && { target }), silenced: this.dialect === '3.0' };
  }
}

const DIALECTS = /^https?:\/\/(?:json-schema\.org\/draft|spec\.openapis\.org\/oas\/3)/;

/** A schema of a dialect of its own may mean anything by its keywords. */
function isForeign(schema: ObjectNode, losses: Loss[]): boolean {
  const { $schema } = schema.value;
  if (typeof $schema !== 'string' || DIALECTS.test($schema)) return false;
  losses.push({
    at: schema,
    keyword: '$schema',
    message: `schemas of dialect ${JSON.stringify($schema)} are not checked`,
  });
  return true;
}

function refusesNull({ enum: values, const: constant, ...rest }: Readonly<Record<string, unknown>>): boolean {
  if (Array.isArray(values) && !values.includes(null)) return true;
  if (constant !== undefined && constant !== null) return true;
  return ['allOf', 'anyOf', 'oneOf', 'not', 'if'].some((keyword) => rest[keyword] !== undefined);
}

const chooses = ({ value }: ObjectNode): boolean =>
  value['oneOf'] !== undefined || value['anyOf'] !== undefined;

function intersectKinds(nodes: readonly ObjectNode[], dialect: '3.0' | '3.1'): Set<Kind> {
  const kinds = new Set(KINDS);
  for (const { value } of nodes) {
    const admitted = value['type'] === undefined ? undefined : kindsOf(value['type']);
    if (!admitted) continue;
    const nullable = dialect === '3.0' && value['nullable'] === true;
    for (const kind of KINDS) {
      if (!admitted.includes(kind) && !(nullable && kind === 'null')) kinds.delete(kind);
    }
  }
  return kinds;
}

/** Schemas of `node` that apply to the same value, but only in some cases. */
export function conditionalSchemas(node: ObjectNode): SchemaNode[] {
  const single = ['if', 'then', 'else'].map((key) => schemaAt(node, key));
  return [
    ...(node.alternatives ?? []),
    ...elementsAt(node, 'anyOf'),
    ...elementsAt(node, 'oneOf'),
    ...single.filter((schema) => schema !== undefined),
    ...dependentSchemas(node).map(([, schema]) => schema),
  ];
}

/** Schemas that apply where a property is present, `dependencies` of older drafts included. */
export function dependentSchemas(node: ObjectNode): [string, SchemaNode][] {
  return ['dependentSchemas', 'dependencies'].flatMap((keyword) => {
    return entriesAt(node, keyword).filter(([, { value }]) => !Array.isArray(value));
  });
}
