import type { EdgeOperation } from './edge-operation';
import { ANYTHING, hasVariable, pathPatterns } from './path-pattern';
import { Route, RoutesByMethod } from './precedence';
import { all, any, anyOf, equals, METHOD, matches, not, type Statement, URI_PATH } from './statement';

/**
 * True of requests to one of the operations whose path is written plainly.
 *
 * Use it for permissions: who writes the path in another way does without.
 */
function plainlyTo(operations: readonly EdgeOperation[], prefixes: readonly string[]) {
  return toOperations(operations, (paths) =>
    pathPatterns(paths, prefixes).map((pattern) => matches(URI_PATH, pattern)),
  );
}

/**
 * True of requests to one of the operations, however their path is encoded.
 *
 * Use it for refusals. The path is looked at as it came and decoded: `/%61dmin` must not slip by as itself,
 * nor `/admin/a%2Fb` by being decoded, nor `/%61dmin/a%2Fb` by both.
 */
export function inAnyWayTo(operations: readonly EdgeOperation[], prefixes: readonly string[]) {
  return toOperations(operations, (paths) => [
    ...pathPatterns(paths, prefixes).flatMap((pattern) => [
      matches(URI_PATH, pattern),
      matches(URI_PATH, pattern, 'URL_DECODE', 'NORMALIZE_PATH'),
    ]),
    ...hidingSegments(paths.filter(hasVariable), prefixes),
  ]);
}

/**
 * True of requests to none of the operations; nothing if there is none. A path that reads as `/files/{name}` may be
 * that of `/files/index`, one of the `others`; what is among both is one of the operations.
 */
export function elsewhereThan(
  operations: readonly EdgeOperation[],
  others: readonly EdgeOperation[],
  prefixes: readonly string[],
): Statement | undefined {
  const meant = plainlyTo(operations, prefixes);
  if (!meant) return undefined;

  const routes = operations.map((operation) => new Route(operation));
  const byMethod = new RoutesByMethod(routes);
  const own = new Set(operations.map(nameOf));
  const named = new Map(others.map((other) => [nameOf(other), other]));
  const nearer = [...named].flatMap(([name, other]) =>
    !own.has(name) && byMethod.follow(new Route(other, prefixes)) ? [other] : [],
  );
  const plain: EdgeOperation[] = [];
  const statements = nearer.flatMap((other): Statement[] => {
    const route = new Route(other);
    const nearest = plainlyTo(
      operations.filter((_, index) => routes[index]?.comesBefore(route)),
      prefixes,
    );
    // those that nothing comes before share their expressions
    if (!nearest) plain.push(other);
    const reached = nearest && inAnyWayTo([other], prefixes);
    return reached ? [all(reached, not(nearest))] : [];
  });
  const reached = inAnyWayTo(plain, prefixes);

  return any(not(meant), ...(reached ? [reached] : []), ...statements);
}

function nameOf({ method = '', path }: EdgeOperation): string {
  return `${method.toUpperCase()} ${path}`;
}

/** A slash within a segment, or a segment of dots: where decoding and normalizing make other segments of them. */
const HIDING = '%2[fF]|/(\\.|%2[eE]){1,2}(/|$)';

/** In a decoded path that hid slashes or dots, a variable may hold any number of segments. */
function hidingSegments(paths: readonly string[], prefixes: readonly string[]): readonly Statement[] {
  return pathPatterns(paths, prefixes, ANYTHING).map((pattern) =>
    all(matches(URI_PATH, HIDING), matches(URI_PATH, pattern, 'URL_DECODE')),
  );
}

function toOperations(
  operations: readonly EdgeOperation[],
  toStatements: (paths: readonly string[]) => readonly Statement[],
): Statement | undefined {
  const groups = [...pathsByMethods(operations)].flatMap(([methods, paths]) => {
    const path = anyOf(toStatements(paths));
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
    const group = paths.get(key) ?? [];
    paths.set(key, group);
    group.push(path);
  }

  return paths;
}
