import { closingCases } from './close-objects';
import { anyOf } from './combine-schemas';
import { all, any, type Draft4, isNothing, same } from './draft4';
import { at, elementsAt, isRecord, type ObjectNode, type SchemaNode } from './schema-node';
import type { Compiled, Scope } from './scope';

/** Compiles `oneOf`: exactly one case holds, which can be counted only where each is held exactly. */
export function chooseOne(scope: Scope): void {
  const closing = closingCases(scope);
  for (const node of scope.nodes) {
    const cases = elementsAt(node, 'oneOf');
    if (cases.length === 0) continue;

    const closes = closing.some((each) => each.node === node && each.keyword === 'oneOf');
    const discriminated = discriminate(scope, node, cases);
    if (discriminated) {
      scope.take(anyOf(compileCases(scope, cases, closes).map(discriminated)));
      continue;
    }
    choose(scope, node, cases, closes);
  }
}

function compileCases(scope: Scope, cases: readonly SchemaNode[], closes: boolean): Compiled[] {
  const mode = closes ? scope.group.mode : scope.branchMode;
  const extra = scope.context(cases);
  return cases.map((schema) => scope.compiler.here({ own: [schema], extra, mode }));
}

function choose(scope: Scope, node: ObjectNode, cases: readonly SchemaNode[], closes: boolean): void {
  const extra = scope.context(cases);
  const pure = cases.map((schema) => scope.compiler.here({ own: [schema], extra, mode: 'pure' }));
  const held = scope.group.mode === 'pure' ? pure : compileCases(scope, cases, closes);

  // where no value can be of two cases, one of them and any of them are the same
  if (areDisjoint(scope, pure)) {
    const { schema, exact } = anyOf(held);
    scope.take({ schema: 'anyOf' in schema ? { oneOf: schema.anyOf } : schema, exact });
    return;
  }
  if (!pure.every(({ exact }) => exact)) {
    scope.lose(node, 'oneOf', "'oneOf' is checked as 'anyOf', because its schemas cannot be held exactly");
    scope.take(anyOf(held));
    return;
  }
  const possible = pure.map(({ schema }) => schema).filter((schema) => !isNothing(schema));
  const [only] = possible;
  scope.add(possible.length === 1 && only ? only : possible.length === 0 ? any([]) : { oneOf: possible });
  // closed, a case accepts less, and less is not to be counted: what holds once open must hold closed too
  if (pure.some(({ schema }, index) => !same(schema, held[index]?.schema ?? schema))) scope.take(anyOf(held));
}

/** Whether no value is of two cases: they differ in type, or in the values of a property that both demand. */
function areDisjoint(scope: Scope, cases: readonly Compiled[]): boolean {
  const schemas = cases.map(({ schema }) => scope.compiler.resolved(schema));
  return schemas.every((one, index) =>
    schemas.slice(index + 1).every((other) => excludes(scope, one, other)),
  );
}

function excludes(scope: Scope, one: Draft4, other: Draft4, depth = 0): boolean {
  if (one.type !== undefined && other.type !== undefined && !overlap(one.type, other.type)) return true;
  if (one.enum && other.enum && one.type === 'string' && other.type === 'string') {
    return !one.enum.some((value) => other.enum?.includes(value));
  }
  if (depth > 0 || one.type !== 'object' || other.type !== 'object') return false;

  return (one.required ?? []).some((name) => {
    const [first, second] = [one, other].map((schema) => own(schema.properties, name));
    if (!other.required?.includes(name) || !first || !second) return false;
    return excludes(scope, scope.compiler.resolved(first), scope.compiler.resolved(second), depth + 1);
  });
}

const overlap = (one: string, other: string): boolean =>
  one === other || (one === 'integer' && other === 'number') || (one === 'number' && other === 'integer');

const own = (properties: Draft4['properties'], name: string): Draft4 | undefined =>
  properties && Object.hasOwn(properties, name) ? properties[name] : undefined;

type Discriminated = (compiled: Compiled, index: number) => Compiled;

/**
 * A `discriminator` says by the value of one property which case holds. Each case that does not restrict the property itself
 * gets the values that name it. `oneOf` stays what it is where every case restricts it, or where one has no name.
 */
function discriminate(
  scope: Scope,
  node: ObjectNode,
  cases: readonly SchemaNode[],
): Discriminated | undefined {
  const { property, mapping } = discriminatorOf(node);
  if (property === undefined) return undefined;

  const restricted = cases.map((schema) => restricts(scope, schema, property));
  const values = cases.map((schema) => namesOf(scope, schema, node, mapping));
  const named = new Set(values.flat());
  const isComplete =
    values.every((names) => names.length > 0) && Object.keys(mapping).every((value) => named.has(value));
  if (restricted.every(Boolean) || !isComplete) return undefined;

  if (!cases.every((schema) => requires(scope, [...scope.nodes, schema], property))) {
    const message = `without '${property}', which no case can do without, more than one case may hold`;
    scope.lose(node, 'discriminator', message, `add '${property}' to 'required'`);
  }
  return ({ schema, exact }, index) => {
    if (restricted[index]) return { schema, exact };
    const named: Draft4 = { properties: { [property]: { type: 'string', enum: values[index] ?? [] } } };
    return { schema: all([schema, named]), exact };
  };
}

function discriminatorOf(node: ObjectNode): {
  property?: string;
  mapping: Readonly<Record<string, unknown>>;
} {
  const { value } = at(node, 'discriminator');
  if (!isRecord(value) || typeof value['propertyName'] !== 'string') return { mapping: {} };
  return { property: value['propertyName'], mapping: isRecord(value['mapping']) ? value['mapping'] : {} };
}

/** Values by which a discriminator names a case: those mapped to it, and the name of its schema. */
function namesOf(
  scope: Scope,
  schema: SchemaNode,
  node: ObjectNode,
  mapping: Readonly<Record<string, unknown>>,
): string[] {
  const reference = at(schema, '$ref').value;
  if (typeof reference !== 'string') return [];

  const name = reference.split('/').at(-1) ?? reference;
  const mapped = Object.keys(mapping).filter((value) => {
    const target = mapping[value];
    if (typeof target !== 'string') return false;
    // a bare name is no file to look for
    const isReference = /[#/]|\.(?:json|ya?ml)$/.test(target);
    return (
      target === reference ||
      target === name ||
      (isReference && scope.compiler.shapes.refersTo(target, node, schema))
    );
  });
  return [...new Set([...mapped, name])];
}

function restricts(scope: Scope, schema: SchemaNode, property: string): boolean {
  const nodes = scope.compiler.shapes.of([schema]).nodes;
  const described = nodes
    .map((each) => at(each, 'properties', property))
    .filter(({ value }) => value !== undefined);
  return scope.compiler.shapes
    .of(described)
    .nodes.some(({ value }) => ['enum', 'const', 'pattern'].some((keyword) => value[keyword] !== undefined));
}

function requires(scope: Scope, schemas: readonly SchemaNode[], property: string): boolean {
  return scope.compiler.shapes.of(schemas).nodes.some(({ value }) => {
    const { required } = value;
    return Array.isArray(required) && required.includes(property);
  });
}
