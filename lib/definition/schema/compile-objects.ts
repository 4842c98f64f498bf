import { closedNames, reportClosing } from './close-objects';
import { ANYTHING, all, any, type Draft4, isAnything, isNothing, NOTHING, negation } from './draft4';
import { dependentNames, type Members, membersOf, schemasOf, unevaluatedMembers } from './object-members';
import { countAt, stringsAt } from './read-keyword';
import { at, type SchemaNode } from './schema-node';
import { reach, type Scope } from './scope';
import type { Kind } from './types';

/** Compiles what objects hold and how much, and closes them. */
export function compileObject(scope: Scope, kinds: ReadonlySet<Kind>): void {
  if (!kinds.has('object')) return;

  const own = scope.nodes.map(membersOf);
  const unevaluated = scope.nodes.flatMap((node) => unevaluatedMembers(scope, node) ?? []);
  const members = [...own, ...unevaluated];
  const others = scope.others.map(membersOf);
  const responseOnly = responseOnlyNames(scope, [...own, ...others]);

  const names = closedNames(scope);
  reportClosing(scope, names);
  scope.add(propertiesOf(scope, members, others, responseOnly, names));

  const required = scope.nodes.flatMap((node) => stringsAt(scope, node, 'required'));
  // what only responses have cannot be demanded of a request
  const demanded = [...new Set(required)].filter((name) => !responseOnly.has(name));
  if (demanded.length > 0) scope.add({ required: demanded });

  compileCounts(scope);
  compileDependentNames(scope, responseOnly);
}

/** Names of properties that are `readOnly`, wherever in this place of the document that is said. */
function responseOnlyNames(scope: Scope, members: readonly Members[]): Set<string> {
  const { shapes } = scope.compiler;
  const named = members.flatMap(({ named }) => [...named]);
  return new Set(named.filter(([, schema]) => schema && shapes.of([schema]).readOnly).map(([name]) => name));
}

function propertiesOf(
  scope: Scope,
  members: readonly Members[],
  others: readonly Members[],
  responseOnly: ReadonlySet<string>,
  closed: ReadonlySet<string> | undefined,
): Draft4 {
  const additional = closed ? NOTHING : additionalOf(scope, members, others);
  const names = new Set([...members.flatMap(({ named }) => [...named.keys()]), ...(closed ?? [])]);
  const compiled = [...names].map((name): [string, Draft4] => {
    if (responseOnly.has(name) && scope.group.mode !== 'pure') return [name, NOTHING];
    return [name, property(scope, schemasOf(name, members), schemasOf(name, others))];
  });

  const shut = isNothing(additional);
  const properties = compiled.filter(([, schema]) => !(shut && isNothing(schema)));
  const named = properties.length > 0 && { properties: Object.fromEntries(properties) };
  if (shut) return { ...named, additionalProperties: false };
  if (!isAnything(additional)) return { ...named, additionalProperties: additional };

  const saying = properties.filter(([, schema]) => !isAnything(schema));
  return saying.length > 0 ? { properties: Object.fromEntries(saying) } : ANYTHING;
}

function property(scope: Scope, own: readonly SchemaNode[], elsewhere: readonly SchemaNode[]): Draft4 {
  if (own.length === 0) return ANYTHING;
  const extra = reach(scope.compiler.shapes, elsewhere);
  const { schema, exact } = scope.compiler.within({ own, extra, mode: scope.childMode });
  if (!exact) scope.weaken();
  return schema;
}

/** The schema of properties that no schema here names. */
function additionalOf(scope: Scope, members: readonly Members[], others: readonly Members[]): Draft4 {
  const plain = members.filter(({ patterns }) => patterns.length === 0);
  const elsewhere = others.flatMap(({ named, patterns, additional }) => [
    ...[...named.values()].filter((schema) => schema !== undefined),
    ...patterns.map(({ schema }) => schema),
    ...(additional ? [additional] : []),
  ]);
  const compiled = property(
    scope,
    plain.flatMap(({ additional }) => additional ?? []),
    elsewhere,
  );
  const patterned = members
    .filter(({ patterns }) => patterns.length > 0)
    .map((each) => patternedAdditional(scope, each, elsewhere));
  return all([compiled, ...patterned]);
}

