import { GatewayConfigurationError } from '../errors';
import { type DocumentFile, requireSafe } from './document-file';
import { countKeys, duplicateKeys, type JsonPosition, jsonPosition } from './json-positions';
import { Lines } from './lines';

/** Parses JSON; undefined if the text is none, in which case YAML's parser says where the fault is. */
export function parseJson(path: string, text: string): DocumentFile | undefined {
  const value = /^\s*[{[]/.test(text) ? jsonValue(text) : undefined;
  if (value === undefined) return undefined;

  const keys = requireSafe(value, path);
  const lines = new Lines(text);
  // the parser keeps the last of two equal keys and says nothing
  if (keys < countKeys(text)) {
    throw new GatewayConfigurationError(
      duplicateKeys(text).map(({ key, offset }) => ({
        code: 'DUPLICATE_KEY',
        at: `${path}:${lines.at(offset)}`,
        message: `key ${JSON.stringify(key)} appears twice in one object`,
        remedy: 'keep one of them: readers disagree on which one counts',
      })),
    );
  }
  const root = jsonPosition(text);
  return { path, value, locate: (tokens) => `${path}:${lines.at(positionAt(root, tokens).offset)}` };
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
