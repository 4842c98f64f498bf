import { namesIn } from './object-members';
import { elementsAt, entriesAt, type ObjectNode, type SchemaNode } from './schema-node';
import { reach, type Scope } from './scope';
import { conditionalSchemas } from './shape';

/** Cases that each close the object in their own way, because exactly one of them holds. */
export interface Cases {
  readonly node: ObjectNode;
  readonly keyword: 'oneOf' | 'anyOf' | 'alternatives';
}

/** Names that an object silent on additional properties may have, or undefined if it is not to be closed here. */
export function closedNames(scope: Scope): ReadonlySet<string> | undefined {
  if (scope.group.mode !== 'closed' || !isClosable(scope) || closingCases(scope).length > 0) return undefined;
  return new Set([...scope.nodes, ...scope.others].flatMap(namesIn));
}

/**
 * The cases to close instead of the object as a whole: those of a `oneOf` that bring names of their own, and those of an `anyOf`
 * of which one alone can be an object, as in `anyOf: [{ $ref }, { type: 'null' }]`.
 */
export function closingCases(scope: Scope): Cases[] {
  if (scope.group.mode !== 'closed' || saysItself(scope)) return [];

  const { shapes } = scope.compiler;
  const known = new Set([...scope.nodes, ...scope.group.extra].flatMap(namesIn));
  const brings = (schema: SchemaNode): boolean =>
    reach(shapes, [schema]).some((node) => isOpened(node) || namesIn(node).some((name) => !known.has(name)));

  return scope.nodes.flatMap((node): Cases[] => [
    ...(node.alternatives ? [{ node, keyword: 'alternatives' as const }] : []),
    ...(['oneOf', 'anyOf'] as const).flatMap((keyword) => {
      const cases = elementsAt(node, keyword);
      if (!cases.some(brings)) return [];
      const objects = cases.filter((schema) => shapes.of([schema]).kinds.has('object'));
      return keyword === 'oneOf' || objects.length <= 1 ? [{ node, keyword }] : [];
    }),
  ]);
}

function isClosable(scope: Scope): boolean {
  if (saysItself(scope) || scope.shape.polymorphic) return false;

  const involved = [...scope.nodes, ...scope.others];
  return involved.some((node) => entriesAt(node, 'properties').length > 0) && !involved.some(isOpened);
}

/** The schema itself says what else an object may have. */
function saysItself({ nodes }: Scope): boolean {
  return nodes.some(
    ({ value }) =>
      value['additionalProperties'] !== undefined ||
      value['unevaluatedProperties'] !== undefined ||
      value['enum'] !== undefined ||
      value['const'] !== undefined,
  );
}

function isOpened(node: ObjectNode): boolean {
  const { additionalProperties, unevaluatedProperties } = node.value;
  if (additionalProperties !== undefined && additionalProperties !== false) return true;
  if (unevaluatedProperties !== undefined && unevaluatedProperties !== false) return true;
  return entriesAt(node, 'patternProperties').length > 0;
}

/** Says what was closed, or why an object was not. */
export function reportClosing(scope: Scope, names: ReadonlySet<string> | undefined): void {
  const declaring = scope.nodes.find((node) => entriesAt(node, 'properties').length > 0) ?? scope.nodes[0];
  if (!declaring || scope.group.mode !== 'closed') return;

  if (names) {
    scope.compiler.finding(declaring, {
      code: 'CLOSED',
      message: `fields other than ${list([...names])} are refused`,
      remedy: "write 'additionalProperties: true' to let others through",
    });
  } else if (isOpenUnawares(scope)) {
    scope.compiler.finding(declaring, {
      code: 'OPEN_OBJECT',
      message: scope.shape.polymorphic
        ? "fields of any name are let through, because 'discriminator' here stands for schemas it does not list"
        : 'fields of any name are let through',
      remedy: scope.shape.polymorphic ? "list the schemas in 'oneOf'" : "name them in 'properties'",
    });
  }
}

function isOpenUnawares(scope: Scope): boolean {
  if (saysItself(scope) || closingCases(scope).length > 0) return false;
  if (scope.shape.polymorphic) return true;
  const involved = [...scope.nodes, ...scope.nodes.flatMap(conditionalSchemas)];
  return (
    scope.nodes.some(({ value }) => value['type'] === 'object') && involved.length === scope.nodes.length
  );
}

const SHOWN = 8;

function list(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).map((name) => `'${name}'`);
  const more = names.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
