import { regExpOf } from './pattern';
import { at, entriesAt, isRecord, type ObjectNode, type SchemaNode, schemaAt } from './schema-node';
import { reach, type Scope } from './scope';
import { conditionalSchemas, dependentSchemas } from './shape';

/** What one schema says of the properties of an object. */
export interface Members {
  readonly node: ObjectNode;

  /** Schemas by name; undefined for a name that is known here but described elsewhere. */
  readonly named: ReadonlyMap<string, SchemaNode | undefined>;

  readonly patterns: readonly {
    readonly pattern: RegExp;
    readonly source: string;
    readonly schema: SchemaNode;
  }[];

  /** Of properties that are neither named nor match a pattern. */
  readonly additional?: SchemaNode;
}

export function membersOf(node: ObjectNode): Members {
  const additional = schemaAt(node, 'additionalProperties');
  return {
    node,
    named: new Map(entriesAt(node, 'properties')),
    patterns: entriesAt(node, 'patternProperties').flatMap(([source, schema]) => {
      const pattern = regExpOf(source);
      return pattern ? [{ pattern, source, schema }] : [];
    }),
    ...(additional && { additional }),
  };
}

/** The schemas that these members have for a property. */
export function schemasOf(name: string, members: readonly Members[]): SchemaNode[] {
  return members.flatMap(({ named, patterns, additional }) => {
    const own = named.get(name);
    const matching = patterns.filter(({ pattern }) => pattern.test(name)).map(({ schema }) => schema);
    const found = [...(own ? [own] : []), ...matching];
    return found.length === 0 && !named.has(name) && additional ? [additional] : found;
  });
}

/** Names that a schema speaks of in any way, so that they are not unexpected. */
export function namesIn(node: ObjectNode): string[] {
  const { required, discriminator } = node.value;
  const property = isRecord(discriminator) ? discriminator['propertyName'] : undefined;
  return [
    ...entriesAt(node, 'properties').map(([name]) => name),
    ...strings(required),
    ...dependentNames(node).flatMap(([name, names]) => [name, ...names]),
    ...dependentSchemas(node).map(([name]) => name),
    ...strings([property]),
  ];
}

/** Names that must be there where another is, `dependencies` of older drafts included. */
export function dependentNames(node: ObjectNode): [string, string[]][] {
  return ['dependentRequired', 'dependencies'].flatMap((keyword) => {
    const { value } = at(node, keyword);
    if (!isRecord(value)) return [];
    return Object.entries(value)
      .filter(([, names]) => Array.isArray(names))
      .map(([name, names]): [string, string[]] => [name, strings(names)]);
  });
}

const strings = (values: unknown): string[] =>
  Array.isArray(values) ? values.filter((value) => typeof value === 'string') : [];

/**
 * `unevaluatedProperties` as members of their own: what is left over by all that stands in the same schema. Where that depends
 * on which case of an `anyOf` applies, a property of any case is taken as evaluated, which lets more through.
 */
export function unevaluatedMembers(scope: Scope, node: ObjectNode): Members | undefined {
  const additional = schemaAt(node, 'unevaluatedProperties');
  if (!additional || additional.value === true) return undefined;

  const { shapes } = scope.compiler;
  const { nodes, losses } = shapes.of([node]);
  const cases = reach(shapes, nodes.flatMap(conditionalSchemas));
  if (cases.length > 0 || losses.length > 0) {
    scope.lose(
      node,
      'unevaluatedProperties',
      "a field that one case of 'oneOf', 'anyOf' or 'if' names is let through in the other cases, too",
    );
  }
  const evaluating = [...nodes, ...cases];
  if (losses.length > 0 || evaluating.some((other) => evaluatesAll(other, node))) return undefined;

  const members = evaluating.map(membersOf);
  return {
    node,
    named: new Map(members.flatMap(({ named }) => [...named.keys()]).map((name) => [name, undefined])),
    patterns: members
      .flatMap(({ patterns }) => patterns)
      .map((each) => ({ ...each, schema: { ...each.schema, value: true } })),
    additional,
  };
}

function evaluatesAll(other: ObjectNode, node: ObjectNode): boolean {
  if (other.value['additionalProperties'] !== undefined) return true;
  return other.value['unevaluatedProperties'] !== undefined && other.pointer !== node.pointer;
}
