import type { DocumentSource, Sourced } from '../../../lib/definition/source';

/** A document that is one value, without a file. */
export function documentInMemory(value: unknown, dialect: '3.0' | '3.1' = '3.1'): DocumentSource {
  const root: Sourced = { value, file: 'openapi.json', pointer: '' };

  const child = (node: Sourced, ...keys: readonly (string | number)[]): Sourced =>
    keys.reduce<Sourced>(
      ({ value: parent, file, pointer }, key) => ({
        value: (parent as Record<string, unknown> | undefined)?.[key],
        file,
        pointer: `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`,
      }),
      node,
    );

  const resolve = (reference: string): Sourced | undefined => {
    if (!reference.startsWith('#')) return undefined;
    const segments = decodeURIComponent(reference).slice(2).split('/').filter(Boolean);
    return child(root, ...segments.map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~')));
  };

  const deref = (node: Sourced): Sourced => {
    const reference = (node.value as { $ref?: unknown } | undefined)?.$ref;
    return typeof reference === 'string' ? (resolve(reference) ?? node) : node;
  };

  return { root, dialect, resolve, child, deref, locate: ({ file, pointer }) => `${file}:${pointer}` };
}
