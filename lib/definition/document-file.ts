import { type Document, isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { GatewayConfigurationError, type Problem } from '../errors';
import { countKeys, duplicateKeys, type JsonPosition, jsonPosition } from './json-positions';

/** Deeper documents are refused: no honest one is, and every pass would have to fear for its stack. */
export const MAXIMUM_DEPTH = 256;

/** One parsed file of the document. */
export interface DocumentFile {
  /** As the user wrote it, or as reached by `$ref`. */
  readonly path: string;
  readonly value: unknown;
  /** `file:line:column` of the value at these reference tokens, or of its nearest ancestor that exists. */
  locate(tokens: readonly string[]): string;
}

/** Parses JSON or YAML; throws a `GatewayConfigurationError` that names each fault of the text. */
export function parseFile(path: string, text: string): DocumentFile {
  return parseJson(path, text) ?? parseYaml(path, text);
}

function parseJson(path: string, text: string): DocumentFile | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;

  const value = jsonValue(text);
  if (value === undefined) return undefined; // YAML's parser says where the fault is

  const keys = requireSafe(value, path);
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
  const place = (offset: number) => placeOf(path, lines, offset);
  // the parser keeps the last of two equal keys and says nothing
  if (keys < countKeys(text)) {
    throwAll(
      duplicateKeys(text).map(({ key, offset }) => ({
        code: 'DUPLICATE_KEY',
        at: place(offset),
        message: `key ${JSON.stringify(key)} appears twice in one object`,
        remedy: 'keep one of them: readers disagree on which one counts',
      })),
    );
  }
  const root = jsonPosition(text);
  return { path, value, locate: (tokens) => place(positionAt(root, tokens).offset) };
}

function jsonValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function positionAt(root: JsonPosition, tokens: readonly string[]): JsonPosition {
  let position = root;
  for (const token of tokens) {
    const next = position.members.get(token);
    if (!next) return position;
    position = next;
  }
  return position;
}

function parseYaml(path: string, text: string): DocumentFile {
  const lineCounter = new LineCounter();
  const place = (offset: number) => placeOf(path, lineCounter, offset);
  try {
    const document = parseDocument(text, { lineCounter, merge: true, stringKeys: true, prettyErrors: false });
    throwAll(
      document.errors.map(({ code, message, pos }) => ({
        code: code === 'DUPLICATE_KEY' ? 'DUPLICATE_KEY' : 'SYNTAX',
        at: place(pos[0]),
        message: `not valid YAML: ${firstLine(message)}`,
        remedy: 'mend the syntax',
      })),
    );
    const value: unknown = document.toJS();
    requireSafe(value, path);
    return { path, value, locate: (tokens) => place(yamlOffset(document, tokens)) };
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

/** Offset of the value at these tokens, or of its nearest ancestor; of the key where there is one. */
function yamlOffset(document: Document, tokens: readonly string[]): number {
  let node: unknown = document.contents;
  let offset = startOf(node);
  for (const token of tokens) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === token);
      if (!isPair(pair)) return offset;
      offset = startOf(pair.value) || startOf(pair.key) || offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(token)];
      if (node === undefined) return offset;
      offset = startOf(node) || offset;
    } else return offset;
  }
  return offset;
}

function startOf(node: unknown): number {
  if (typeof node !== 'object' || node === null || !('range' in node)) return 0;
  return Array.isArray(node.range) ? Number(node.range[0]) : 0;
}

function placeOf(path: string, lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${path}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
}

/**
 * Refuses what later passes would have to fear: depth, for their stack, and the one key that changes an
 * object's prototype. Answers the number of keys.
 */
export function requireSafe(value: unknown, path: string, depth = 0): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth > MAXIMUM_DEPTH) {
    refuse(
      path,
      'TOO_DEEP',
      `nested deeper than ${MAXIMUM_DEPTH} levels`,
      'name inner schemas under components and refer to them',
    );
  }
  if (Array.isArray(value)) {
    let keys = 0;
    for (const element of value) keys += requireSafe(element, path, depth + 1);
    return keys;
  }
  if (Object.hasOwn(value, '__proto__')) {
    refuse(
      path,
      'UNSAFE_KEY',
      "an object has the key '__proto__'",
      'rename it: JavaScript gives it a meaning of its own',
    );
  }
  const members = Object.values(value);
  let keys = members.length;
  for (const element of members) keys += requireSafe(element, path, depth + 1);
  return keys;
}

function refuse(path: string, code: string, message: string, remedy: string): never {
  throw new GatewayConfigurationError([{ code, at: `${path}:1:1`, message, remedy }]);
}

function throwAll(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new GatewayConfigurationError(problems);
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? '';
}
