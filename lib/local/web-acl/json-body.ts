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
  const text = Buffer.from(bytes, 'latin1').toString('utf8');
  try {
    JSON.parse(text);
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
    values: walk(text, paths !== undefined)
      .filter((found) => included(found.path, paths))
      .flatMap((found) => texts(found, scope))
      .map((text) => ({ bytes: text })),
  };
}

/** Where in a document the next value belongs. */
interface Place {
  readonly isList: boolean;
  readonly path: string;
  name: string;
  index: number;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/**
 * Every member and element of a text that is JSON. Token by token: a name that comes twice has two values, of which a
 * service may take either, and a body may be nested as deep as it is long.
 */
function walk(text: string, withPaths: boolean): Found[] {
  const found: Found[] = [];
  const places: Place[] = [];
  const place = () => places.at(-1);
  const add = (value: unknown): string => {
    const { isList = false, name = '', index = 0, path: parent = '' } = place() ?? {};
    const path = withPaths && places.length > 0 ? below(parent, isList ? String(index) : name) : '';
    found.push({ name: isList ? '' : name, value, path });
    return path;
  };
  let isName = false;
  for (const [token] of text.matchAll(TOKEN)) {
    const here = place();
    if (token === '{' || token === '[') {
      const path = add({});
      places.push({ isList: token === '[', path, name: '', index: 0 });
      isName = token === '{';
    } else if (token === '}' || token === ']') {
      places.pop();
      isName = false;
    } else if (token === ',') {
      if (here) here.index += 1;
      isName = here?.isList === false;
    } else if (token !== ':') {
      const value: unknown = JSON.parse(token);
      if (isName && here) here.name = String(value);
      else add(value);
      isName = false;
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
