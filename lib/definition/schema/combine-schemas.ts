import { closingCases } from './close-objects';
import { without } from './compile-objects';
import { any, type Draft4, isAnything, negation } from './draft4';
import { elementsAt, type ObjectNode, type SchemaNode, schemaAt } from './schema-node';
import type { Compiled, Scope } from './scope';
import { dependentSchemas } from './shape';

/** Compiles `anyOf`, `not`, `if` and schemas that depend on a property. */
export function combineSchemas(scope: Scope): void {
  const closing = closingCases(scope);
  for (const node of scope.nodes) {
    if (node.alternatives) combineAny(scope, node.alternatives, true);
    const closes = closing.some((cases) => cases.node === node && cases.keyword === 'anyOf');
    const cases = elementsAt(node, 'anyOf');
    if (cases.length > 0) combineAny(scope, cases, closes);
    negate(scope, node);
    branch(scope, node);
    for (const [name, schema] of dependentSchemas(node)) depend(scope, name, schema);
  }
}

function combineAny(scope: Scope, cases: readonly SchemaNode[], closes: boolean): void {
  const mode = closes ? scope.group.mode : scope.branchMode;
  const compiled = cases.map((schema) =>
    scope.compiler.here({ own: [schema], extra: scope.context([schema]), mode }),
  );
  scope.take(anyOf(compiled));
}

export function anyOf(compiled: readonly Compiled[]): Compiled {
  const schema = any(compiled.map((each) => each.schema));
  const everything = compiled.some((each) => each.exact && isAnything(each.schema));
  return { schema, exact: everything || compiled.every(({ exact }) => exact) };
}

/** What is less than a schema cannot be said by a schema that accepts more. */
function negate(scope: Scope, node: ObjectNode): void {
  const not = schemaAt(node, 'not');
  if (!not) return;

  const { schema, exact } = scope.compiler.here({ own: [not], extra: [], mode: 'pure' });
  if (exact) scope.add(negation(schema));
  else scope.lose(node, 'not', "'not' is not checked, because the schema under it cannot be held exactly");
}

/** `if` by what it means: it does not hold or `then` does, and it holds or `else` does. */
function branch(scope: Scope, node: ObjectNode): void {
  const condition = schemaAt(node, 'if');
  const then = schemaAt(node, 'then');
  const otherwise = schemaAt(node, 'else');
  if (!condition || !(then || otherwise)) return;

  const held = scope.compiler.here({ own: [condition], extra: [], mode: 'pure' });
  const compile = (schema: SchemaNode): Compiled =>
    scope.compiler.here({ own: [schema], extra: scope.context([schema]), mode: scope.branchMode });

  if (otherwise) scope.take(anyOf([held, compile(otherwise)]));
  if (!then) return;
  if (held.exact) scope.take(anyOf([{ schema: negation(held.schema), exact: true }, compile(then)]));
  else scope.lose(node, 'if', "'then' is not checked, because the schema of 'if' cannot be held exactly");
}

function depend(scope: Scope, name: string, schema: SchemaNode): void {
  const absent: Draft4 = without(name);
  const extra = scope.context([schema]);
  const present = scope.compiler.here({ own: [schema], extra, mode: scope.branchMode });
  scope.take(anyOf([{ schema: absent, exact: true }, present]));
}
