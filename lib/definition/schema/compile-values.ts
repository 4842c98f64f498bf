import { any, type Draft4, NOTHING } from './draft4';
import { stringAt, valuesAt } from './read-keyword';
import { at } from './schema-node';
import type { Scope } from './scope';
import { canonical, KINDS, type Kind, kindOf, kindsOf, typesOf } from './types';

/** Compiles `type`, `enum` and `const`; answers the kinds of value that are left. */
export function compileValues(scope: Scope): ReadonlySet<Kind> {
  for (const node of scope.nodes) {
    const { type } = node.value;
    if (type !== undefined && !kindsOf(type)) {
      const message = `'type' must be a type of JSON Schema, got ${JSON.stringify(type)?.slice(0, 80)}`;
      scope.compiler.problem(
        at(node, 'type'),
        message,
        'write string, number, integer, boolean, object or array',
      );
    }
  }

  const values = enumerated(scope);
  if (!values) {
    scope.add(ofKinds(scope, scope.shape.kinds));
    return scope.shape.kinds;
  }
  const admitted = values.filter((value) => scope.shape.kinds.has(kindOf(value)));
  scope.add(oneOfValues(scope, admitted));
  return new Set(admitted.map(kindOf));
}

/** Values that every `enum` and `const` lists, or undefined if there is neither. */
function enumerated(scope: Scope): readonly unknown[] | undefined {
  const lists = scope.nodes.flatMap((node) => {
    const values = valuesAt(scope, node, 'enum');
    const constant = Object.hasOwn(node.value, 'const') ? [[node.value['const']]] : [];
    return [...(values ? [values] : []), ...constant];
  });
  return lists.length === 0
    ? undefined
    : lists.reduce((some, more) => {
        const texts = new Set(more.map(canonical));
        return some.filter((value) => texts.has(canonical(value)));
      });
}

function ofKinds(scope: Scope, kinds: ReadonlySet<Kind>): Draft4 {
  if (kinds.size === KINDS.length) return {};
  // only a contradiction leaves fractions without whole numbers, as two types cannot tell them apart
  const alternatives: Draft4[] = typesOf(kinds).map((type) => ({ type }));
  return any([...alternatives, ...(kinds.has('null') ? [scope.compiler.nullSchema()] : [])]);
}

function oneOfValues(scope: Scope, values: readonly unknown[]): Draft4 {
  const distinct = [...new Map(values.map((value) => [canonical(value), value])).values()];
  const named = distinct.filter((value) => value !== null);
  if (distinct.length === 0) return NOTHING;

  const types = typesOf(new Set(named.map(kindOf)));
  const list: Draft4 = { ...(types.length === 1 && { type: types[0] }), enum: named };
  return any([
    ...(named.length > 0 ? [list] : []),
    ...(named.length < distinct.length ? [scope.compiler.nullSchema()] : []),
  ]);
}

/** Whether values are listed one by one, so that their size is known. */
export const isEnumerated = ({ nodes }: Scope): boolean =>
  nodes.some(({ value }) => Array.isArray(value['enum']) || Object.hasOwn(value, 'const'));

/** `format`s of a scope, each with the node that has it. */
export const formatsOf = (scope: Scope) =>
  scope.nodes.flatMap((node) => {
    const format = stringAt(scope, node, 'format');
    return format === undefined ? [] : [{ node, format }];
  });
