import { isObject, type Json, listOf, objectOf, textOf } from '../template/read';
import { type Contents, scoped } from './fields';

/** AWS takes paths of at most 512 characters. */
const LONGEST_PATH = 1024;

interface Found {
  readonly name: string;
  readonly value: unknown;
  readonly path: string;
}

/**
 * Names and values of a JSON body, as the match pattern and scope ask for.
 *
 * AWS parses a broken body up to its fault unless a fallback is set; here it is then read as text, which finds
 * at least as much.
 */
export function jsonContents(bytes: string, settings: Json): Contents {
  let document: unknown;
  try {
    document = JSON.parse(Buffer.from(bytes, 'latin1').toString('utf8'));
  } catch {
    const fallback = textOf(settings['InvalidFallbackBehavior']) ?? 'EVALUATE_AS_STRING';
    return fallback === 'EVALUATE_AS_STRING'
      ? { values: [{ bytes }] }
      : { values: [], decided: fallback === 'MATCH' };
  }
  const pattern = objectOf(settings['MatchPattern']);
  const paths = isObject(pattern['All']) ? undefined : listOf(pattern['IncludedPaths']).map(String);
  const scope = textOf(settings['MatchScope']) ?? 'ALL';

  return {
    values: walk(document, paths !== undefined)
      .filter((found) => included(found.path, paths))
      .flatMap((found) => texts(found, scope))
      .map((text) => ({ bytes: text })),
  };
}

/** Every member and element, without recursion: a body may be nested as deep as it is long. */
function walk(document: unknown, withPaths: boolean): Found[] {
  const found: Found[] = [];
  const waiting: Found[] = [{ name: '', value: document, path: '' }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    found.push(next);
    const { value, path } = next;
    if (typeof value !== 'object' || value === null) continue;
    const isList = Array.isArray(value);
    for (const [key, inner] of Object.entries(value)) {
      waiting.push({ name: isList ? '' : key, value: inner, path: withPaths ? below(path, key) : '' });
    }
  }

  return found;
}

/** Deeper than any path that can be asked for, the parent's path will do: it is within all that it is within. */
function below(path: string, key: string): string {
  if (path.length + key.length > LONGEST_PATH) return path;

  return `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function included(path: string, paths: readonly string[] | undefined): boolean {
  return !paths || paths.some((wanted) => path === wanted || path.startsWith(`${wanted}/`));
}

function texts({ name, value }: Found, scope: string): string[] {
  const isScalar = typeof value !== 'object' || value === null;
  const bytes = (text: string) => Buffer.from(text, 'utf8').toString('latin1');
  const all = scoped(scope, bytes(name), isScalar ? bytes(String(value)) : '');

  return all.filter((text) => text !== '');
}
