import { isEnumerated } from './compile-values';
import { ANYTHING, any, type Draft4, isAnything, isNothing, NOTHING, negation } from './draft4';
import { countAt } from './read-keyword';
import { elementsAt, type ObjectNode, type SchemaNode, schemaAt } from './schema-node';
import { reach, type Scope } from './scope';
import { conditionalSchemas } from './shape';
import type { Kind } from './types';

/** What one schema says of the elements of an array. */
interface Elements {
  readonly node: ObjectNode;
  /** By position. */
  readonly first: readonly SchemaNode[];
  /** Of all others. */
  readonly rest?: SchemaNode;
}

/** Compiles what arrays hold and how much. */
export function compileArray(scope: Scope, kinds: ReadonlySet<Kind>): void {
  if (!kinds.has('array')) return;

  compileElements(scope);
  compileContains(scope);
  compileCounts(scope);
  for (const node of scope.nodes) {
    if (node.value['uniqueItems'] === true) scope.add({ uniqueItems: true });
    compileUnevaluated(scope, node);
  }
}

/** `prefixItems` and `items` of 2020-12, lists under `items` and `additionalItems` of older drafts. */
function elementsOf(scope: Scope, node: ObjectNode): Elements {
  const listed = elementsAt(node, 'items');
  const tuple = Array.isArray(node.value['items']);
  const others = schemaAt(node, tuple ? 'additionalItems' : 'items');
  const rest = others ?? (areLeftOver(scope, node) ? schemaAt(node, 'unevaluatedItems') : undefined);
  return { node, first: tuple ? listed : elementsAt(node, 'prefixItems'), ...(rest && { rest }) };
}

function compileElements(scope: Scope): void {
  const members = scope.nodes.map((node) => elementsOf(scope, node));
  const positions = Math.max(0, ...members.map(({ first }) => first.length));
  const elsewhere = scope.others
    .map((node) => elementsOf(scope, node))
    .flatMap(({ first, rest }) => [...first, ...(rest ? [rest] : [])]);

  const compile = (own: readonly SchemaNode[]): Draft4 => {
    if (own.length === 0) return ANYTHING;
    const extra = reach(scope.compiler.shapes, elsewhere);
    const compiled = scope.compiler.within({ own, extra, mode: scope.childMode });
    if (!compiled.exact) scope.weaken();
    return compiled.schema;
  };
  const rest = compile(members.flatMap((member) => member.rest ?? []));
  if (positions === 0) {
    if (!isAnything(rest)) scope.add({ items: rest });
    return;
  }
  const first = Array.from({ length: positions }, (_, index) =>
    compile(members.flatMap((member) => member.first[index] ?? member.rest ?? [])),
  );
  compileTuple(scope, members, first, rest);
}

/** Without tuples, every element may be what any position may be. */
function compileTuple(
  scope: Scope,
  members: readonly Elements[],
  first: readonly Draft4[],
  rest: Draft4,
): void {
  if (first.every(isAnything) && isAnything(rest)) return;

  const bound = any([...first, rest]);
  if (isNothing(rest) && first.every(isNothing)) {
    scope.add({ items: NOTHING });
    return;
  }
  const { node } = members.find((member) => member.first.length > 0) ?? { node: scope.nodes[0] };
  if (!node) return;

  const keyword = Array.isArray(node.value['items']) ? 'items' : 'prefixItems';
  scope.lose(node, keyword, 'the positions of elements are not checked, only that each fits one of them');
  if (!scope.compiler.emitUnproven) {
    if (!isAnything(bound)) scope.add({ items: bound });
    return;
  }
  const additionalItems = isNothing(rest) ? (false as const) : rest;
  scope.add({ items: first, ...(!(additionalItems && isAnything(additionalItems)) && { additionalItems }) });
}

/** An array contains something when it is not one of things that are something else. */
function compileContains(scope: Scope): void {
  for (const node of scope.nodes) {
    const contains = schemaAt(node, 'contains');
    if (!contains) continue;

    const least = countAt(scope, node, 'minContains') ?? 1;
    if (least > 0) {
      const { schema, exact } = scope.compiler.within({ own: [contains], extra: [], mode: 'pure' });
      if (!exact) scope.lose(node, 'contains', "'contains' is checked as far as its schema can be");
      scope.add(holding(schema));
    }
    if (least > 1) scope.lose(node, 'minContains', "'minContains' is checked as if it were 1");
    if (node.value['maxContains'] !== undefined) {
      scope.lose(node, 'maxContains', "'maxContains' is not checked at the gateway");
    }
  }
}

/** Arrays with at least one element that `schema` accepts. */
const holding = (schema: Draft4): Draft4 =>
  isNothing(schema) ? negation({ type: 'array' }) : negation({ type: 'array', items: negation(schema) });

function compileCounts(scope: Scope): void {
  let limited = false;
  for (const node of scope.nodes) {
    const least = countAt(scope, node, 'minItems') ?? 0;
    // two ends of the scale can be said by what elements are
    if (least === 1) scope.add(holding(ANYTHING));
    if (least > 1) {
      scope.add(holding(ANYTHING));
      scope.addUnproven(node, 'minItems', { minItems: least });
    }
    const most = countAt(scope, node, 'maxItems');
    limited ||= most !== undefined;
    if (most === 0) scope.add({ items: NOTHING });
    else if (most !== undefined) scope.addUnproven(node, 'maxItems', { maxItems: most });
  }
  if (!limited && !isEnumerated(scope))
    scope.findUnbounded(['array'], 'an array of any length', "add 'maxItems'");
}

function compileUnevaluated(scope: Scope, node: ObjectNode): void {
  const { unevaluatedItems } = node.value;
  if (unevaluatedItems === undefined || unevaluatedItems === true || areLeftOver(scope, node)) return;
  scope.lose(node, 'unevaluatedItems', "'unevaluatedItems' is not checked at the gateway", "write 'items'");
}

/**
 * Whether `unevaluatedItems` is about the elements that `items` would be about: nothing but the schema itself says
 * anything of elements.
 */
function areLeftOver({ compiler }: Scope, node: ObjectNode): boolean {
  const { nodes, losses } = compiler.shapes.of([node]);
  return (
    compiler.dialect === '3.1' &&
    nodes.length === 1 &&
    losses.length === 0 &&
    conditionalSchemas(node).length === 0 &&
    node.value['contains'] === undefined &&
    !Array.isArray(node.value['items'])
  );
}
