import { distance } from 'fastest-levenshtein';
import { isComposite, member } from './json-pointer';
import { METHODS } from './operation';
import type { Report } from './report';
import type { DocumentSource, Sourced } from './source';
import { suggestion } from './suggestion';

/** The one extension a document may carry. */
export const EXTENSION = 'x-gateway';

/**
 * Marks a parameter, or a property of a schema, whose value must not be logged. `format: password` does so too, and a
 * property's name that says it is secret; `false` says it is not.
 */
export const REDACT = 'x-gateway-redact';

/** Members of a schema that hold data: what looks like a keyword in them is none. */
export const DATA: ReadonlySet<string> = new Set(['example', 'examples', 'default', 'enum', 'const']);

/** Members of a schema whose own members are schemas, by names that anybody may choose. */
export const NAMED_SCHEMAS: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
]);

/** What a part of a document is, as far as it tells whether an extension is read there. */
type Part =
  | 'root'
  | 'components'
  | 'paths'
  | 'pathItem'
  | 'operation'
  | 'parameter'
  | 'schema'
  | 'other'
  // members by names that anybody may choose
  | 'pathItems'
  | 'parameters'
  | 'schemas'
  | 'others';

const READ_IN: Readonly<Partial<Record<Part, string>>> = {
  root: EXTENSION,
  pathItem: EXTENSION,
  operation: EXTENSION,
  parameter: REDACT,
  schema: REDACT,
};

const MEMBERS: Readonly<Partial<Record<Part, Part>>> = {
  pathItems: 'pathItem',
  parameters: 'parameter',
  schemas: 'schema',
  others: 'other',
};

/** Parts by the name of the member they stand in, wherever that is. */
const BY_NAME: Readonly<Record<string, Part>> = {
  schema: 'schema',
  schemas: 'schemas',
  parameters: 'parameters',
  pathItems: 'pathItems',
  ...Object.fromEntries(
    [
      ...['requestBodies', 'headers', 'securitySchemes', 'links', 'callbacks', 'webhooks'],
      ...['content', 'encoding', 'variables', 'flows'],
    ].map((name) => [name, 'others']),
  ),
};

/** Data, and objects whose names are not keywords. */
const UNREAD: ReadonlySet<string> = new Set([
  ...DATA,
  'value',
  'security',
  'scopes',
  'mapping',
  'dependentRequired',
]);

/**
 * Reports names that were meant to be an extension: OpenAPI lets any `x-` pass, and a role demanded under a misspelt
 * name, or where nobody reads it, would be demanded of no one; a value marked there would be logged.
 */
export function checkExtensionNames(source: DocumentSource, report: Report): void {
  new ExtensionNames(source, report).check(source.root, 'root');
}

interface Visit {
  readonly node: Sourced;
  readonly part: Part;
}

class ExtensionNames {
  private readonly visited = new Set<string>();
  private readonly reported = new Set<string>();

  constructor(
    private readonly source: DocumentSource,
    private readonly report: Report,
  ) {}

  /** One after the other, not one within the other: a chain of references may be longer than a stack is deep. */
  public check(root: Sourced, rootPart: Part): void {
    const pending: Visit[] = [{ node: root, part: rootPart }];
    for (let visit = pending.pop(); visit; visit = pending.pop()) {
      const { node, part } = visit;
      const key = `${part} ${placeOf(node)}`;
      if (!isComposite(node.value) || this.visited.has(key)) continue;
      this.visited.add(key);
      pending.push(...this.below(node, node.value, part).reverse());
    }
  }

  private below(node: Sourced, value: object, part: Part): Visit[] {
    const visit = (name: string | number, below: Part) => ({
      node: this.source.child(node, name),
      part: below,
    });
    const named = MEMBERS[part];
    if (Array.isArray(value)) return [...value.keys()].map((index) => visit(index, named ?? part));
    const names = Object.keys(value);
    if (named !== undefined) return names.map((name) => visit(name, named));

    const found: Visit[] = [];
    if (typeof member(value, '$ref') === 'string') {
      const target = this.source.deref(node);
      if (target !== node) found.push({ node: target, part });
    }
    for (const name of names) {
      const isExtension = /^x[-_]/i.test(name);
      if (isExtension) this.checkName(node, name, part);
      const below = isExtension ? undefined : partBelow(part, name);
      if (below !== undefined) found.push(visit(name, below));
    }
    return found;
  }

  private checkName(holder: Sourced, name: string, part: Part): void {
    const read = READ_IN[part];
    if (!isMeant(name) || name === read) return;
    const place = this.source.child(holder, name);
    if (this.reported.has(placeOf(place))) return;
    this.reported.add(placeOf(place));

    const isMark = name.toLowerCase().includes('redact');
    this.report.problem(
      'UNKNOWN_EXTENSION_KEY',
      place,
      `${JSON.stringify(name)} is not read here${read ? suggestion(name, [read]) : ''}, so what it ${
        isMark ? 'marks is hidden in no log' : 'demands is demanded of no one'
      }`,
      isMark
        ? `write '${REDACT}: true', on a parameter, a schema or a property of one`
        : `write '${EXTENSION}: { … }', on the root, a path or an operation`,
    );
  }
}

function partBelow(part: Part, name: string): Part | undefined {
  if (part === 'paths') return 'pathItem';
  if (UNREAD.has(name)) return undefined;
  if (part === 'schema') return NAMED_SCHEMAS.has(name) ? 'schemas' : 'schema';
  if (part === 'root' && (name === 'paths' || name === 'components')) return name;
  // those of an operation are named by their status
  if (part === 'components' && name === 'responses') return 'others';
  if (part === 'pathItem' && METHODS.some((method) => method === name)) return 'operation';
  // a mark beside the media type of a parameter's content is read too
  if (part === 'parameter' && name !== 'schema') return 'parameter';
  return Object.hasOwn(BY_NAME, name) ? BY_NAME[name] : 'other';
}

const placeOf = ({ file, pointer }: Sourced) => `${file}#${pointer}`;

/** Letters by which a name may differ from the extension that was meant. */
const NEAR = 2;

function isMeant(key: string): boolean {
  const plain = key.toLowerCase().replaceAll('_', '-');
  // lengths first: every extension of a large document comes by here
  const near = Math.abs(plain.length - EXTENSION.length) <= NEAR && distance(plain, EXTENSION) <= NEAR;
  return near || plain.startsWith(EXTENSION);
}
