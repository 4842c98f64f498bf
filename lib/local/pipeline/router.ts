import type { MethodModel } from '../model/api';

/** The method a request is for, and its path parameters, as they were sent: still percent-encoded. */
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
    const methodOf = ({ methods }: Node) => methods.get(httpMethod) ?? methods.get('ANY');
    const found = find(this.root, segmentsOf(path), methodOf);
    return found && { method: found.method, pathParameters: Object.fromEntries(found.parameters) };
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

interface Found {
  readonly method: MethodModel;
  readonly parameters: Parameters;
}

/** The method for these segments, going back where a more special branch leads nowhere or lacks the method. */
function find(
  node: Node,
  segments: readonly string[],
  methodOf: (node: Node) => MethodModel | undefined,
  at = 0,
  parameters: Parameters = [],
): Found | undefined {
  const segment = segments[at];
  if (segment === undefined) return foundAt(methodOf(node), parameters);

  const fixed = node.fixed.get(decodePath(segment));
  const { variable, greedy } = node;
  return (
    (fixed && find(fixed, segments, methodOf, at + 1, parameters)) ??
    (variable && segment !== ''
      ? find(variable.node, segments, methodOf, at + 1, [...parameters, [variable.name, segment]])
      : undefined) ??
    (greedy && foundAt(methodOf(greedy.node), [...parameters, [greedy.name, segments.slice(at).join('/')]]))
  );
}

function foundAt(method: MethodModel | undefined, parameters: Parameters): Found | undefined {
  return method && { method, parameters };
}

/** Slashes in front and behind make no other resource; those in between do. */
function segmentsOf(path: string): readonly string[] {
  const trimmed = path.replace(/^\/+|\/+$/g, '');
  return trimmed === '' ? [] : trimmed.split('/');
}

/** A part of a path as it reads; one that cannot be decoded stays. */
export function decodePath(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function emptyNode(): Node {
  return { fixed: new Map(), methods: new Map() };
}
