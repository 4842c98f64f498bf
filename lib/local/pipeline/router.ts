import type { MethodModel } from '../model/api';

/** The method a request is for, and its path parameters, decoded. */
export interface Match {
  readonly method: MethodModel;
  readonly pathParameters: Readonly<Record<string, string>>;
}

interface Node {
  readonly fixed: Map<string, Node>;
  variable?: { readonly name: string; readonly node: Node };
  greedy?: { readonly name: string; readonly node: Node };
  readonly methods: Map<string, MethodModel>;
}

/** Finds methods as API Gateway does: a fixed segment before a variable, a variable before a greedy one. */
export class Router {
  private readonly root = emptyNode();

  constructor(methods: readonly MethodModel[]) {
    for (const method of methods) this.add(method);
  }

  /** Undefined for an unknown path, and for a known one without this method. */
  public match(httpMethod: string, path: string): Match | undefined {
    const found = find(this.root, segmentsOf(path), 0, []);
    const method = found?.node.methods.get(httpMethod) ?? found?.node.methods.get('ANY');
    return found && method && { method, pathParameters: Object.fromEntries(found.parameters) };
  }

  private add(method: MethodModel): void {
    let node = this.root;
    for (const segment of segmentsOf(method.resourcePath)) node = step(node, segment);
    node.methods.set(method.httpMethod, method);
  }
}

function step(node: Node, segment: string): Node {
  const [, name, plus] = /^\{([^}+]+)(\+?)\}$/.exec(segment) ?? [];
  if (name && plus) {
    node.greedy ??= { name, node: emptyNode() };
    return node.greedy.node;
  }
  if (name) {
    node.variable ??= { name, node: emptyNode() };
    return node.variable.node;
  }
  const next = node.fixed.get(segment) ?? emptyNode();
  node.fixed.set(segment, next);
  return next;
}

type Parameters = readonly (readonly [name: string, value: string])[];

/** The resource for these segments, going back where a more special branch leads nowhere. */
function find(
  node: Node,
  segments: readonly string[],
  at: number,
  parameters: Parameters,
): { readonly node: Node; readonly parameters: Parameters } | undefined {
  const segment = segments[at];
  if (segment === undefined) return node.methods.size > 0 ? { node, parameters } : undefined;

  const fixed = node.fixed.get(decode(segment));
  const { variable, greedy } = node;
  return (
    (fixed && find(fixed, segments, at + 1, parameters)) ??
    (variable && segment !== ''
      ? find(variable.node, segments, at + 1, [...parameters, [variable.name, decode(segment)]])
      : undefined) ??
    (greedy && {
      node: greedy.node,
      parameters: [...parameters, [greedy.name, segments.slice(at).map(decode).join('/')]],
    })
  );
}

function segmentsOf(path: string): readonly string[] {
  // one trailing slash does not make another resource
  const trimmed = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
  return trimmed
    .split('/')
    .slice(1)
    .filter((segment, index, all) => segment !== '' || index < all.length - 1);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function emptyNode(): Node {
  return { fixed: new Map(), methods: new Map() };
}
