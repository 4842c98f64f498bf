import { pathFault } from './check-path';
import type { CompiledOperation } from './compiled-operation';
import { FindingSeverity, type Report } from './report';
import { choice, listed, suggestion } from './suggestion';

/** Compares the variables of each path with the parameters described for it. */
export function checkPathParameters(operations: readonly CompiledOperation[], report: Report): void {
  for (const { operation, gatewayPath, parameters } of operations) {
    // what is a variable in a path that cannot be imported, nobody can tell
    if (pathFault(operation.path)) continue;
    const variables = gatewayPath.variables.map((name) => gatewayPath.declaredNames[name] ?? name);
    const described = parameters.filter((rule) => rule.in === 'path').map(({ name }) => name);
    for (const name of described.filter((candidate) => !variables.includes(candidate))) {
      report.problem(
        'PATH_PARAMETER_UNKNOWN',
        operation.node,
        `${operation.name} describes the path parameter ${JSON.stringify(name)}, which its path does not have${suggestion(name, variables)}, so every request would be refused`,
        `${choice('name it', variables)}remove the parameter`,
      );
    }
    const undescribed = variables.filter((name) => !described.includes(name));
    if (undescribed.length === 0) continue;
    report.finding(operation.node, {
      code: 'PATH_PARAMETER_UNDECLARED',
      severity: FindingSeverity.WARNING,
      operation: operation.name,
      message: `nothing describes the path variable ${listed(undescribed)}, so any value passes`,
      remedy: "describe it under 'parameters' with 'in: path'",
    });
  }
}
