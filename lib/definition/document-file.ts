import { GatewayConfigurationError } from '../errors';
import { parseJson } from './parse-json';
import { parseYaml } from './parse-yaml';

/** One parsed file of the document. */
export interface DocumentFile {
  /** As the user wrote it, or as reached by `$ref`. */
  readonly path: string;
  readonly value: unknown;
  /** `file:line:column` of the value at these reference tokens, or of its nearest ancestor that exists. */
  locate(tokens: readonly string[]): string;
}

/** Deeper documents are refused: no honest one is, and every pass would have to fear for its stack. */
export const MAXIMUM_DEPTH = 256;

/** Parses JSON or YAML; throws a `GatewayConfigurationError` that names each fault of the text. */
export function parseFile(path: string, text: string): DocumentFile {
  return parseJson(path, text) ?? parseYaml(path, text);
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
  if (!Array.isArray(value) && Object.hasOwn(value, '__proto__')) {
    refuse(
      path,
      'UNSAFE_KEY',
      "an object has the key '__proto__'",
      'rename it: JavaScript gives it a meaning of its own',
    );
  }
  const members: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  let keys = Array.isArray(value) ? 0 : members.length;
  for (const element of members) keys += requireSafe(element, path, depth + 1);
  return keys;
}

function refuse(path: string, code: string, message: string, remedy: string): never {
  throw new GatewayConfigurationError([{ code, at: `${path}:1:1`, message, remedy }]);
}
