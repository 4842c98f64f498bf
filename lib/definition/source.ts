/**
 * A value of the document, and where it stands.
 *
 * Passes read the document through these, so that every problem and finding can name file, line and column.
 */
export interface Sourced<T = unknown> {
  readonly value: T;

  /** Path of the file as the user wrote it, or as reached by `$ref`. */
  readonly file: string;

  /** JSON Pointer (RFC 6901) within the file, `''` for the whole. */
  readonly pointer: string;
}

/** The loaded document, all its files. */
export interface DocumentSource {
  readonly root: Sourced;

  /** OpenAPI version of the root, which decides the schema dialect: `nullable` or JSON Schema 2020-12. */
  readonly dialect: '3.0' | '3.1';

  /**
   * What `reference` names, seen from `from`'s file; a chain of references is followed to its end.
   * Undefined if it cannot be resolved, which the loader has then reported already.
   */
  resolve(reference: string, from: Sourced): Sourced | undefined;

  /** The member of an object or the element of an array; its value is undefined where there is none. */
  child(node: Sourced, ...keys: readonly (string | number)[]): Sourced;

  /** Follows `$ref`s of `node` if it is a reference object, else answers `node`. */
  deref(node: Sourced): Sourced;

  /** `file:line:column` of a node (of its nearest ancestor that exists). */
  locate(node: Pick<Sourced, 'file' | 'pointer'>): string;
}
