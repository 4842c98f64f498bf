import type { DocumentSource } from '../source';
import { at, isRecord, keyOf, type SchemaNode } from './schema-node';

/**
 * Resolves the references of schemas, one step at a time: a reference of 3.1 may have siblings, so what it names must
 * not be followed further here. Knows `$id`, `$anchor` and `$dynamicAnchor`, which the document's own references have not.
 */
export class References {
  readonly #resources = new Map<string, Map<string, SchemaNode>>();

  constructor(
    private readonly source: DocumentSource,
    private readonly dialect: '3.0' | '3.1',
  ) {}

  public resolve(reference: string, from: SchemaNode): SchemaNode | undefined {
    const [address = '', fragment = ''] = split(reference);
    const resource = this.resource(address, from);
    if (!resource) return undefined;
    // a file that is itself a reference is not what the fragment counts from; then siblings on the way are lost
    const isWhole = resource.pointer === '' || idOf(resource) !== undefined;
    const target = isWhole ? this.within(resource, fragment) : this.source.resolve(reference, from);
    return target?.value === undefined ? undefined : target;
  }

  private resource(address: string, from: SchemaNode): SchemaNode | undefined {
    const file = this.source.resolve('#', from);
    if (!file || this.dialect === '3.0') return address === '' ? file : this.source.resolve(address, from);

    const ids = this.resourcesOf(file);
    if (ids.size === 0) return address === '' ? file : this.source.resolve(address, from);

    const enclosing = this.enclosing(from, file);
    if (address === '') return enclosing;
    return ids.get(absolute(address, this.baseOf(enclosing, file))) ?? this.source.resolve(address, from);
  }

  private within(resource: SchemaNode, fragment: string): SchemaNode | undefined {
    const decoded = decode(fragment);
    if (decoded === undefined) return undefined;
    if (decoded === '') return resource;
    if (!decoded.startsWith('/')) return this.anchored(resource, decoded);

    return at(resource, ...decoded.slice(1).split('/').map(unescapeSegment));
  }

  /** Schemas of the file that have an `$id`, by absolute address. */
  private resourcesOf(file: SchemaNode): Map<string, SchemaNode> {
    const known = this.#resources.get(keyOf(file));
    if (known) return known;

    const resources = new Map<string, SchemaNode>();
    // a stack, because a document may nest deeper than calls can
    const open: [SchemaNode, string][] = [[file, ROOT]];
    for (let next = open.pop(); next; next = open.pop()) {
      const [node, base] = next;
      const id = idOf(node);
      const inner = id === undefined ? base : absolute(id, base);
      if (id !== undefined && !resources.has(inner)) resources.set(inner, node);
      for (const child of descend(node)) open.push([child, inner]);
    }
    this.#resources.set(keyOf(file), resources);
    return resources;
  }

  /** The nearest schema at or above `node` that has an `$id`, else the file. */
  private enclosing(node: SchemaNode, file: SchemaNode): SchemaNode {
    return this.ancestors(node, file).findLast((ancestor) => idOf(ancestor) !== undefined) ?? file;
  }

  private baseOf(node: SchemaNode, file: SchemaNode): string {
    return this.ancestors(node, file).reduce((base, ancestor) => absolute(idOf(ancestor) ?? '', base), ROOT);
  }

  private ancestors(node: SchemaNode, file: SchemaNode): SchemaNode[] {
    const ancestors = [file];
    for (const segment of node.pointer.slice(file.pointer.length).split('/').slice(1)) {
      ancestors.push(at(ancestors.at(-1) ?? file, unescapeSegment(segment)));
    }
    return ancestors;
  }

  private anchored(resource: SchemaNode, anchor: string): SchemaNode | undefined {
    const open = [resource];
    for (let node = open.pop(); node; node = open.pop()) {
      if (isRecord(node.value) && [node.value['$anchor'], node.value['$dynamicAnchor']].includes(anchor))
        return node;
      open.push(...descend(node).filter((child) => idOf(child) === undefined));
    }
    return undefined;
  }
}

// stands for the file's own address, which no `$id` of a document may depend on
const ROOT = 'document:///';

// an enumerated value may look like a schema and is none
const DATA = new Set(['enum', 'const', 'default', 'example', 'examples']);

function descend(node: SchemaNode): SchemaNode[] {
  if (Array.isArray(node.value)) return node.value.map((_, index) => at(node, index));
  if (!isRecord(node.value)) return [];
  return Object.keys(node.value)
    .filter((key) => !DATA.has(key))
    .map((key) => at(node, key));
}

function idOf({ value }: SchemaNode): string | undefined {
  const id = isRecord(value) ? value['$id'] : undefined;
  return typeof id === 'string' ? id : undefined;
}

function split(reference: string): [string, string] {
  const hash = reference.indexOf('#');
  return hash < 0 ? [reference, ''] : [reference.slice(0, hash), reference.slice(hash + 1)];
}

function absolute(address: string, base: string): string {
  try {
    return new URL(address, base).href.replace(/#$/, '');
  } catch {
    return address;
  }
}

function decode(fragment: string): string | undefined {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return undefined;
  }
}

const unescapeSegment = (segment: string): string => segment.replaceAll('~1', '/').replaceAll('~0', '~');
