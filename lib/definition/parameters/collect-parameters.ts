import { isReservedHeader } from '../../protocol/identity-headers';
import type { ParameterRule } from '../../protocol/parameter-rules';
import { FindingSeverity } from '../report';
import type { Sourced } from '../source';
import type { ParameterContext } from './context';

/** A parameter object of the document, with what identifies it. */
export interface DeclaredParameter {
  /** Headers in lower case: their names are compared so. */
  readonly name: string;
  readonly in: ParameterRule['in'];
  readonly node: Sourced;
}

const PLACES: readonly string[] = ['path', 'query', 'header', 'cookie'] satisfies ParameterRule['in'][];

/** OpenAPI: "If `in` is header and the name field is Accept, Content-Type or Authorization, the parameter definition SHALL be ignored." */
const IGNORED_HEADERS: readonly string[] = ['accept', 'content-type', 'authorization'];

/** Parameters of path item and operation; the operation's win over the path item's of same name and place. */
export function collectParameters(
  pathItem: Sourced,
  operation: Sourced,
  context: ParameterContext,
): DeclaredParameter[] {
  const inherited = readList(pathItem, context);
  const own = readList(operation, context);
  return [...new Map([...inherited, ...own].map((each) => [identity(each), each])).values()];
}

function readList(holder: Sourced, context: ParameterContext): DeclaredParameter[] {
  const { source, report, operation } = context;
  const list = source.child(holder, 'parameters');
  if (!Array.isArray(list.value)) return [];

  const seen = new Set<string>();
  const parameters: DeclaredParameter[] = [];
  for (const index of list.value.keys()) {
    const parameter = readParameter(source.deref(source.child(list, index)), context);
    if (parameter === undefined) continue;
    if (seen.has(identity(parameter))) {
      report.problem(
        'DUPLICATE_PARAMETER',
        parameter.node,
        `${operation}: ${parameter.in} parameter '${parameter.name}' is declared twice in one list`,
        'keep one of the two declarations',
      );
    }
    seen.add(identity(parameter));
    parameters.push(parameter);
  }
  return parameters;
}

function readParameter(node: Sourced, { source, report, operation, identityNames }: ParameterContext) {
  const name = source.child(node, 'name').value;
  const place = source.child(node, 'in').value;
  // a reference that leads nowhere was reported by the loader
  if (node.value === undefined) return undefined;

  if (typeof name !== 'string' || name === '' || !isPlace(place)) {
    report.problem(
      'INVALID_PARAMETER',
      node,
      `${operation}: a parameter needs a 'name' and an 'in', got ${JSON.stringify({ name, in: place })}`,
      `write 'in' as one of ${PLACES.join(', ')}`,
    );
    return undefined;
  }

  if (place === 'header' && IGNORED_HEADERS.includes(name.toLowerCase())) {
    report.finding(node, {
      code: 'HEADER_PARAMETER_IGNORED',
      severity: FindingSeverity.INFO,
      operation,
      message: `header parameter '${name}' means nothing to OpenAPI and is not enforced`,
      remedy: "describe it by 'security', by the request body's media types or by the responses'",
    });
    return undefined;
  }
  if (place === 'header' && isReservedHeader(name, identityNames)) {
    report.finding(node, {
      code: 'RESERVED_HEADER',
      severity: FindingSeverity.WARNING,
      operation,
      message: `header parameter '${name}' is the gateway's to set: the service gets it, and a request that brings one is refused`,
      remedy: "describe it as no parameter, or give the gateway other 'identityHeaders' if callers send it",
    });
    return undefined;
  }
  return { name: place === 'header' ? name.toLowerCase() : name, in: place, node };
}

function isPlace(place: unknown): place is ParameterRule['in'] {
  return typeof place === 'string' && PLACES.includes(place);
}

function identity(parameter: DeclaredParameter): string {
  return `${parameter.in} ${parameter.name}`;
}
