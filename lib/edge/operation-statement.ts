import type { EdgeOperation } from './edge-operation';
import { pathPatterns } from './path-pattern';
import { all, any, anyOf, equals, METHOD, matches, type Statement, URI_PATH } from './statement';

/**
 * True of requests to one of the operations whose path is written plainly.
 *
 * Use it for permissions: who writes the path in another way does without.
 */
export function plainlyTo(operations: readonly EdgeOperation[], prefixes: readonly string[]) {
  return toOperations(operations, prefixes, (pattern) => [matches(URI_PATH, pattern)]);
}

/**
 * True of requests to one of the operations, however their path is encoded.
 *
 * Use it for refusals. The path is looked at as it came and decoded: `/%61dmin` must not slip by as itself,
 * nor `/admin/a%2Fb` by being decoded.
 */
export function inAnyWayTo(operations: readonly EdgeOperation[], prefixes: readonly string[]) {
  return toOperations(operations, prefixes, (pattern) => [
    matches(URI_PATH, pattern),
    matches(URI_PATH, pattern, 'URL_DECODE', 'NORMALIZE_PATH'),
  ]);
}

function toOperations(
  operations: readonly EdgeOperation[],
  prefixes: readonly string[],
  toStatements: (pattern: string) => readonly Statement[],
): Statement | undefined {
  const groups = [...pathsByMethods(operations)].flatMap(([methods, paths]) => {
    const path = anyOf(pathPatterns(paths, prefixes).flatMap(toStatements));
    if (!path) return [];

    return methods === '' ? [path] : [all(anyMethod(methods.split(' ')), path)];
  });

  return anyOf(groups);
}

function anyMethod(methods: readonly string[]): Statement {
  const [first = '', ...rest] = methods;

  return any(equals(METHOD, first), ...rest.map((method) => equals(METHOD, method)));
}

/** Paths by the methods they share, so that one expression serves many of them; `''` is any method. */
function pathsByMethods(operations: readonly EdgeOperation[]): Map<string, string[]> {
  const methodsByPath = new Map<string, Set<string>>();
  for (const { method, path } of operations) {
    const methods = methodsByPath.get(path) ?? new Set();
    methodsByPath.set(path, methods.add(method?.toUpperCase() ?? ''));
  }

  const paths = new Map<string, string[]>();
  for (const [path, methods] of methodsByPath) {
    const key = methods.has('') ? '' : [...methods].sort().join(' ');
    paths.set(key, [...(paths.get(key) ?? []), path]);
  }

  return paths;
}
