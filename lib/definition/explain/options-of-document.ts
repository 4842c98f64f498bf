import type { CompileOptions } from '../compile-options';
import { SettingsReader } from '../inherit-settings';
import { asObject } from '../json-pointer';
import type { OpenApiDocument } from '../open-api-document';
import { listOperations } from '../operation';
import { Report } from '../report';

/** Names a backend where the document leaves it to the gateway's props. */
const ONLY_BACKEND = 'service';

/**
 * What to compile a document with that stands alone, without the props of its gateway: every security scheme it
 * defines and names, and every backend it names; `known` are the gateway's, where the document names none.
 */
export function optionsOfDocument(
  document: OpenApiDocument,
  known: readonly string[] = [ONLY_BACKEND],
): CompileOptions {
  const source = document._source;
  const operations = listOperations(source);
  const defined = asObject(source.child(source.root, 'components', 'securitySchemes').value) ?? {};
  const schemes = [source.root, ...operations.map(({ node }) => node)]
    .flatMap((node) => asList(source.child(node, 'security').value))
    .flatMap((alternative) => Object.keys(asObject(alternative) ?? {}));

  // what is wrong with a setting is reported when the document is compiled
  const reader = new SettingsReader(source, new Report(source));
  const backends = operations.flatMap((operation) => reader.settingsOf(operation).backend?.value ?? []);
  return {
    // one that nobody defines is reported where it is named
    authentication: [...new Set(schemes)].filter((name) => Object.hasOwn(defined, name)),
    backends: backends.length > 0 ? [...new Set(backends)] : known,
  };
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
