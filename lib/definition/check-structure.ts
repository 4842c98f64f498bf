import { distance } from 'fastest-levenshtein';
import { DOCUMENT_SHAPE, type Shape } from './document-shape';
import { asObject } from './json-pointer';
import { FindingSeverity, type Report } from './report';
import type { DocumentSource, Sourced } from './source';
import { listed, shown, suggestion } from './suggestion';

/** Letters by which a name may differ from another that was meant. */
const NEAR = 2;

type ObjectShape = Extract<Shape, { kind: 'object' }>;

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
  new StructureCheck(source, report).check(root.value, DOCUMENT_SHAPE);
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

/** Walks plain values and keeps a path, because most of a large document is as it should be. */
class StructureCheck {
  private readonly path: string[] = [];

  constructor(
    private readonly source: DocumentSource,
    private readonly report: Report,
    private readonly holder: Sourced = source.root,
    private readonly visited = new Map<Shape, Set<string>>(),
  ) {}

  public check(value: unknown, shape: Shape): void {
    if (shape.kind === 'list') this.checkList(value, shape.of);
    else if (shape.kind === 'map') this.checkMap(value, shape.of);
    else if (shape.kind === 'object') this.checkObject(value, shape);
    else this.checkValue(value, shape);
  }

  private checkValue(value: unknown, shape: Shape): void {
    if (shape.kind === 'text' && typeof value !== 'string') {
      this.malformed(value, 'text, in quotes if it looks like a number');
    } else if (shape.kind === 'flag' && typeof value !== 'boolean') {
      this.malformed(value, "'true' or 'false'");
    } else if (shape.kind === 'word' && !shape.words.some((word) => word === value)) {
      this.malformed(value, listed(shape.words));
    } else if (shape.kind === 'schema' && !this.isSchema(value)) {
      this.malformed(value, 'a schema');
    }
  }

  private isSchema(value: unknown): boolean {
    return asObject(value) !== undefined || (this.source.dialect === '3.1' && typeof value === 'boolean');
  }

  private checkList(value: unknown, of: () => Shape): void {
    if (!Array.isArray(value)) {
      this.malformed(value, 'a list');
      return;
    }
    for (const [index, element] of value.entries()) this.below(String(index), element, of);
  }

  private checkMap(value: unknown, of: () => Shape): void {
    const entries = asObject(value);
    if (!entries) {
      this.malformed(value, 'an object');
      return;
    }
    for (const [key, member] of Object.entries(entries)) {
      if (!key.startsWith('x-')) this.below(key, member, of);
    }
  }

  private checkObject(value: unknown, shape: ObjectShape): void {
    const entries = asObject(value);
    if (!entries) {
      this.malformed(value, 'an object');
      return;
    }
    if (shape.referable && typeof entries['$ref'] === 'string') {
      if (shape.referenceStandsAlone) this.checkBesideReference(entries, shape);
      this.checkTarget(shape);
      return;
    }
    if (entries['$ref'] !== undefined) this.refuseReference();
    for (const [key, of] of Object.entries(shape.fields)) {
      if (entries[key] !== undefined) this.below(key, entries[key], of);
      else if (shape.required?.includes(key)) {
        this.report.problem(
          'MALFORMED',
          this.here(),
          `${JSON.stringify(key)} is missing`,
          'add it: OpenAPI requires it',
        );
      }
    }
    if (shape.ignored) this.findUnknown(entries, shape.fields, shape.ignored);
  }

  /** An operation or a rule beside the reference would be dropped: it may demand more than what is referred to. */
  private checkBesideReference(entries: Readonly<Record<string, unknown>>, shape: ObjectShape): void {
    const dropped = Object.keys(entries).filter(
      (key) => Object.hasOwn(shape.fields, key) || key === 'security' || key === 'x-gateway',
    );
    if (dropped.length === 0) return;

    this.report.problem(
      'MALFORMED',
      this.here(),
      `${listed(dropped)} beside '$ref' would be dropped: OpenAPI does not say which of the two counts`,
      "move it to what '$ref' names, or write the path out here",
    );
  }

  /** Tools differ on these; one that does not follow it drops what is said there, `security` too. */
  private refuseReference(): void {
    this.report.problem(
      'MALFORMED',
      this.here(),
      "OpenAPI has no '$ref' here, so what it names would be dropped",
      "write it out here; a '$ref' may stand for a path, a parameter, a request body, a schema or a security scheme",
    );
  }

  /** What is referred to is checked once for each shape it is used as. */
  private checkTarget(shape: ObjectShape): void {
    const target = this.source.deref(this.here());
    const places = this.visited.get(shape) ?? new Set();
    this.visited.set(shape, places);
    const key = `${target.file}#${target.pointer}`;
    // a reference that leads nowhere has been reported
    if (places.has(key) || target.value === undefined) return;

    places.add(key);
    new StructureCheck(this.source, this.report, target, this.visited).check(target.value, shape);
  }

  private below(key: string, value: unknown, of: () => Shape): void {
    this.path.push(key);
    this.check(value, of());
    this.path.pop();
  }

  private findUnknown(
    entries: Readonly<Record<string, unknown>>,
    fields: ObjectShape['fields'],
    ignored: readonly string[],
  ): void {
    for (const key of Object.keys(entries)) {
      if (Object.hasOwn(fields, key) || ignored.includes(key) || key.startsWith('x-')) continue;
      if (meansSecurity(key)) {
        this.report.problem(
          'MISPLACED_SECURITY',
          this.source.child(this.here(), key),
          `OpenAPI has no field ${JSON.stringify(key)} here, so what it demands would be demanded of no one`,
          "write 'security', on the operation or on the root",
        );
        continue;
      }
      this.report.finding(this.source.child(this.here(), key), {
        code: 'UNKNOWN_FIELD',
        severity: FindingSeverity.WARNING,
        message: `OpenAPI has no field ${JSON.stringify(key)} here${suggestion(key, [...Object.keys(fields), ...ignored])}; it is ignored`,
        remedy: "mend its name, remove it, or let it begin with 'x-'",
      });
    }
  }

  private malformed(value: unknown, expected: string): void {
    const node = this.here();
    const key = node.pointer.slice(node.pointer.lastIndexOf('/') + 1);
    this.report.problem(
      'MALFORMED',
      node,
      `${node.pointer === '' ? 'the document' : JSON.stringify(key)} is ${shown(value)}`,
      `write ${expected}`,
    );
  }

  private here(): Sourced {
    return this.source.child(this.holder, ...this.path);
  }
}

/** Other misspelt fields cost a description; this one would open an operation. */
function meansSecurity(key: string): boolean {
  return distance(key.toLowerCase(), 'security') <= NEAR;
}
