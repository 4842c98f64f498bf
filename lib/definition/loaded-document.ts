import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { GatewayConfigurationError, type Problem } from '../errors';
import { type DocumentFile, parseFile } from './document-file';
import { asObject, member, pointerBelow, pointerTokens } from './json-pointer';
import type { OddAction } from './overlay/apply-overlays';
import type { ForeignPathItem } from './overlay/inline-path-items';
import { OverlaySet } from './overlay/overlay-set';
import type { DocumentSource, Sourced } from './source';

/** The files of a document, read when first referred to and kept. */
export class LoadedDocument implements DocumentSource {
  public readonly root: Sourced;

  /** By absolute path. */
  private readonly files = new Map<string, DocumentFile | undefined>();
  /** By path as shown to the user. */
  private readonly displayed = new Map<string, DocumentFile>();
  private readonly targets = new Map<string, Sourced | undefined>();
  private readonly faults = new Map<string, Problem>();

  /** Throws a `GatewayConfigurationError` if an overlay of the root file cannot be applied. */
  constructor(
    original: DocumentFile,
    private readonly overlays: OverlaySet = new OverlaySet([], original.path),
  ) {
    this.hold(original);
    const rootFile = overlays.applyToRoot(original, (reference) => this.pathItem(reference, original));
    this.hold(rootFile);
    this.forgetFailures();
    this.root = { value: rootFile.value, file: rootFile.path, pointer: '' };
  }

  /** Actions of overlays that do less or more than they seem to, so far. */
  public get oddActions(): readonly OddAction[] {
    return this.overlays.odd;
  }

  /** Overlays of files that nothing refers to, once all that is referred to was read. */
  public get overlayProblems(): readonly Problem[] {
    return this.overlays.problems;
  }

  public get dialect(): '3.0' | '3.1' {
    return String(member(this.root.value, 'openapi')).startsWith('3.1') ? '3.1' : '3.0';
  }

  /** References that led nowhere, so far. */
  public get problems(): readonly Problem[] {
    return [...this.faults.values()];
  }

  public child(node: Sourced, ...keys: readonly (string | number)[]): Sourced {
    let { value, pointer } = node;
    for (const key of keys) {
      value = member(value, key);
      pointer = pointerBelow(pointer, key);
    }
    return { value, file: node.file, pointer };
  }

  public deref(node: Sourced): Sourced {
    const reference = member(node.value, '$ref');
    if (typeof reference !== 'string' || Array.isArray(node.value)) return node;

    return this.resolve(reference, node) ?? { ...node, value: undefined };
  }

  public resolve(reference: string, from: Sourced): Sourced | undefined {
    const visited = new Set<string>();
    let node: Sourced | undefined = from;
    let next: unknown = reference;
    while (typeof next === 'string') {
      node = this.target(next, node);
      if (!node) return undefined;
      const key = `${node.file}#${node.pointer}`;
      if (visited.has(key)) {
        this.fault('REFERENCE_LOOP', from, `$ref ${JSON.stringify(reference)} leads back to itself`);
        return undefined;
      }
      visited.add(key);
      next = asObject(node.value) && member(node.value, '$ref');
    }
    return node;
  }

  public locate({ file, pointer }: Pick<Sourced, 'file' | 'pointer'>): string {
    const found = this.displayed.get(file);
    return found ? found.locate(pointerTokens(pointer) ?? []) : `${file}:1:1`;
  }

  private hold(file: DocumentFile): void {
    this.files.set(resolve(file.path), file);
    this.displayed.set(file.path, file);
  }

  /** What was looked up in the original may have changed, or be gone. */
  private forgetFailures(): void {
    this.targets.clear();
    this.faults.clear();
    for (const [path, file] of this.files) if (!file) this.files.delete(path);
  }

  private pathItem(reference: string, { path, value }: DocumentFile): ForeignPathItem | undefined {
    const found = this.resolve(reference, { value, file: path, pointer: '' });
    const file = found && this.displayed.get(found.file);
    return found && file && { value: found.value, file, tokens: pointerTokens(found.pointer) ?? [] };
  }

  /** One step along a chain of references. */
  private target(reference: string, from: Sourced): Sourced | undefined {
    const key = `${reference.startsWith('#') ? from.file : dirname(from.file)}\n${reference}`;
    if (this.targets.has(key)) return this.targets.get(key);

    const found = this.find(reference, from);
    this.targets.set(key, found);
    return found;
  }

  private find(reference: string, from: Sourced): Sourced | undefined {
    const [path = '', fragment = ''] = splitOnce(reference, '#');
    if (/^[a-z][a-z0-9+.-]+:/i.test(path)) {
      return this.fault('REMOTE_REFERENCE', from, `$ref ${JSON.stringify(reference)} is not a local file`);
    }
    const pointer = decode(fragment);
    const file =
      path === ''
        ? this.displayed.get(from.file)
        : this.open(join(dirname(from.file), decode(path) ?? path), from);
    if (!file) return undefined;

    const tokens = pointer === undefined ? undefined : pointerTokens(pointer);
    const value = tokens?.reduce<unknown>(member, file.value);
    if (tokens === undefined || value === undefined) {
      return this.fault('UNRESOLVED_REFERENCE', from, `$ref ${JSON.stringify(reference)} leads nowhere`);
    }
    return { value, file: file.path, pointer: tokens.reduce(pointerBelow, '') };
  }

  private open(path: string, from: Sourced): DocumentFile | undefined {
    const key = resolve(path);
    if (!this.files.has(key)) this.files.set(key, this.load(path, from));
    return this.files.get(key);
  }

  private load(path: string, from: Sourced): DocumentFile | undefined {
    try {
      const file = this.overlays.apply(parseFile(path, readText(path)));
      this.displayed.set(path, file);
      return file;
    } catch (error) {
      if (!(error instanceof GatewayConfigurationError)) throw error;
      for (const problem of error.problems) {
        const at = problem.code === 'FILE_UNREADABLE' ? this.locate(from) : problem.at;
        this.faults.set(`${problem.code} ${at} ${problem.message}`, { ...problem, at });
      }
      return undefined;
    }
  }

  private fault(code: string, from: Sourced, message: string): undefined {
    const at = this.locate(this.child(from, '$ref'));
    const remedy =
      code === 'REMOTE_REFERENCE'
        ? 'keep a copy beside the document and refer to that: synthesis reads no network'
        : 'mend the reference, or define what it names';
    this.faults.set(`${code} ${at}`, { code, at, message, remedy });
    return undefined;
  }
}

/** Reads a file; throws a `GatewayConfigurationError` if it cannot. */
export function readText(path: string): string {
  try {
    // strict, and without a byte order mark: what is replaced in silence could be a name
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    const isCoded = typeof error === 'object' && error !== null && 'code' in error;
    const reason = isCoded ? String(error.code) : 'unreadable';
    if (reason === 'ERR_ENCODING_INVALID_ENCODED_DATA') throw new GatewayConfigurationError([notUtf8(path)]);

    throw new GatewayConfigurationError([
      {
        code: 'FILE_UNREADABLE',
        at: `${path}:1:1`,
        message: `cannot read ${JSON.stringify(path)}: ${reason === 'ENOENT' ? 'there is no such file' : reason}`,
        remedy: 'give the path of a file that is there, relative to the current folder or absolute',
      },
    ]);
  }
}

function notUtf8(path: string): Problem {
  return {
    code: 'FILE_UNREADABLE',
    at: `${path}:1:1`,
    message: `${JSON.stringify(path)} is not UTF-8`,
    remedy: 'save it as UTF-8, as JSON and OpenAPI demand',
  };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