/** Without `patternProperties`, a property that is not named may be what any pattern, or none, lets it be. */
function patternedAdditional(scope: Scope, members: Members, elsewhere: readonly SchemaNode[]): Draft4 {
  const { node, named, patterns, additional } = members;
  const schemas = patterns.map(({ source, schema }): [string, Draft4] => [
    source,
    property(scope, [schema], elsewhere),
  ]);
  const rest = additional ? property(scope, [additional], elsewhere) : ANYTHING;
  if (schemas.every(([, schema]) => isAnything(schema)) && isAnything(rest)) return ANYTHING;

  scope.addUnproven(node, 'patternProperties', {
    properties: Object.fromEntries([...named.keys()].map((name) => [name, ANYTHING])),
    patternProperties: Object.fromEntries(schemas),
    ...(isNothing(rest)
      ? { additionalProperties: false }
      : !isAnything(rest) && { additionalProperties: rest }),
  });
  return any([...schemas.map(([, schema]) => schema), rest]);
}

function compileCounts(scope: Scope): void {
  const least = scope.nodes.flatMap((node) => countAt(scope, node, 'minProperties') ?? []);
  const most = scope.nodes.flatMap((node) => countAt(scope, node, 'maxProperties') ?? []);
  if (least.length > 0) scope.add({ minProperties: Math.max(...least) });
  if (most.length > 0) scope.add({ maxProperties: Math.min(...most) });
}

/** Either the one is not there, or the others are. */
function compileDependentNames(scope: Scope, responseOnly: ReadonlySet<string>): void {
  for (const [name, needed] of scope.nodes.flatMap(dependentNames)) {
    const required = needed.filter((each) => !responseOnly.has(each));
    if (required.length > 0) scope.add(any([without(name), { required }]));
  }
}

/** Everything but an object that has `name`. */
export const without = (name: string): Draft4 => negation({ type: 'object', required: [name] });

/** Compiles `propertyNames`, of which draft 4 can say but a few kinds. */
export function compilePropertyNames(scope: Scope): void {
  for (const node of scope.nodes) {
    const names = at(node, 'propertyNames');
    if (names.value === undefined || names.value === true) continue;

    const shape = scope.compiler.shapes.of([names]);
    if (shape.never || !shape.kinds.has('string')) {
      scope.add({ maxProperties: 0 });
      continue;
    }
    const [only] = shape.nodes;
    const listed = shape.nodes.length === 1 && only ? listedNames(only.value) : undefined;
    if (listed) {
      const properties = Object.fromEntries(listed.map((name) => [name, ANYTHING]));
      scope.add(listed.length > 0 ? { properties, additionalProperties: false } : { maxProperties: 0 });
      continue;
    }
    if (shape.nodes.length === 0) continue;
    scope.addUnproven(node, 'propertyNames', patternOfNames(scope, names));
  }
}

function listedNames({ enum: values, const: constant, type, ...rest }: Readonly<Record<string, unknown>>) {
  const list = Array.isArray(values) ? values : constant === undefined ? undefined : [constant];
  const alone = Object.keys(rest).every((keyword) => ['title', 'description'].includes(keyword));
  return alone ? list?.filter((value) => typeof value === 'string') : undefined;
}

function patternOfNames(scope: Scope, names: SchemaNode): Draft4 {
  const { schema } = scope.compiler.within({ own: [names], extra: [], mode: 'pure' });
  const { type, pattern, minLength = 0, maxLength = '', ...rest } = schema;
  if (Object.keys(rest).length > 0) return ANYTHING;
  const sized = minLength > 0 || maxLength !== '' ? [`^[\\s\\S]{${minLength},${maxLength}}(?![\\s\\S])`] : [];
  const patterns = [...(pattern === undefined ? [] : [pattern]), ...sized];
  return all(
    patterns.map((each) => ({ patternProperties: { [each]: ANYTHING }, additionalProperties: false })),
  );
}
