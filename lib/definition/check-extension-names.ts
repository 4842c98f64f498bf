import { distance } from 'fastest-levenshtein';
import { REDACT } from './gather-redactions';
import { asObject } from './json-pointer';
import type { Report } from './report';
import type { DocumentSource, Sourced } from './source';

/** The one extension a document may carry. */
export const EXTENSION = 'x-gateway';

/**
 * Reports names that were meant to be the extension: OpenAPI lets any `x-` pass, and a role demanded under a
 * misspelt name, or where nobody reads it, would be demanded of no one.
 */
export function checkExtensionNames(
  holder: Sourced,
  source: DocumentSource,
  report: Report,
  { readHere }: { readonly readHere: boolean },
): void {
  for (const key of Object.keys(asObject(holder.value) ?? {})) {
    if (!isMeant(key) || key === (readHere ? EXTENSION : REDACT)) continue;
    report.problem(
      'UNKNOWN_EXTENSION_KEY',
      source.child(holder, key),
      `${JSON.stringify(key)} is not read here, so what it demands is demanded of no one`,
      `write '${EXTENSION}: { … }', on the root, a path or an operation`,
    );
  }
}

/** Letters by which a name may differ from the extension that was meant. */
const NEAR = 2;

function isMeant(key: string): boolean {
  const plain = key.toLowerCase().replaceAll('_', '-');
  // lengths first: every key of a large document comes by here
  const near = Math.abs(plain.length - EXTENSION.length) <= NEAR && distance(plain, EXTENSION) <= NEAR;
  return near || plain.startsWith(EXTENSION);
}
