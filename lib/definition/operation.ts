import { asObject } from './json-pointer';
import type { DocumentSource, Sourced } from './source';

/** Methods a path item may have, in lower case as there. */
export const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;

/** One operation of the document, as declared. */
export interface Operation {
  /** In upper case. */
  readonly method: string;
  /** As declared. */
  readonly path: string;
  /** `METHOD path`, for people. */
  readonly name: string;
  readonly pathItem: Sourced;
  readonly node: Sourced;
}

/** The operations of a document, in its order. */
export function listOperations(source: DocumentSource): Operation[] {
  const paths = source.child(source.root, 'paths');
  return Object.keys(asObject(paths.value) ?? {})
    .filter((path) => !path.startsWith('x-'))
    .flatMap((path) => {
      const pathItem = source.deref(source.child(paths, path));
      return METHODS.filter((method) => asObject(source.child(pathItem, method).value)).map((key) => {
        const method = key.toUpperCase();
        return { method, path, name: `${method} ${path}`, pathItem, node: source.child(pathItem, key) };
      });
    });
}
