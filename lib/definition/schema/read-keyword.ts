import { at, isRecord, type ObjectNode } from './schema-node';
import type { Scope } from './scope';

/** The number under `keyword`; anything else there is a problem. */
export function numberAt(scope: Scope, node: ObjectNode, keyword: string): number | undefined {
  return read(
    scope,
    node,
    keyword,
    'a number',
    (value) => typeof value === 'number' && Number.isFinite(value),
  );
}

/** The count under `keyword`: a whole number, not negative. */
export function countAt(scope: Scope, node: ObjectNode, keyword: string): number | undefined {
  return read(
    scope,
    node,
    keyword,
    'a whole number',
    (value) => Number.isInteger(value) && Number(value) >= 0,
  );
}

export function stringAt(scope: Scope, node: ObjectNode, keyword: string): string | undefined {
  return read(scope, node, keyword, 'a string', (value) => typeof value === 'string');
}

export function stringsAt(scope: Scope, node: ObjectNode, keyword: string): readonly string[] {
  const isStrings = (value: unknown) =>
    Array.isArray(value) && value.every((each) => typeof each === 'string');
  return read<string[]>(scope, node, keyword, 'a list of strings', isStrings) ?? [];
}

export function valuesAt(scope: Scope, node: ObjectNode, keyword: string): readonly unknown[] | undefined {
  return read(scope, node, keyword, 'a list', (value) => Array.isArray(value));
}

const isSchema = (value: unknown): boolean => isRecord(value) || typeof value === 'boolean';

const SCHEMA_KEYWORDS = ['not', 'if', 'then', 'else', 'contains', 'propertyNames', 'additionalProperties'];
const SCHEMA_LISTS = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
const SCHEMA_MAPS = ['properties', 'patternProperties', 'dependentSchemas'];

/** Reports what stands where a schema must and is none. */
export function requireSchemas(scope: Scope, node: ObjectNode): void {
  for (const keyword of SCHEMA_KEYWORDS) read(scope, node, keyword, 'a schema', isSchema);
  for (const keyword of SCHEMA_LISTS) {
    read(scope, node, keyword, 'a list of schemas', (value) => Array.isArray(value) && value.every(isSchema));
  }
  for (const keyword of SCHEMA_MAPS) {
    read(
      scope,
      node,
      keyword,
      'schemas by name',
      (value) => isRecord(value) && Object.values(value).every(isSchema),
    );
  }
  read(
    scope,
    node,
    'items',
    'a schema',
    (value) => isSchema(value) || (Array.isArray(value) && value.every(isSchema)),
  );
  read(scope, node, '$ref', 'a string', (value) => typeof value === 'string');
}

function read<T>(
  scope: Scope,
  node: ObjectNode,
  keyword: string,
  expected: string,
  accepts: (value: unknown) => boolean,
): T | undefined {
  const value = Object.hasOwn(node.value, keyword) ? node.value[keyword] : undefined;
  if (value === undefined) return undefined;
  if (accepts(value)) return value as T;

  scope.weaken();
  const got = JSON.stringify(value)?.slice(0, 80);
  scope.compiler.problem(
    at(node, keyword),
    `'${keyword}' must be ${expected}, got ${got}`,
    `write ${expected}`,
  );
  return undefined;
}
