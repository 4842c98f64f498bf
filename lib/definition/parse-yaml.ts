import { type Document, isAlias, isMap, isPair, isScalar, isSeq, parseDocument } from 'yaml';
import { GatewayConfigurationError } from '../errors';
import { type DocumentFile, requireSafe } from './document-file';
import { Lines } from './lines';

/** Parses YAML; throws a `GatewayConfigurationError` that names each fault of the text. */
export function parseYaml(path: string, text: string): DocumentFile {
  const lines = new Lines(text);
  const place = (offset: number) => `${path}:${lines.at(offset)}`;
  try {
    const document = parseDocument(text, { merge: true, stringKeys: true, prettyErrors: false });
    requireFaultless(document, place);
    const value: unknown = document.toJS();
    requireSafe(value, path);
    return { path, value, locate: (tokens) => place(offsetOf(document, tokens)) };
  } catch (error) {
    if (error instanceof GatewayConfigurationError) throw error;
    // the parser throws on excessive aliases and overflows on excessive depth
    throw new GatewayConfigurationError([
      {
        code: 'SYNTAX',
        at: place(0),
        message: `cannot be read as YAML: ${error instanceof Error ? firstLine(error.message) : 'unknown fault'}`,
        remedy: 'nest less, and use fewer aliases',
      },
    ]);
  }
}

function requireFaultless({ errors }: Document, place: (offset: number) => string): void {
  if (errors.length === 0) return;

  throw new GatewayConfigurationError(
    errors.map(({ code, message, pos }) => ({
      code: code === 'DUPLICATE_KEY' ? code : 'SYNTAX',
      at: place(pos[0]),
      message: `not valid YAML: ${firstLine(message)}`,
      remedy: 'mend the syntax',
    })),
  );
}

/** Offset of the value at these tokens, or of its nearest ancestor that exists. */
function offsetOf(document: Document, tokens: readonly string[]): number {
  let node: unknown = document.contents;
  let offset = startOf(node);
  for (const token of tokens) {
    if (isAlias(node)) node = node.resolve(document);
    const next = below(node, token);
    if (!next) return offset;
    offset = startOf(next.value) || startOf(next.key) || offset;
    node = next.value;
  }
  return offset;
}

function below(
  node: unknown,
  token: string,
): { readonly key?: unknown; readonly value: unknown } | undefined {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === token);
    return isPair(pair) ? pair : undefined;
  }
  if (!isSeq(node)) return undefined;
  const value: unknown = node.items[Number(token)];
  return value === undefined ? undefined : { value };
}

function startOf(node: unknown): number {
  if (typeof node !== 'object' || node === null || !('range' in node)) return 0;
  return Array.isArray(node.range) ? Number(node.range[0]) : 0;
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? '';
}
