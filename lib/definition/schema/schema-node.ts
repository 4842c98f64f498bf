import type { Sourced } from '../source';

/** A schema of the document: an object, `true`, `false`, or whatever else stands in its place. */
export interface SchemaNode extends Sourced {
  /** Tells a schema derived from the one in the document apart from it. */
  readonly derived?: string;

  /** One of these must hold as well: how a schema is derived that says two things at once. */
  readonly alternatives?: readonly SchemaNode[];
}

/** A schema that is an object. */
export interface ObjectNode extends SchemaNode {
  readonly value: Readonly<Record<string, unknown>>;
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isObjectNode = (node: SchemaNode): node is ObjectNode => isRecord(node.value);

/** Same key, same schema. */
export const keyOf = ({ file, pointer, derived = '' }: SchemaNode): string => `${file}#${pointer}${derived}`;

/** What stands under `key`; its value is undefined where there is nothing. */
export function at(node: SchemaNode, ...keys: readonly (string | number)[]): SchemaNode {
  let { value } = node;
  let { pointer } = node;
  for (const key of keys) {
    value = memberOf(value, key);
    pointer += `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
  }
  return { value, file: node.file, pointer };
}

/** The members of the object under `key`, by name; none if there is no object. */
export function entriesAt(node: SchemaNode, key: string): [string, SchemaNode][] {
  if (!has(node, key)) return [];
  const members = at(node, key);
  return isRecord(members.value) ? Object.keys(members.value).map((name) => [name, at(members, name)]) : [];
}

/** The elements of the array under `key`; none if there is no array. */
export function elementsAt(node: SchemaNode, key: string): SchemaNode[] {
  if (!has(node, key)) return [];
  const elements = at(node, key);
  return Array.isArray(elements.value) ? elements.value.map((_, index) => at(elements, index)) : [];
}

/** The schema under `key`, if there is one. */
export function schemaAt(node: SchemaNode, key: string): SchemaNode | undefined {
  if (!has(node, key)) return undefined;
  const schema = at(node, key);
  return isRecord(schema.value) || typeof schema.value === 'boolean' ? schema : undefined;
}

/** Cheaper than to look: of all keywords a schema has few. */
const has = (node: SchemaNode, key: string): boolean =>
  isRecord(node.value) && Object.hasOwn(node.value, key);

export function uniqueNodes(nodes: readonly SchemaNode[]): SchemaNode[] {
  return [...new Map(nodes.map((node) => [keyOf(node), node])).values()];
}

function memberOf(value: unknown, key: string | number): unknown {
  if (Array.isArray(value)) return value[Number(key)];
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
