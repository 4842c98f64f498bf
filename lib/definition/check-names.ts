import type { CompileOptions } from './compile-options';
import type { CompiledOperation } from './compiled-operation';
import type { Operation } from './operation';
import type { Report } from './report';
import type { SecurityScheme } from './security-schemes';
import type { DocumentSource, Sourced } from './source';
import { choice, suggestion } from './suggestion';

/** Reports names given in the props that the document has no use for: more likely misspelt than superfluous. */
export function checkUnusedNames(
  operations: readonly CompiledOperation[],
  schemes: ReadonlyMap<string, SecurityScheme | undefined>,
  { authentication, backends }: CompileOptions,
  source: DocumentSource,
  report: Report,
): void {
  for (const name of authentication) {
    if (schemes.has(name)) continue;
    report.problem(
      'AUTHENTICATION_WITHOUT_SCHEME',
      source.child(source.root, 'components', 'securitySchemes'),
      `'authentication' has ${JSON.stringify(name)}, but the document defines no such security scheme${suggestion(name, [...schemes.keys()])}`,
      `${choice('name it', [...schemes.keys()])}define it there or remove it here`,
    );
  }
  const used = new Set(operations.map(({ backend }) => backend));
  // where one is to be named still, none is known to be superfluous
  if (used.has('')) return;
  for (const name of backends) {
    if (used.has(name)) continue;
    report.problem(
      'UNUSED_BACKEND',
      source.root,
      `'backends' has ${JSON.stringify(name)}, but no operation goes there${suggestion(name, [...used])}`,
      "name it by 'x-gateway: { backend: … }', or remove it",
    );
  }
}

/** Reports ids that two operations share. One without `operationId` has its method and path for an id. */
export function checkOperationIds(
  operations: readonly Operation[],
  source: DocumentSource,
  report: Report,
): void {
  const first = new Map<string, Sourced>();
  for (const operation of operations) {
    const given = source.child(operation.node, 'operationId');
    const [id, node] =
      typeof given.value === 'string' ? [given.value, given] : [operation.name, operation.node];
    const earlier = first.get(id);
    if (!earlier) {
      first.set(id, node);
      continue;
    }
    report.problem(
      'DUPLICATE_OPERATION_ID',
      node,
      `${operation.name} has the operationId ${JSON.stringify(id)} of the operation at ${source.locate(earlier)}`,
      'give each operation an id of its own',
    );
  }
}

/** Reports operations that are the same to API Gateway: it knows variables by their place, not by their name. */
export function checkSamePaths(operations: readonly CompiledOperation[], report: Report): void {
  const first = new Map<string, CompiledOperation>();
  for (const compiled of operations) {
    const { operation, gatewayPath } = compiled;
    const key = `${operation.method} ${gatewayPath.path}`;
    const earlier = first.get(key);
    if (!earlier) {
      first.set(key, compiled);
      continue;
    }
    report.problem(
      'SAME_PATH',
      operation.node,
      `${operation.name} and ${earlier.operation.name} are one path to API Gateway: they differ in the name of a variable only`,
      'merge them, or let their paths differ in text',
    );
  }
}

/** Reports methods that cannot be served. */
export function checkMethods(operations: readonly Operation[], report: Report): void {
  for (const { method, name, node } of operations) {
    if (method !== 'TRACE') continue;
    report.problem(
      'METHOD_NOT_SUPPORTED',
      node,
      `${name}: API Gateway has no TRACE, which would show callers the headers the gateway adds`,
      'remove the operation',
    );
  }
}

/** Reports a document that describes nothing to serve. */
export function requireOperations(
  operations: readonly Operation[],
  source: DocumentSource,
  report: Report,
): void {
  if (operations.length > 0) return;

  report.problem(
    'NO_OPERATIONS',
    source.child(source.root, 'paths'),
    'the document describes no operation',
    "describe at least one under 'paths'",
  );
}
