import { at, type ObjectNode, type SchemaNode } from './schema-node';
import type { Compiler, Scope } from './scope';

const ANNOTATIONS = new Set(
  'title description default example examples deprecated externalDocs xml nullable readOnly writeOnly'.split(
    ' ',
  ),
);

/** Keywords that the compiler sees to, or that say nothing of which values are valid. */
const KNOWN = new Set(
  (
    'type enum const nullable minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern format ' +
    'items prefixItems additionalItems minItems maxItems uniqueItems contains minContains maxContains unevaluatedItems ' +
    'properties patternProperties additionalProperties unevaluatedProperties propertyNames required minProperties ' +
    'maxProperties dependencies dependentRequired dependentSchemas allOf anyOf oneOf not if then else discriminator ' +
    'readOnly writeOnly title description default example examples deprecated externalDocs xml contentEncoding ' +
    'contentMediaType contentSchema alternatives definitions id'
  ).split(' '),
);

/** Reports keywords that mean nothing to JSON Schema: a misspelled one would leave a gap that nobody sees. */
export function reportIgnored(scope: Scope, node: ObjectNode): void {
  for (const keyword of Object.keys(node.value)) {
    if (KNOWN.has(keyword) || keyword.startsWith('x-') || keyword.startsWith('$')) continue;
    scope.compiler.finding(at(node, keyword), {
      code: 'IGNORED_KEYWORD',
      message: `'${keyword.slice(0, 80)}' is no keyword of a schema and has no effect`,
      remedy: "mend its spelling, or begin it with 'x-'",
    });
  }
}

/** Reports keywords that 3.0 ignores because a `$ref` stands beside them. */
export function reportSilenced(compiler: Compiler, keywords: readonly SchemaNode[]): void {
  for (const keyword of keywords) {
    compiler.finding(keyword, {
      code: 'IGNORED_KEYWORD',
      message: "has no effect in OpenAPI 3.0, because '$ref' stands beside it",
      remedy: "put the reference into 'allOf'",
    });
  }
}

/** Reports a schema that describes nothing: any value, of any size, is one of it. */
export function reportUndescribed({ compiler, group, nodes, shape }: Scope): void {
  const [node] = group.own;
  if (
    !node ||
    group.mode === 'pure' ||
    shape.never ||
    shape.losses.length > 0 ||
    typeof node.value === 'boolean'
  )
    return;

  const says = (keyword: string): boolean => !ANNOTATIONS.has(keyword) && !keyword.startsWith('x-');
  if (nodes.some(({ value }) => Object.keys(value).some(says))) return;
  compiler.finding(node, {
    code: 'UNBOUNDED',
    message: 'a value of any kind and size',
    remedy: "add 'type'",
  });
}
