/** A declared path as the gateway will have it. */
export interface GatewayPath {
  readonly path: string;
  /** Names of its variables, in order. */
  readonly variables: readonly string[];
  /** Declared names by the gateway's, where they differ. */
  readonly declaredNames: Readonly<Record<string, string>>;
}

interface Branch {
  readonly children: Map<string, Branch>;
  variable?: { readonly name: string; readonly branch: Branch };
}

const VARIABLE = /^\{(.+)\}$/;

/**
 * Gives variables that stand at the same place of several paths one name, that of the first path: API Gateway
 * refuses `/a/{x}` beside `/a/{y}/b` (aws-facts 13.7).
 */
export function unifyPaths(paths: readonly string[]): ReadonlyMap<string, GatewayPath> {
  const root: Branch = { children: new Map() };
  return new Map(paths.map((path) => [path, unify(path, root)]));
}

function unify(path: string, root: Branch): GatewayPath {
  const variables: string[] = [];
  // no prototype: a variable may be called `constructor`
  const declaredNames: Record<string, string> = Object.create(null);
  let branch = root;
  const segments = path
    .slice(1)
    .split('/')
    .map((segment) => {
      const declared = VARIABLE.exec(segment)?.[1];
      if (declared === undefined) {
        branch = below(branch, segment);
        return segment;
      }
      branch.variable ??= { name: unused(declared, variables), branch: { children: new Map() } };
      const { name } = branch.variable;
      branch = branch.variable.branch;
      variables.push(name);
      if (name !== declared) declaredNames[name] = declared;
      return `{${name}}`;
    });
  return { path: `/${segments.join('/')}`, variables, declaredNames };
}

/** What stands behind a part of some path, by that part, which ends with a slash. */
export type FixedTexts = ReadonlyMap<string, ReadonlySet<string>>;

/** Reads all paths once: each path asks for its own part of the answer. */
export function readFixedTexts(paths: Iterable<string>): FixedTexts {
  const texts = new Map<string, Set<string>>();
  for (const path of paths) {
    let before = '/';
    for (const segment of path.slice(1).split('/')) {
      if (segment !== '' && !VARIABLE.test(segment)) {
        texts.set(before, (texts.get(before) ?? new Set()).add(segment));
      }
      before += `${segment}/`;
    }
  }
  return texts;
}

/** By variable of a path, what other paths have in its place. */
export function fixedTextsBeside(
  { path, variables }: Pick<GatewayPath, 'path' | 'variables'>,
  texts: FixedTexts,
): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    variables.flatMap((name): [string, readonly string[]][] => {
      const beside = texts.get(path.slice(0, path.indexOf(`/{${name}}`) + 1));
      return beside ? [[name, [...beside]]] : [];
    }),
  );
}

function below(branch: Branch, segment: string): Branch {
  const next = branch.children.get(segment) ?? { children: new Map() };
  branch.children.set(segment, next);
  return next;
}

/** A name no variable further up has already. */
function unused(name: string, taken: readonly string[]): string {
  return taken.includes(name) ? unused(`${name}_`, taken) : name;
}
