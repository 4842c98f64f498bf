import { dirname, relative, resolve } from 'node:path';
import type { DocumentFile } from '../document-file';
import { asObject, member } from '../json-pointer';
import { copyOf } from './copy';
import type { Origin, Origins } from './origins';

/** Values of these are data, in which `$ref` has no meaning. */
const DATA = new Set(['example', 'examples', 'default', 'enum', 'const']);

/** Where a path item in another file stands. */
export interface ForeignPathItem extends Origin {
  readonly value: unknown;
}

/**
 * Writes path items that stand in other files into the document, so that targets such as `$.paths[*].get` reach
 * every operation, and change it for this path only.
 */
export function inlinePathItems(
  value: unknown,
  path: string,
  origins: Origins,
  find: (reference: string) => ForeignPathItem | undefined,
): void {
  const paths = asObject(member(value, 'paths')) as Record<string, unknown> | undefined;
  for (const [name, item] of Object.entries(paths ?? {})) {
    const reference = member(item, '$ref');
    const alone = Object.keys(asObject(item) ?? {}).length === 1;
    if (!paths || !alone || typeof reference !== 'string' || reference.startsWith('#')) continue;

    const found = find(reference);
    if (!found || !asObject(found.value)) continue;
    const copy = copyOf(found.value);
    rebase(copy, found.file, path);
    paths[name] = copy;
    origins.record(paths, name, found);
  }
}

/** References count from the file they stand in; these now stand in another. */
function rebase(value: unknown, from: DocumentFile, to: string): void {
  if (typeof value !== 'object' || value === null) return;
  const entries = value as Record<string, unknown>;
  if (typeof entries['$ref'] === 'string') entries['$ref'] = rebased(entries['$ref'], from, to);
  const mapping = asObject(member(entries['discriminator'], 'mapping')) as
    | Record<string, unknown>
    | undefined;
  for (const [name, target] of Object.entries(mapping ?? {})) {
    // a bare name is that of a schema
    if (mapping && typeof target === 'string' && /[#./]/.test(target)) {
      mapping[name] = rebased(target, from, to);
    }
  }
  for (const [key, child] of Object.entries(entries)) {
    if (!DATA.has(key) && !key.startsWith('x-')) rebase(child, from, to);
  }
}

function rebased(reference: string, from: DocumentFile, to: string): string {
  if (/^[a-z][a-z0-9+.-]+:/i.test(reference)) return reference;
  const [address = '', ...fragment] = reference.split('#');
  const file = address === '' ? resolve(from.path) : resolve(dirname(from.path), decode(address));
  const path = relative(resolve(dirname(to)), file)
    .split(/[\\/]/)
    .map(encodeURIComponent)
    .join('/');
  return [path, ...fragment].join('#');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
