import { asObject } from './json-pointer';
import type { DocumentSource, Sourced } from './source';

/** Values of these are data, in which `$ref` has no meaning. */
const DATA = new Set(['example', 'examples', 'default', 'enum', 'const', 'mapping']);

/** Keys of the values of these are names, not keywords. */
const NAMES = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
  'schemas',
]);

/**
 * Follows every reference of the document and of the files it leads to, so that one that leads nowhere is
 * reported even where nothing would have used it.
 *
 * References by `$id` or anchor are left to the schema compiler, which knows them.
 */
export function checkReferences(source: DocumentSource): void {
  const visited = new Set<string>();
  const filesWithIds = new Set<string>();
  const references: { readonly reference: string; readonly from: Sourced }[] = [];
  let holder = source.root;
  let path: string[] = [];
  enter(source.root);
  // the list grows while it is read
  for (const { reference, from } of references) follow(reference, from);

  function enter(node: Sourced): void {
    holder = node;
    path = [];
    visit(node.value);
  }

  // plain values and a path, because most of a large document refers to nothing
  function visit(value: unknown): void {
    if (typeof value !== 'object' || value === null) return;

    const { $ref: reference, $id: id } = value as Readonly<Record<string, unknown>>;
    if (typeof reference === 'string') references.push({ reference, from: source.child(holder, ...path) });
    if (typeof id === 'string') filesWithIds.add(holder.file);
    for (const [key, child] of Object.entries(value)) {
      if (typeof child !== 'object' || DATA.has(key) || key.startsWith('x-')) continue;
      path.push(key);
      if (NAMES.has(key)) visitNamed(child);
      else visit(child);
      path.pop();
    }
  }

  function visitNamed(value: unknown): void {
    for (const [name, child] of Object.entries(asObject(value) ?? {})) {
      path.push(name);
      visit(child);
      path.pop();
    }
  }

  function follow(reference: string, from: Sourced): void {
    if (filesWithIds.has(from.file) || /#[^/]/.test(reference)) return;

    const target = source.resolve(reference, from);
    // what lies in the root file is visited anyway
    if (!target || target.file === source.root.file) return;

    const key = `${target.file}#${target.pointer}`;
    if (visited.has(key)) return;
    visited.add(key);
    enter(target);
  }
}
