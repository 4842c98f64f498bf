import { asObject } from '../json-pointer';
import type { DocumentSource, Sourced } from '../source';

const SCHEMA_HOLDERS = new Set([
  'schema',
  'items',
  'additionalProperties',
  'not',
  'if',
  'then',
  'else',
  'contains',
  'propertyNames',
]);
const SCHEMA_LISTS = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
const SCHEMA_MAPS = new Set(['properties', 'patternProperties', '$defs', 'dependentSchemas']);
const DATA = new Set(['example', 'examples', 'default', 'enum', 'const']);
const COMBINED = ['allOf', 'anyOf', 'oneOf', 'if', '$ref'];

/** What the value at hand is, and whether it is part of a request. */
interface Context {
  readonly role: 'schema' | 'schemas' | 'other';
  readonly request: boolean;
}

/**
 * Copies parts of a document so that they need no other file: what a reference names is written in its place,
 * or, if it is a schema, under `components.schemas`.
 *
 * Objects are closed in requests only, so a schema used both ways is written twice.
 */
export class SelfContainedCopy {
  /** Schemas that were referred to, by name. */
  public readonly schemas: Record<string, unknown> = {};

  private readonly names = new Map<string, string>();

  constructor(
    private readonly source: DocumentSource,
    /** `file#pointer` of objects to close. */
    private readonly closed: ReadonlySet<string>,
  ) {}

  /** A copy without our extensions. */
  public plain(node: Sourced): unknown {
    return this.copy(node, { role: 'other', request: false });
  }

  private copy(node: Sourced, context: Context): unknown {
    const { value } = node;
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) {
      const inner: Context = context.role === 'schemas' ? { ...context, role: 'schema' } : context;
      return value.map((_, index) => this.copy(this.source.child(node, index), inner));
    }
    const target = this.source.deref(node);
    return target !== node && context.role !== 'schemas'
      ? this.reference(node, target, context)
      : this.members(node, context);
  }

  private reference(node: Sourced, target: Sourced, context: Context): unknown {
    if (context.role !== 'schema') return this.copy(target, context);

    return {
      ...this.members(node, context),
      $ref: `#/components/schemas/${this.nameOf(target, context)}`,
    };
  }

  private members(node: Sourced, context: Context): Record<string, unknown> {
    const entries = asObject(node.value) ?? {};
    const isMap = context.role === 'schemas';
    const copied = Object.keys(entries)
      .filter((key) => isMap || (key !== '$ref' && !key.startsWith('x-gateway')))
      .map((key) => {
        const child = this.source.child(node, key);
        if (!isMap && DATA.has(key)) return [key, child.value] as const;
        if (key === 'discriminator') return [key, this.discriminator(child, context)] as const;
        return [key, this.copy(child, contextOf(key, context))] as const;
      });
    return { ...Object.fromEntries(copied), ...this.closing(node, entries, context) };
  }

  private closing(node: Sourced, entries: Readonly<Record<string, unknown>>, context: Context): object {
    if (context.role !== 'schema' || !context.request) return {};
    if (!this.closed.has(`${node.file}#${node.pointer}`)) return {};
    if (!COMBINED.some((key) => key in entries)) return { additionalProperties: false };

    // only 3.1 can close an object across its parts
    return this.source.dialect === '3.1' ? { unevaluatedProperties: false } : {};
  }

  private discriminator(node: Sourced, context: Context): unknown {
    const { mapping, ...rest } = asObject(node.value) ?? {};
    const entries = Object.entries(asObject(mapping) ?? {}).map(([value, reference]) => {
      const target = /[#./]/.test(String(reference))
        ? this.source.resolve(String(reference), node)
        : undefined;
      return [value, target ? `#/components/schemas/${this.nameOf(target, context)}` : reference];
    });
    return { ...rest, ...(mapping === undefined ? {} : { mapping: Object.fromEntries(entries) }) };
  }

  private nameOf(target: Sourced, { request }: Context): string {
    const key = `${request} ${target.file}#${target.pointer}`;
    const known = this.names.get(key);
    if (known !== undefined) return known;

    const last = target.pointer.slice(target.pointer.lastIndexOf('/') + 1).replaceAll(/[^\w.-]/g, '_');
    const name = this.unused(last || 'Schema', request ? 'Request' : 'Response');
    this.names.set(key, name);
    // the name is taken before its schema is copied, which may refer to itself
    this.schemas[name] = {};
    this.schemas[name] = this.copy(target, { role: 'schema', request });
    return name;
  }

  private unused(name: string, suffix: string): string {
    return Object.hasOwn(this.schemas, name) ? this.unused(`${name}${suffix}`, suffix) : name;
  }
}

function contextOf(key: string, { role, request }: Context): Context {
  if (role === 'schemas') return { role: 'schema', request };
  if (role === 'other' && key === 'requestBody') return { role, request: true };
  if (SCHEMA_HOLDERS.has(key)) return { role: 'schema', request };
  const isGroup = role === 'schema' && (SCHEMA_LISTS.has(key) || SCHEMA_MAPS.has(key));
  return { role: isGroup ? 'schemas' : 'other', request };
}
