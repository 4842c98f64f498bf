import { GatewayConfigurationError } from '../../errors';
import { asObject, member } from '../json-pointer';
import type { OpenApiDocument } from '../open-api-document';
import { listOperations, type Operation } from '../operation';
import type { DocumentSource } from '../source';
import { listed, shown } from '../suggestion';
import { unifyPaths } from '../unify-paths';
import type { GatewayValues } from './gateway-values';
import { optionsOfDocument } from './options-of-document';

/** So many names tell two APIs apart. */
const NAMED = 3;

/**
 * Throws a `GatewayConfigurationError` unless `values` are of a gateway that was made from this document: beside the
 * rules of one API, the values of another would be taken for its own.
 */
export function requireSameApi(document: OpenApiDocument, values: GatewayValues): void {
  const differences = differencesOf(document, values);
  if (differences.length === 0) return;

  const source = document._source;
  throw new GatewayConfigurationError([
    {
      code: 'OTHER_API',
      at: source.locate(source.root),
      message: `the gateway of the template was not made from this document: ${differences.join('; ')}`,
      remedy:
        'give the document and the overlays that its app reads, or the template of another stack, and synthesize anew after a change',
    },
  ]);
}

function differencesOf(document: OpenApiDocument, { api, backends, schemes }: GatewayValues): string[] {
  const source = document._source;
  const info = source.child(source.root, 'info').value;
  const operations = listOperations(source);
  const known = Object.keys(backends);
  return [
    ...changed('title', member(info, 'title'), api.title),
    ...changed('version', member(info, 'version'), api.version),
    ...lacking('operation', importedNames(operations), api.operations),
    ...lacking('security scheme', schemesOf(operations, source), Object.keys(schemes)),
    ...lacking('backend', optionsOfDocument(document, known).backends, known),
  ];
}

function changed(what: string, own: unknown, other: string): string[] {
  return String(own) === other
    ? []
    : [`its ${what} is ${shown(other)}, the document's ${shown(String(own))}`];
}

function lacking(what: string, own: readonly string[], others: readonly string[]): string[] {
  const missing = own.filter((name) => !others.includes(name));
  if (missing.length === 0) return [];
  const more = missing.length > NAMED ? `, and ${missing.length - NAMED} more` : '';
  return [`it has no ${what} ${listed(missing.slice(0, NAMED))}${more}`];
}

function importedNames(operations: readonly Operation[]): string[] {
  const paths = unifyPaths([...new Set(operations.map(({ path }) => path))]);
  return operations.map(({ method, path }) => `${method} ${paths.get(path)?.path}`);
}

/** Those that some operation takes: one of the root alone needs no partner. */
function schemesOf(operations: readonly Operation[], source: DocumentSource): string[] {
  const ofRoot = source.child(source.root, 'security').value;
  const requirements = operations.flatMap(({ node }) => source.child(node, 'security').value ?? ofRoot ?? []);
  return [...new Set(requirements.flatMap((alternative) => Object.keys(asObject(alternative) ?? {})))];
}
