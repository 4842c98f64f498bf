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
  const pending: Sourced[] = [source.root];
  const references: { readonly reference: string; readonly from: Sourced }[] = [];
  do {
    for (let node = pending.pop(); node; node = pending.pop()) visit(node);
    for (const { reference, from } of references.splice(0)) follow(reference, from);
  } while (pending.length > 0);

  function visit(node: Sourced): void {
    const entries = asObject(node.value);
    if (Array.isArray(node.value)) {
      for (const index of node.value.keys()) enter(source.child(node, index));
    } else if (entries) {
      const { $ref: reference, $id: id } = entries;
      if (typeof reference === 'string') references.push({ reference, from: node });
      if (typeof id === 'string') filesWithIds.add(node.file);
      for (const key of Object.keys(entries)) visitMember(node, key);
    }
  }

  function visitMember(node: Sourced, key: string): void {
    if (DATA.has(key) || key.startsWith('x-')) return;

    const child = source.child(node, key);
    const names = NAMES.has(key) ? asObject(child.value) : undefined;
    if (names) for (const name of Object.keys(names)) enter(source.child(child, name));
    else enter(child);
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

  function enter(node: Sourced): void {
    if (typeof node.value === 'object' && node.value !== null) pending.push(node);
  }
}
