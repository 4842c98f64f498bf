import { DOCUMENT_SHAPE, type Shape } from './document-shape';
import { asObject } from './json-pointer';
import { FindingSeverity, type Report } from './report';
import type { DocumentSource, Sourced } from './source';
import { listed, shown, suggestion } from './suggestion';

const VERSION = /^3\.[01]\.\d+$/;

/**
 * Reports what keeps the document from being read at all, so that every later pass can trust its shape.
 *
 * Only what the compiler reads is checked, in the user's words; misspelt fields of operations are findings.
 */
export function checkStructure(source: DocumentSource, report: Report): void {
  const { root } = source;
  if (!asObject(root.value)) {
    report.problem(
      'NOT_OPENAPI',
      root,
      `not an OpenAPI document, got ${shown(root.value)}`,
      'give an OpenAPI 3.0 or 3.1 document',
    );
    return;
  }
  checkVersion(source, report);
  new StructureCheck(source, report).check(root, DOCUMENT_SHAPE);
}

function checkVersion(source: DocumentSource, report: Report): void {
  const version = source.child(source.root, 'openapi');
  if (typeof version.value === 'string' && VERSION.test(version.value)) return;

  report.problem(
    'NOT_OPENAPI',
    version,
    version.value === undefined
      ? "'openapi' is missing"
      : `'openapi' is ${shown(version.value)}, a version not read here`,
    "write 'openapi: 3.0.3' or 'openapi: 3.1.0', and the document accordingly",
  );
}

class StructureCheck {
  private readonly visited = new Map<Shape, Set<string>>();

  constructor(
    private readonly source: DocumentSource,
    private readonly report: Report,
  ) {}

  public check(node: Sourced, shape: Shape): void {
    if (this.seen(node, shape)) return;

    switch (shape.kind) {
      case 'list':
        this.checkList(node, shape.of);
        break;
      case 'map':
        this.checkMap(node, shape.of);
        break;
      case 'object':
        this.checkObject(node, shape);
        break;
      default:
        this.checkValue(node, shape);
    }
  }

  private checkValue(node: Sourced, shape: Shape): void {
    const { value } = node;
    if (shape.kind === 'text' && typeof value !== 'string') {
      this.malformed(node, 'text, in quotes if it looks like a number');
    } else if (shape.kind === 'flag' && typeof value !== 'boolean') {
      this.malformed(node, "'true' or 'false'");
    } else if (shape.kind === 'word' && !shape.words.some((word) => word === value)) {
      this.malformed(node, listed(shape.words));
    } else if (shape.kind === 'schema' && !this.isSchema(value)) {
      this.malformed(node, 'a schema');
    }
  }

  private isSchema(value: unknown): boolean {
    return asObject(value) !== undefined || (this.source.dialect === '3.1' && typeof value === 'boolean');
  }

  private checkList(node: Sourced, of: () => Shape): void {
    if (!Array.isArray(node.value)) {
      this.malformed(node, 'a list');
      return;
    }
    for (const index of node.value.keys()) this.check(this.source.child(node, index), of());
  }

  private checkMap(node: Sourced, of: () => Shape): void {
    const entries = asObject(node.value);
    if (!entries) {
      this.malformed(node, 'an object');
      return;
    }
    for (const key of Object.keys(entries)) {
      if (!key.startsWith('x-')) this.check(this.source.child(node, key), of());
    }
  }

  private checkObject(given: Sourced, shape: Extract<Shape, { kind: 'object' }>): void {
    const node = shape.referable ? this.source.deref(given) : given;
    if (node.value === undefined && given.value !== undefined) return; // an unresolved reference, reported already

    const entries = asObject(node.value);
    if (!entries) {
      this.malformed(node, 'an object');
      return;
    }
    for (const [key, of] of Object.entries(shape.fields)) {
      if (entries[key] !== undefined) this.check(this.source.child(node, key), of());
      else if (shape.required?.includes(key)) this.missing(node, key);
    }
    if (shape.ignored) this.findUnknown(node, [...Object.keys(shape.fields), ...shape.ignored]);
  }

  private findUnknown(node: Sourced, known: readonly string[]): void {
    for (const key of Object.keys(asObject(node.value) ?? {})) {
      if (known.includes(key) || key.startsWith('x-') || key === '$ref') continue;
      this.report.finding(this.source.child(node, key), {
        code: 'UNKNOWN_FIELD',
        severity: FindingSeverity.WARNING,
        message: `OpenAPI has no field ${JSON.stringify(key)} here${suggestion(key, known)}; it is ignored`,
        remedy: "mend its name, remove it, or let it begin with 'x-'",
      });
    }
  }

  private missing(node: Sourced, key: string): void {
    this.report.problem(
      'MALFORMED',
      node,
      `${JSON.stringify(key)} is missing`,
      'add it: OpenAPI requires it',
    );
  }

  private malformed(node: Sourced, expected: string): void {
    const key = node.pointer.slice(node.pointer.lastIndexOf('/') + 1);
    this.report.problem(
      'MALFORMED',
      node,
      `${node.pointer === '' ? 'the document' : JSON.stringify(key)} is ${shown(node.value)}`,
      `write ${expected}`,
    );
  }

  /** Shared components are checked once, as the shape they are used as. */
  private seen(node: Sourced, shape: Shape): boolean {
    if (shape.kind !== 'object') return false;
    const places = this.visited.get(shape) ?? new Set();
    this.visited.set(shape, places);
    const target = shape.referable ? this.source.deref(node) : node;
    const key = `${target.file}#${target.pointer}`;
    if (places.has(key)) return true;
    places.add(key);
    return false;
  }
}
