import { FindingSeverity } from '../report';
import {
  at,
  elementsAt,
  entriesAt,
  FORMATS,
  fieldPrefix,
  keyOf,
  type ObjectNode,
  portablePattern,
  type SchemaNode,
  schemaAt,
} from '../schema';
import type { DeclaredParameter } from './collect-parameters';
import type { ParameterContext } from './context';

interface Limit {
  readonly types: readonly string[];
  /** Whether a schema limits values of these types. */
  readonly holds: (schemas: readonly ObjectNode[]) => boolean;
  readonly message: string;
  readonly remedy: string;
}

const LIMITS: readonly Limit[] = [
  {
    types: ['string'],
    holds: (schemas) => schemas.some(limitsText),
    message: 'a string of any length',
    remedy: "add 'maxLength'",
  },
  {
    types: ['number', 'integer'],
    holds: (schemas) => schemas.some(limitsBelow) && schemas.some(limitsAbove),
    message: 'a number without a lower and an upper bound',
    remedy: "add 'minimum' and 'maximum', or a format such as int32",
  },
  {
    types: ['array'],
    holds: (schemas) =>
      schemas.some(({ value }) => typeof value['maxItems'] === 'number' || value['items'] === false),
    message: 'an array of any length',
    remedy: "add 'maxItems'",
  },
];

const SIZED_NUMBERS: readonly unknown[] = ['int32', 'int64'];

/**
 * Reports strings, arrays and numbers without bounds in a parameter's schema, at the keyword that names the type.
 *
 * A place several parameters lead to is reported once.
 */
export function findUnbounded({ node, name, in: place }: DeclaredParameter, context: ParameterContext): void {
  const { source, report, shapes } = context;
  const visited = new Set<string>();
  const content = source.child(node, 'content');
  for (const schema of [at(node, 'schema'), ...schemasOf(content)]) {
    if (schema.value !== undefined) visit(schema, []);
  }

  function visit(schema: SchemaNode, around: readonly ObjectNode[]): void {
    const key = [schema, ...around].map(keyOf).join('|');
    if (visited.has(key)) return;
    visited.add(key);

    const { nodes, never } = shapes.of([schema]);
    // each once: alternatives may lead back to where they stand
    const all = [...new Map([...nodes, ...around].map((node) => [keyOf(node), node])).values()];
    // values listed one by one have a known size
    if (never || all.some(isEnumerated)) return;
    for (const limit of LIMITS) {
      const typed = limit.holds(all) ? undefined : nodes.find((each) => isOf(each, limit.types));
      if (typed) found(typed, limit);
    }
    for (const each of nodes) {
      if (!holdsSchemas(each)) continue;
      for (const alternative of alternativesOf(each)) visit(alternative, all);
      for (const part of partsOf(each)) visit(part, []);
    }
  }

  function found(schema: SchemaNode, { message, remedy }: Limit): void {
    const subject = isWithin(schema, node) ? `${place} parameter '${name}': ` : '';
    report.finding(at(schema, 'type'), {
      code: 'UNBOUNDED',
      severity: FindingSeverity.WARNING,
      ...(isWithin(schema, context.place) ? { operation: context.operation } : {}),
      message: `${subject}${fieldPrefix(schema.pointer)}${message}`,
      remedy,
    });
  }
}

function schemasOf(content: SchemaNode): SchemaNode[] {
  const { value } = content;
  return typeof value === 'object' && value !== null
    ? Object.keys(value).map((mediaType) => at(content, mediaType, 'schema'))
    : [];
}

const HOLDERS = new Set([
  ...['anyOf', 'oneOf', 'then', 'else'],
  ...['items', 'additionalProperties', 'prefixItems', 'properties'],
]);

function holdsSchemas({ value, alternatives }: ObjectNode): boolean {
  return alternatives !== undefined || Object.keys(value).some((keyword) => HOLDERS.has(keyword));
}

/** Schemas of the same value that apply in some cases. */
function alternativesOf(node: ObjectNode): SchemaNode[] {
  const branches = [schemaAt(node, 'then'), schemaAt(node, 'else')];
  return [
    ...(node.alternatives ?? []),
    ...elementsAt(node, 'anyOf'),
    ...elementsAt(node, 'oneOf'),
    ...branches.filter((branch) => branch !== undefined),
  ];
}

/** Schemas of values within. */
function partsOf(node: ObjectNode): SchemaNode[] {
  const parts = [schemaAt(node, 'items'), schemaAt(node, 'additionalProperties')];
  return [
    ...parts.filter((part) => part !== undefined),
    ...elementsAt(node, 'prefixItems'),
    ...entriesAt(node, 'properties').map(([, property]) => property),
  ];
}

function limitsText({ value: { maxLength, pattern, format } }: ObjectNode): boolean {
  if (typeof maxLength === 'number') return true;
  if (typeof format === 'string' && Object.hasOwn(FORMATS, format) && FORMATS[format]?.bounded) return true;
  return typeof pattern === 'string' && (portablePattern(pattern)?.bounded ?? false);
}

function limitsBelow({ value: { minimum, exclusiveMinimum, format } }: ObjectNode): boolean {
  return [minimum, exclusiveMinimum].some(isNumber) || SIZED_NUMBERS.includes(format);
}

function limitsAbove({ value: { maximum, exclusiveMaximum, format } }: ObjectNode): boolean {
  return [maximum, exclusiveMaximum].some(isNumber) || SIZED_NUMBERS.includes(format);
}

function isEnumerated({ value }: ObjectNode): boolean {
  return Array.isArray(value['enum']) || Object.hasOwn(value, 'const');
}

function isOf({ value }: ObjectNode, types: readonly string[]): boolean {
  return [value['type']].flat().some((type) => types.includes(String(type)));
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}

function isWithin(inner: SchemaNode, outer: SchemaNode): boolean {
  return inner.file === outer.file && inner.pointer.startsWith(`${outer.pointer}/`);
}
